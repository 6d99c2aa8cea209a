// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.DcsException;
import java.util.EnumSet;
import java.util.Set;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;

/** What may be concluded from each of ZooKeeper's error codes. */
final class Errors {
    /** The request was one of several that depend on what somebody else may change; nothing was written. */
    private static final Set<Code> LOST_RACE = EnumSet.of(Code.NODEEXISTS, Code.BADVERSION, Code.NONODE);

    /** Repeating the same request will not help. */
    private static final Set<Code> REFUSED = EnumSet.of(
            Code.AUTHFAILED,
            Code.NOAUTH,
            Code.INVALIDACL,
            Code.BADARGUMENTS,
            Code.UNIMPLEMENTED,
            Code.NOTEMPTY,
            Code.NOCHILDRENFOREPHEMERALS,
            Code.QUOTAEXCEEDED,
            Code.SESSIONCLOSEDREQUIRESASLAUTH);

    /** The server said that it did not take the request. */
    private static final Set<Code> NOT_TAKEN = EnumSet.of(Code.THROTTLEDOP, Code.SESSIONMOVED, Code.NOTREADONLY);

    private Errors() {}

    static boolean isLostRace(Code code) {
        return LOST_RACE.contains(code);
    }

    /**
     * The exception for a request that failed.
     *
     * @param doing what was tried and where, for people
     */
    static DcsException of(String doing, boolean writes, KeeperException cause) {
        Code code = cause.code();
        String message = doing + ": " + code + "; " + advice(code);
        if (REFUSED.contains(code)) {
            return new DcsException.Rejected(message, cause);
        }
        // Not even an expired session says that a write did not happen: the client uses the same code for requests that
        // were on their way when it gave its session up.
        return writes && !NOT_TAKEN.contains(code)
                ? new DcsException.OutcomeUnknown(message, cause)
                : new DcsException.Unreachable(message, cause);
    }

    private static String advice(Code code) {
        return switch (code) {
            case CONNECTIONLOSS, OPERATIONTIMEOUT, REQUESTTIMEOUT -> "check that the servers run and are reachable";
            case SESSIONEXPIRED -> "the next request opens a new session";
            case AUTHFAILED, NOAUTH, INVALIDACL, SESSIONCLOSEDREQUIRESASLAUTH -> "check credentials and ACLs";
            default -> "see the servers' log";
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.DcsException;
import java.util.EnumSet;
import java.util.Set;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;

/**
 * What may be concluded from what ZooKeeper says.
 *
 * <table>
 *   <caption>The error contract</caption>
 *   <tr><th>what happens</th><th>a read</th><th>a write</th><th>afterwards</th></tr>
 *   <tr><td>no connection (Disconnected) before a request is sent, servers that only read included, since they turn this
 *       client away</td><td>Unreachable, at the end of the verb's time</td><td>the same</td>
 *       <td>the client goes on to connect; its session and what it carries stand until the timeout</td></tr>
 *   <tr><td>the connection breaks with the request on its way (CONNECTIONLOSS), or no answer in time</td>
 *       <td>Unreachable</td><td>OutcomeUnknown</td><td>the same</td></tr>
 *   <tr><td>the session has expired (Expired, SESSIONEXPIRED), as the servers say, or as the client concludes when it has
 *       heard nothing for four thirds of the timeout</td><td>Unreachable</td><td>OutcomeUnknown</td>
 *       <td>a new session begins at once; a lock of the old one is Lost at the next renewal</td></tr>
 *   <tr><td>credentials are refused (AuthFailed, AUTHFAILED, SESSIONCLOSEDREQUIRESASLAUTH)</td><td>Rejected</td>
 *       <td>Rejected</td><td>nothing by itself; a verb a second later or more tries once again</td></tr>
 *   <tr><td>no permission (NOAUTH, INVALIDACL)</td><td>Rejected</td><td>Rejected</td><td>the session stays</td></tr>
 *   <tr><td>a name or value that ZooKeeper does not take (BADARGUMENTS and the like)</td><td>Rejected</td>
 *       <td>Rejected</td><td>the session stays</td></tr>
 *   <tr><td>the server says that it did not take the request (THROTTLEDOP, SESSIONMOVED, NOTREADONLY)</td>
 *       <td>Unreachable</td><td>Unreachable</td><td>the session stays</td></tr>
 *   <tr><td>a condition does not hold (NODEEXISTS, BADVERSION, NONODE)</td><td>nothing there</td>
 *       <td>a lost race, which is a value</td><td>the session stays</td></tr>
 *   <tr><td>any other code</td><td>Unreachable</td><td>OutcomeUnknown</td><td>the session stays</td></tr>
 *   <tr><td>a TLS handshake fails, which the client takes for a lost connection</td><td>Unreachable, naming the
 *       handshake's problem</td><td>the same</td><td>the client goes on to connect</td></tr>
 * </table>
 */
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
        String path = cause.getPath() == null ? "" : Call.shown(cause.getPath());
        String at = path.isEmpty() || doing.endsWith(" " + path) ? "" : " at " + path;
        String message = doing + ": " + code + at + "; " + advice(code);
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
            case AUTHFAILED, SESSIONCLOSEDREQUIRESASLAUTH ->
                "the servers refuse the credentials; check auth_data and the JAAS entry for SASL";
            case NOAUTH ->
                "no permission; check that auth_data, cert or SASL show who the znode's ACL names (getAcl tells), and"
                        + " set_acls";
            case INVALIDACL -> "check set_acls: the servers must know each scheme, and take its names";
            case BADARGUMENTS ->
                "names must be no longer than 4000 characters and hold no control character, no '.' alone and nothing"
                        + " beyond Unicode's basic plane";
            case NOCHILDRENFOREPHEMERALS -> "the znode above is ephemeral, made by a foreign client; delete it";
            case NOTEMPTY -> "a foreign client has put znodes below it; delete them";
            default -> "see the servers' log";
        };
    }
}

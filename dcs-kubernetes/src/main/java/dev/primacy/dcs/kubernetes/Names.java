// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import java.util.List;

/** Names of annotations: Patroni's, and our own, which Patroni leaves alone. */
final class Names {
    static final String LEADER = "leader";
    static final String TTL = "ttl";
    static final String RENEW_TIME = "renewTime";
    static final String ACQUIRE_TIME = "acquireTime";
    static final String TRANSITIONS = "transitions";
    /** Of the lock; any of them changes with each sign of life of its holder. */
    static final List<String> LOCK = List.of(LEADER, TTL, RENEW_TIME, ACQUIRE_TIME, TRANSITIONS);

    /** A member's record, on its pod. */
    static final String MEMBER = "status";

    private static final String OURS = "primacy.dev/";
    /** Session and term of a tenure of ours. */
    static final String TENURE = OURS + "tenure";
    /** Version of each record as we wrote it, and a hash that shows whether somebody else has changed it since. */
    static final String VERSIONS = OURS + "versions";
    /** Records that Patroni knows no place for. */
    static final String RECORDS = OURS + "records";
    /** The record of this object was deleted. */
    static final String DELETED = OURS + "deleted";
    /** Of a member: whose it is, and a count of signs of life. */
    static final String SESSION = OURS + "session";
    /** What a transaction will make of this object if it succeeds. */
    static final String INTENT = OURS + "intent";
    /** The last transaction that did. */
    static final String COMMITTED = OURS + "committed";
    /** Of an EndpointSlice: the term of the lock under which it was written last. */
    static final String TERM = OURS + "term";
    /** The last transaction that was stopped. */
    static final String STOPPED = OURS + "stopped";

    private Names() {}

    /** The text of a record whose parts alone do not give it back. */
    static String text(String record) {
        return OURS + record;
    }
}

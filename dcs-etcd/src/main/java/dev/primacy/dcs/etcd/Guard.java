// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import io.etcd.jetcd.api.ResponseHeader;
import java.util.Optional;

/**
 * Tells answers of this store from those of another cluster, of a member that was cut off, and of a store restored from a
 * backup, which would give terms again that it has given before. Only a new process forgets what was seen. May be used by
 * any thread.
 */
final class Guard {
    /** The cluster, and the highest raft term and revision of it, that linearizable answers have shown; 0 is none yet. */
    record Seen(long cluster, long term, long revision) {
        private Seen with(Seen other) {
            return new Seen(
                    cluster == 0 ? other.cluster : cluster,
                    Math.max(term, other.term),
                    Math.max(revision, other.revision));
        }
    }

    private Seen seen = new Seen(0, 0, 0);

    /** To be asked before a request is sent: answers to requests that were sent together may come in any order. */
    synchronized Seen seen() {
        return seen;
    }

    /**
     * What is wrong with a linearizable answer, if something is.
     *
     * @param before what was seen before the request was sent
     */
    synchronized Optional<String> check(Seen before, ResponseHeader header) {
        Optional<String> foreign = checkCluster(header);
        if (foreign.isPresent()) {
            return foreign;
        }
        if (header.getRaftTerm() < before.term || header.getRevision() < before.revision) {
            return Optional.of("it answers from revision " + header.getRevision() + " in raft term "
                    + header.getRaftTerm() + ", after revision " + before.revision + " in term " + before.term
                    + " was seen: a stale member, or a store restored from a backup; if it was restored on purpose,"
                    + " restart this program on all nodes");
        }
        seen = seen.with(new Seen(header.getClusterId(), header.getRaftTerm(), header.getRevision()));
        return Optional.empty();
    }

    /** As {@link #check}, for an answer that may lag behind. */
    synchronized Optional<String> checkCluster(ResponseHeader header) {
        long cluster = seen.cluster;
        return cluster == 0 || cluster == header.getClusterId()
                ? Optional.empty()
                : Optional.of("it belongs to cluster " + Long.toHexString(header.getClusterId()) + ", and "
                        + Long.toHexString(cluster) + " was seen before: a member of another cluster, or a store that"
                        + " was made anew; if that was on purpose, restart this program on all nodes");
    }
}

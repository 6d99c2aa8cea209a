// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Optional;

/**
 * A lease of etcd's, which carries what belongs to a session.
 *
 * @param ttl as granted
 * @param kept the last sign of life that was answered
 */
record Lease(long id, Duration ttl, Kept kept) {
    /**
     * A sign of life.
     *
     * @param since before it was sent
     * @param raftTerm in which it was taken, at the earliest
     */
    record Kept(MonotonicInstant since, long raftTerm) {
        /**
         * Since when the lease is proven to live; see {@link LeaderLock} for why.
         *
         * @param term in which a transaction of the lease's owner was answered
         * @param sent before that transaction was sent
         */
        Optional<MonotonicInstant> provenBy(long term, MonotonicInstant sent) {
            return term == raftTerm && !since.isAfter(sent) ? Optional.of(since) : Optional.empty();
        }
    }

    String session() {
        return Keys.session(id);
    }
}

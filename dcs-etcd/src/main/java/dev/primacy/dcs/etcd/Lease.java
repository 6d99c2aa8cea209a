// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;

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
    record Kept(MonotonicInstant since, long raftTerm) {}

    String session() {
        return Keys.session(id);
    }
}

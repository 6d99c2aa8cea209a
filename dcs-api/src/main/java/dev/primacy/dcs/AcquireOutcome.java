// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import dev.primacy.time.MonotonicInstant;

/** How an attempt to take the leader lock ended. */
public sealed interface AcquireOutcome {
    /**
     * It is ours.
     *
     * @param lock the new tenure
     * @param proven the store keeps it for at least the ttl counted from this instant, which lies before the request
     */
    record Acquired(Lock lock, MonotonicInstant proven) implements AcquireOutcome {}

    /**
     * Somebody holds it, the tenure to replace is over, or a condition of a write failed. Nothing changed; take a new
     * snapshot.
     */
    record Refused(String reason) implements AcquireOutcome {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import dev.primacy.time.MonotonicInstant;

/** How a renewal ended. */
public sealed interface RenewOutcome {
    /**
     * The lock is still ours.
     *
     * @param proven the store keeps it for at least the ttl counted from this instant, which lies before the request: how
     *     long before is the backend's business, since stores differ in what they take as a sign of life
     */
    record Renewed(MonotonicInstant proven) implements RenewOutcome {}

    /** The store answered that the lock is not ours any more. */
    record Lost(String reason) implements RenewOutcome {}
}

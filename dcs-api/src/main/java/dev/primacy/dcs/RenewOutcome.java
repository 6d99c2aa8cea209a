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

    /**
     * The lock is not ours any more: the store says so, or the session that had it was given up here, for good. In the
     * latter case the store may go on to show it until the ttl is over.
     */
    record Lost(String reason) implements RenewOutcome {}
}

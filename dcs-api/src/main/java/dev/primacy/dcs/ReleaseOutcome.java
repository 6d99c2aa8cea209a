// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

/** How a release ended. */
public sealed interface ReleaseOutcome {
    /** The lock is free, and what belonged to the release is written. */
    record Released() implements ReleaseOutcome {}

    /** The lock was not ours any more; nothing was written. */
    record Lost(String reason) implements ReleaseOutcome {}

    /** A condition of a write failed. The lock is still ours and nothing was written; take a new snapshot. */
    record Refused(String reason) implements ReleaseOutcome {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.postgres.Lsn;

/**
 * What another member answered when it was asked directly.
 *
 * @param primary whether its server accepts writes
 * @param timeline of its WAL
 * @param lsn flushed by a primary, received or replayed by a standby
 */
public record Peer(boolean primary, int timeline, Lsn lsn) {
    boolean isAheadOf(int otherTimeline, Lsn otherLsn) {
        return timeline != otherTimeline ? timeline > otherTimeline : lsn.compareTo(otherLsn) > 0;
    }
}

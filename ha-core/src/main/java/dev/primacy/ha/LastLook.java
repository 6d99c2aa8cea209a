// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.Snapshot;
import dev.primacy.postgres.Lsn;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Optional;

/**
 * What the store showed last. It may stand in for a new look in rounds in which there is nothing to do, so that a cluster at
 * rest asks the store for little. Nothing is done by it: a round that finds something to do looks again first. Owned by
 * the loop's thread, except where it says otherwise.
 */
final class LastLook {
    /** In rounds of a leader at rest, for the case that a hint got lost. */
    private static final int LONGEST = 5;

    private volatile boolean changed = true;
    private volatile boolean renewed;
    private Optional<Snapshot> cluster = Optional.empty();
    private MonotonicInstant asked = new MonotonicInstant(0);
    private Optional<Lsn> written = Optional.empty();

    /** Something may have changed in the store. May be called by any thread. */
    void changed() {
        changed = true;
    }

    /** The store has just confirmed that this member holds the lock. May be called by any thread. */
    void renewed() {
        renewed = true;
    }

    /** The store is about to be asked. */
    void asking(MonotonicInstant now) {
        // Before the request: what changes meanwhile may not be in its answer.
        changed = false;
        renewed = false;
        asked = now;
        cluster = Optional.empty();
    }

    void shown(Snapshot snapshot) {
        cluster = Optional.of(snapshot);
    }

    /** How far the server here had its WAL then. If that moves, so does what hints do not tell of. */
    void with(Optional<Lsn> end) {
        if (!end.equals(written)) {
            changed = true;
        }
        written = end;
    }

    /**
     * What may stand in for a new look now. A leader needs the store's word for the lock since the last round: else its
     * round is to find out whether the store is there at all.
     */
    Optional<Snapshot> still(MonotonicInstant now, LeaseTiming timing, Optional<Lock> held) {
        boolean confirmed = renewed;
        renewed = false;
        // A look is a sign of life too. A leader gives others.
        Duration longest = held.isPresent()
                ? timing.renewEvery().multipliedBy(LONGEST)
                : timing.ttl().dividedBy(2);
        return cluster.filter(snapshot -> !changed && now.isBefore(asked.plus(longest)))
                .filter(snapshot -> held.isEmpty() || (confirmed && snapshot.isHeldBy(held.get())));
    }

    boolean isFromBefore(MonotonicInstant instant) {
        return asked.isBefore(instant);
    }

    /** Whether it may stand in, or may again soon, while the WAL ends there. */
    boolean holds(Optional<Lsn> end) {
        return !changed && written.equals(end);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.fencing;

import dev.primacy.dcs.lease.Lease;
import dev.primacy.postgres.Postgres.Guard;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.Loop;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of this node to accept writes: it lasts until the earlier end of the cluster's leader lock and the site
 * lease, and the guard process holds that deadline. The server becomes primary only after the guard has confirmed it, and
 * each renewal of a lease moves it, on a thread of its own. So nothing that hangs in this process keeps a primary alive:
 * a deadline that is not moved is a deadline that comes.
 */
public final class WriteRight implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WriteRight.class);
    private static final Duration CONFIRMATION = Duration.ofSeconds(1);

    private final Guard guard;
    private volatile LeaseTiming timing;
    private final MonotonicClock clock;
    private final Supplier<Optional<Lease>> clusterLease;
    private final Supplier<Optional<MonotonicInstant>> siteUntil;
    private final Runnable onGuardLost;
    private final Loop loop;
    private final Lock moving;
    private volatile boolean claimed;
    private volatile @Nullable MonotonicInstant armedUntil;

    /**
     * A right that is not claimed yet.
     *
     * @param onGuardLost called when the guard does not confirm: the server must end at once
     */
    public WriteRight(
            Guard guard,
            LeaseTiming timing,
            MonotonicClock clock,
            Loops loops,
            Supplier<Optional<Lease>> clusterLease,
            Supplier<Optional<MonotonicInstant>> siteUntil,
            Runnable onGuardLost) {
        this.guard = guard;
        this.timing = timing;
        this.clock = clock;
        this.clusterLease = clusterLease;
        this.siteUntil = siteUntil;
        this.onGuardLost = onGuardLost;
        this.moving = loops.lock();
        this.loop = loops.start("write-right", this::move);
    }

    /** Until when writes may be accepted, both rights taken together; empty if one of them is missing now. */
    public Optional<MonotonicInstant> until() {
        Optional<MonotonicInstant> cluster = clusterLease.get().map(Lease::until);
        Optional<MonotonicInstant> site = siteUntil.get();
        return cluster.isEmpty() || site.isEmpty()
                ? Optional.empty()
                : Optional.of(cluster.get().earlier(site.get()));
    }

    /** Whether the server is, or is about to become, a primary under a deadline. */
    public boolean isClaimed() {
        return claimed;
    }

    /**
     * Hands the deadline to the guard. Only after this may the server become primary.
     *
     * @return false if a right is missing, ends too soon to be of use, or the guard did not confirm
     */
    public boolean claim() {
        Optional<MonotonicInstant> end = until();
        if (end.isEmpty() || !clock.now().isBefore(timing.fenceAt(end.get()))) {
            return false;
        }
        guard.open();
        // Before the guard is asked: a renewal at this very moment must find that there is a deadline to move.
        claimed = true;
        boolean armed = arm(end.get());
        claimed = armed;
        return armed;
    }

    /** Takes the deadline back. Only after the server has ended, or for one that never became primary. */
    public void drop() {
        claimed = false;
        armedUntil = null;
        guard.disarm();
    }

    /** Goes by {@code next} from now on. */
    public void configure(LeaseTiming next) {
        timing = next;
    }

    /**
     * Has the guard confirm a deadline that may have come nearer.
     *
     * @return false if it did not confirm, or a right is missing; true also if there is no deadline to hold
     */
    public boolean confirm() {
        moving.lock();
        try {
            Optional<MonotonicInstant> end = until();
            return !claimed || (end.isPresent() && arm(end.get()));
        } finally {
            moving.unlock();
        }
    }

    /** Says that a lease was prolonged or has ended. Never blocks. */
    public void leaseMoved() {
        loop.wake();
    }

    private Duration move() {
        if (!claimed) {
            return timing.ttl();
        }
        if (!moved() && claimed) {
            LOG.error(
                    "The guard process does not confirm the deadline; stopping PostgreSQL, which nothing else would fence");
            onGuardLost.run();
        }
        return timing.ttl();
    }

    /** Reading the end and handing it over belong together: else an older, later one could come to the guard last. */
    private boolean moved() {
        moving.lock();
        try {
            MonotonicInstant end = until().orElseGet(this::soon);
            return end.equals(armedUntil) || arm(end);
        } finally {
            moving.unlock();
        }
    }

    private boolean arm(MonotonicInstant end) {
        boolean confirmed = guard.arm(timing.fenceAt(end), end, CONFIRMATION);
        if (confirmed) {
            armedUntil = end;
        }
        return confirmed;
    }

    /** A right that is known to be gone is fenced now, and not at the deadline that it had. */
    private MonotonicInstant soon() {
        MonotonicInstant now = clock.now();
        MonotonicInstant armed = armedUntil;
        return armed == null ? now : armed.earlier(now.plus(timing.fenceBudget()));
    }

    @Override
    public void close() {
        loop.close();
    }
}

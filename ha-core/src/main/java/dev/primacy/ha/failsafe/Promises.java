// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.failsafe;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this member promises to a leader that cannot reach the store: not to claim the leader lock for a ttl. A promise and a
 * claim exclude each other, in whatever order they come. Safe for use by several threads.
 */
public final class Promises {
    private static final Logger LOG = LoggerFactory.getLogger(Promises.class);

    private final MonotonicClock clock;
    private final PromiseMemory memory;
    private final BooleanSupplier leads;
    private Optional<Promise> last;
    private boolean on;
    private Duration ttl;
    private boolean claiming;

    /** What a leader is told. */
    public enum Answer {
        ACCEPTED,
        /** This member holds the leader lock itself. */
        LEADS,
        /** A claim of this member is under way. */
        CLAIMS,
        /** The cluster is not in failsafe mode, as far as this member knows. */
        OFF,
        /** The promise could not be kept over a crash. */
        NOT_KEPT
    }

    /**
     * Recalls what was promised before.
     *
     * @param leads whether this member holds the leader lock
     */
    public Promises(MonotonicClock clock, PromiseMemory memory, BooleanSupplier leads, boolean on, Duration ttl) {
        this.clock = clock;
        this.memory = memory;
        this.leads = leads;
        this.last = memory.recall();
        this.on = on;
        this.ttl = ttl;
    }

    /** Goes by these settings of the cluster from now on; a promise that was given stands. */
    public synchronized void configure(boolean failsafe, Duration newTtl) {
        on = failsafe;
        ttl = newTtl;
    }

    /**
     * Asks this member for a promise.
     *
     * @param asked the ttl that {@code leader} relies on: its settings may be older than those here
     */
    public synchronized Answer promise(String leader, Duration asked) {
        if (!on) {
            return Answer.OFF;
        }
        if (leads.getAsBoolean()) {
            return Answer.LEADS;
        }
        if (claiming) {
            return Answer.CLAIMS;
        }
        Duration lasts = asked.compareTo(ttl) > 0 ? asked : ttl;
        MonotonicInstant until = clock.now().plus(lasts);
        Promise next = new Promise(
                leader,
                last.map(Promise::until).filter(before -> before.isAfter(until)).orElse(until),
                last.map(Promise::lasts)
                        .filter(before -> before.compareTo(lasts) > 0)
                        .orElse(lasts));
        try {
            memory.keep(next);
        } catch (UncheckedIOException e) {
            LOG.error("No promise to {}, which cannot reach the store: {}", leader, e.getMessage());
            return Answer.NOT_KEPT;
        }
        last = Optional.of(next);
        return Answer.ACCEPTED;
    }

    /** The promise that binds this member now. */
    public synchronized Optional<Promise> current() {
        return last.filter(promise -> clock.now().isBefore(promise.until()));
    }

    /**
     * Begins a claim. Until {@link #endClaim} nothing is promised.
     *
     * @return whether it may begin
     */
    public synchronized boolean beginClaim() {
        claiming = current().isEmpty();
        return claiming;
    }

    /** Its outcome is known here, or never will be. A lock that it took is told by {@code leads} before. */
    public synchronized void endClaim() {
        claiming = false;
    }
}

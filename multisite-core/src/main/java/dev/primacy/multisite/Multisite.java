// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.lease.LeaseKeeper;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.multisite.SiteStanding.Leader;
import dev.primacy.multisite.SiteStanding.Standby;
import dev.primacy.multisite.SiteStanding.Unknown;
import dev.primacy.time.Loop;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes part in a group of sites for one member, and says at any time where its site stands.
 *
 * <p>The owner calls {@link #report} in each of its rounds: these are the facts that decisions are made on, and the sign
 * that the owner lives, without which the lease is not renewed for longer than its ttl. It reads {@link #standing} and
 * {@link #lease}; a right to write exists only while both say so. All methods may be called by any thread.
 */
public final class Multisite implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Multisite.class);
    private static final Duration WHILE_AWAITING_DATA = Duration.ofMillis(50);
    private static final Duration AFTER_LOST_RACE = Duration.ofMillis(200);

    private final SiteConfig config;
    private final Dcs dcs;
    private final MonotonicClock clock;
    private final InstantSource wallClock;
    private final LeaseKeeper keeper;
    private final SiteObserver observer;
    private final SiteAdvertisement advertisement;
    private final Dcs.Watch watch;
    private final Loop loop;

    private volatile Listener listener = Listener.NONE;
    private volatile Predicate<Long> holdsLocalLock = term -> true;
    /** The term of the cluster's lock in which this member took the site lease. */
    private volatile Optional<Long> takenIn = Optional.empty();

    private volatile @Nullable SiteFacts facts;
    private volatile MonotonicInstant reportedAt;
    private volatile SiteView view = SiteView.atStart();
    private volatile MonotonicInstant viewedAt;

    /**
     * Joins the group in {@code dcs}, whose session ttl must be that of the configuration. The owner closes {@code dcs}
     * itself, after this.
     *
     * @param wallClock only for the history that people read
     */
    public Multisite(SiteConfig config, Dcs dcs, MonotonicClock clock, InstantSource wallClock, Loops loops) {
        this.config = config;
        this.dcs = dcs;
        this.clock = clock;
        this.wallClock = wallClock;
        this.observer = new SiteObserver(config, dcs, clock);
        this.reportedAt = clock.now();
        this.viewedAt = reportedAt;
        this.keeper = new LeaseKeeper("site-lease", dcs, config.timing(), clock, loops, new KeeperListener());
        this.advertisement = new SiteAdvertisement(config, dcs, keeper);
        this.loop = loops.start("site", this::round);
        this.watch = dcs.watch(loop::wake);
    }

    /** Has {@code listener} called from now on, in place of the one before. */
    public void listen(Listener newListener) {
        listener = newListener;
    }

    /**
     * Has the owner asked whether it has held its cluster's leader lock all the time since a term: before its facts are acted
     * on, and for as long as the site lease that it took in that term is relied on. Without this, facts count for a ttl and
     * the lease until its end, for those that have no such lock. The answer must come at once.
     */
    public void speakWhile(Predicate<Long> newHoldsLocalLock) {
        holdsLocalLock = newHoldsLocalLock;
    }

    /** Where this site stands now. */
    public SiteStanding standing() {
        SiteStanding last = view.standing();
        boolean rightNeeded = last instanceof Leader || last instanceof HandingOver;
        if (rightNeeded) {
            return lease().isEmpty() ? new Unknown("the site lease has ended") : last;
        }
        // Whoever led then may be replaced by now, and following or rewinding to it would throw away what came after.
        boolean stale = viewedAt.plus(config.timing().ttl()).isBefore(clock.now());
        return stale && last instanceof Standby ? new Unknown("there is no news of the group") : last;
    }

    /** The site lease, if this member holds it and may rely on it now. */
    public Optional<Lease> lease() {
        return keeper.held().filter(lease -> speaksSince(takenIn));
    }

    /**
     * Another member of the site that gets the cluster's lock inherits the site lease at once, and may have released it again
     * when this one, which has not heard of that, gets the cluster's lock back.
     */
    private boolean speaksSince(Optional<Long> localTerm) {
        return localTerm.filter(holdsLocalLock).isPresent();
    }

    /** Until when this site may act as the leader, unless the lease is renewed before; empty if it may not now. */
    public Optional<MonotonicInstant> leaderUntil() {
        return standing() instanceof Leader ? lease().map(Lease::until) : Optional.empty();
    }

    /** The group as last seen, for display. */
    public SiteView view() {
        return view.with(standing());
    }

    /** Tells the group what this member knows of itself. Call it in each round of the owner's loop. */
    public void report(SiteFacts now) {
        keeper.vouch();
        SiteFacts before = facts;
        facts = now;
        reportedAt = clock.now();
        if (before == null || now.differsFrom(before) || (awaitsData() && !now.equals(before))) {
            loop.wake();
        }
    }

    /** While a switchover to this site waits for the last WAL, each byte counts. */
    private boolean awaitsData() {
        return view.switchoverToUs();
    }

    /** Asks the leader site to hand over to {@code target}. Blocks for two requests to the store at most. */
    public SwitchoverAnswer requestSwitchover(String target) {
        return SwitchoverRequests.request(dcs, config.timing().requestTimeout(), target);
    }

    /**
     * Ends this member's part as the speaker of its site, after writes here have stopped for good. A successor among the
     * site's own members is waited for, so that the site keeps the lease; without one it is released.
     *
     * @param successorExpected whether this cluster has another member that may take its leader lock
     * @param patience how long to wait for it
     */
    public void leave(boolean successorExpected, Duration patience) throws InterruptedException {
        loop.close();
        Optional<Lock> lock = keeper.held().map(Lease::lock);
        if (lock.isEmpty()) {
            return;
        }
        if (successorExpected && !replaced(lock.get(), clock.now().plus(patience))) {
            LOG.warn(
                    "No other member of this site took the site lease within {} s; releasing it", patience.toSeconds());
        }
        keeper.release(List.of());
    }

    private boolean replaced(Lock lock, MonotonicInstant end) throws InterruptedException {
        Semaphore hints = new Semaphore(1);
        try (Dcs.Watch hinted = dcs.watch(hints::release)) {
            for (MonotonicInstant now = clock.now(); now.isBefore(end); now = clock.now()) {
                keeper.vouch();
                if (!dcs.snapshot(config.timing().requestTimeout()).isHeldBy(lock)) {
                    return true;
                }
                hints.tryAcquire(now.until(end).toNanos(), TimeUnit.NANOSECONDS);
            }
        }
        return false;
    }

    /** Leaves the group's loop. The lease is neither renewed any more nor released. Bounded. */
    @Override
    public void close() {
        watch.close();
        loop.close();
        keeper.close();
    }

    private Duration round() {
        SiteFacts known = facts;
        if (known == null) {
            return config.timing().renewEvery();
        }
        if (keeper.held().isPresent() && !speaksSince(takenIn)) {
            keeper.abandon("this member lost its cluster's lock since it took the site lease");
        }
        SiteObservation seen = observer.observe(() -> current(known), view.standing(), keeper::held);
        SiteDecision decision = SiteDecisions.decide(seen, config);
        advertisement.tellStatus(seen);
        show(seen, decision.standing());
        Duration wait = act(seen, decision);
        advertisement.publish(seen);
        return wait;
    }

    /**
     * What its owner knew may be long ago, if the owner hangs or waits for its store. Acting on a local lock that has been
     * lost since would take the site lease from the member that speaks for the site now, and relies on it.
     */
    private SiteFacts current(SiteFacts known) {
        boolean hangs = reportedAt.plus(config.timing().ttl()).isBefore(clock.now());
        return hangs || !speaksSince(known.localTerm()) ? known.withoutLead() : known;
    }

    private void show(SiteObservation seen, SiteStanding standing) {
        SiteStanding before = view.standing();
        view = SiteView.of(seen, standing, config.site());
        viewedAt = seen.now();
        if (!standing.equals(before)) {
            LOG.info("Multisite: {}", standing.reason());
            listener.standingChanged();
        }
    }

    private Duration act(SiteObservation seen, SiteDecision decision) {
        if (decision instanceof SiteDecision.Take take) {
            return take(seen, take);
        }
        if (decision instanceof SiteDecision.Write write) {
            LOG.info("Multisite: {}", write.why());
            observer.writing(write, seen.lease());
            boolean done = dcs.write(write.write(), config.timing().requestTimeout()) instanceof WriteOutcome.Done;
            if (done) {
                observer.written(write);
            }
            return done ? Duration.ZERO : AFTER_LOST_RACE;
        }
        if (decision instanceof SiteDecision.StepBack) {
            keeper.abandon("this member does not speak for its site any more");
        } else if (!seen.facts().localLeader()) {
            seen.lock().filter(lock -> lock.holder().equals(config.site())).ifPresent(keeper::dropUnanswered);
        }
        if (view.switchoverToUs() && seen.facts().localLeader()) {
            // The old leader has stopped, or is about to: from now on each moment counts until its last WAL is here.
            listener.standingChanged();
            return WHILE_AWAITING_DATA;
        }
        return seen.leaderlessSince().isPresent()
                ? duringElection()
                : config.timing().renewEvery();
    }

    /** Without a window there is nothing to wait for, but a site that may not take over must not ask without a pause. */
    private Duration duringElection() {
        Duration quarter = config.electionWindow().dividedBy(4);
        Duration pause = quarter.compareTo(AFTER_LOST_RACE) < 0 ? AFTER_LOST_RACE : quarter;
        return Collections.min(List.of(config.timing().renewEvery(), pause));
    }

    private Duration take(SiteObservation seen, SiteDecision.Take take) {
        takenIn = seen.facts().localTerm();
        AcquireOutcome outcome = keeper.acquire(SiteClaims.claim(take, seen, config, wallClock.instant()));
        if (outcome instanceof AcquireOutcome.Acquired acquired) {
            LOG.info(
                    "Became multisite leader: site {}, term {}{}",
                    config.site(),
                    acquired.lock().term(),
                    take.cause()
                            .map(cause -> ", by " + cause + ", " + take.lostBytes() + " bytes lost")
                            .orElse(", inherited from another member of this site"));
            return Duration.ZERO;
        }
        LOG.info("Failed to acquire multisite lock: {}", ((AcquireOutcome.Refused) outcome).reason());
        return AFTER_LOST_RACE;
    }

    /** Hears of changes; called on threads of this object, must return quickly. */
    public interface Listener {
        /** Hears nothing. */
        Listener NONE = new Listener() {
            @Override
            public void standingChanged() {
                // Nobody wants to know.
            }

            @Override
            public void leaseMoved() {
                // Nobody wants to know.
            }
        };

        /** {@link #standing} may give another answer now. */
        void standingChanged();

        /** The lease was taken, prolonged or has ended. */
        void leaseMoved();
    }

    private final class KeeperListener implements LeaseKeeper.Listener {
        @Override
        public void extended(Lease lease) {
            listener.leaseMoved();
        }

        @Override
        public void ended(Lease lease, String reason) {
            listener.leaseMoved();
            listener.standingChanged();
            LOG.warn("Lost multisite leader status: {}", reason);
            loop.wake();
        }

        @Override
        public void unanswered(Lease lease, DcsException problem) {
            LOG.warn(
                    "Failed to update multisite leader status: {}; the right ends in {} ms",
                    problem.getMessage(),
                    clock.now().until(lease.until()).toMillis());
        }
    }
}

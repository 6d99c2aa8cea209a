// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.lease.LeaseKeeper;
import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.dcs.record.Tags;
import dev.primacy.ha.act.Executor;
import dev.primacy.ha.act.OrderBook;
import dev.primacy.ha.decide.Decision;
import dev.primacy.ha.decide.Decisions;
import dev.primacy.ha.decide.Memory;
import dev.primacy.ha.decide.Observation;
import dev.primacy.ha.decide.Order;
import dev.primacy.ha.decide.Peer;
import dev.primacy.ha.decide.ScheduledRestart;
import dev.primacy.ha.failsafe.Failsafe;
import dev.primacy.ha.failsafe.PromiseMemory;
import dev.primacy.ha.failsafe.Promises;
import dev.primacy.ha.fencing.WriteRight;
import dev.primacy.multisite.Multisite;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.Postgres;
import dev.primacy.postgres.Postgres.StopMode;
import dev.primacy.postgres.PostgresException;
import dev.primacy.postgres.PostgresStatus;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.TimelineHistory;
import dev.primacy.postgres.Upstream;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.Loop;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rounds of one member: observe, decide, act. A round runs at once when the store, the server, the site or a long
 * action has news; {@code loop_wait} is only the longest time between two.
 *
 * <p>The store and the server belong to the caller, who closes them after this.
 */
public final class HaLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HaLoop.class);
    private static final Duration UNSETTLED = Duration.ofMillis(500);
    private static final Duration WHILE_STOPPING = Duration.ofMillis(100);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);

    private volatile HaConfig config;
    private final StoreSession dcs;
    private final Promises promises;
    private final Failsafe failsafe;
    private final Postgres postgres;
    private final SiteRole site;
    private final Peers peers;
    private final MonotonicClock clock;
    private final InstantSource wallClock;
    private final Consumer<String> onRefusal;
    private final LeaseKeeper keeper;
    private final WriteRight right;
    private final Executor executor;
    private final Publisher publisher;
    private final RoundLog log;
    private final Settings settings;
    private final OrderBook orders = new OrderBook();
    private final LastLook look = new LastLook();
    private final Loop loop;
    private final Dcs.Watch watch;

    private volatile @Nullable NodeView view;
    private volatile Tags tags;
    private Memory memory = Memory.EMPTY;
    private Optional<Unsettled> unsettled = Optional.empty();
    private Optional<MonotonicInstant> pausedUntil = Optional.empty();
    private boolean storeAnswers = true;
    private volatile boolean atRest;

    /**
     * Starts the rounds.
     *
     * @param config where the store has no settings for the cluster; where it has, those hold
     * @param wallClock only for what people have scheduled, and for what they read
     * @param promiseMemory that outlives this agent, and this host's next boot
     * @param worker runs long actions, one at a time
     * @param onRefusal called with the reason when this member can do nothing without a person; the rounds go on
     */
    public HaLoop(
            HaConfig config,
            StoreSession dcs,
            Postgres postgres,
            SiteRole site,
            Peers peers,
            PromiseMemory promiseMemory,
            MonotonicClock clock,
            InstantSource wallClock,
            Loops loops,
            ExecutorService worker,
            Consumer<String> onRefusal) {
        this.settings = new Settings(config, !(site.standing() instanceof SiteStanding.Single));
        this.config = settings.wanted();
        this.tags = config.tags();
        this.dcs = dcs;
        this.postgres = postgres;
        this.site = site;
        this.peers = peers;
        this.clock = clock;
        this.wallClock = wallClock;
        this.onRefusal = onRefusal;
        this.keeper = new LeaseKeeper("leader-lock", dcs, config.timing(), clock, loops, new LockListener());
        this.promises = new Promises(
                clock,
                promiseMemory,
                () -> keeper.held().isPresent(),
                config.cluster().failsafe(),
                config.timing().ttl());
        this.failsafe = new Failsafe(peers, keeper, clock);
        site.speakWhile(keeper::isHeldSince);
        this.right = new WriteRight(
                postgres.guard(),
                config.timing(),
                clock,
                loops,
                keeper::held,
                site::writableUntil,
                () -> postgres.stop(StopMode.IMMEDIATE, config.stopTimeout()));
        this.executor =
                new Executor(config, dcs, keeper, right, promises, failsafe, postgres, orders, worker, this::wake);
        this.publisher = new Publisher(config, dcs, site);
        this.log = new RoundLog(config);
        postgres.onExit(this::wake);
        this.loop = loops.start("ha", this::round);
        this.watch = dcs.watch(this::storeChanged);
    }

    private void storeChanged() {
        look.changed();
        wake();
    }

    /** Asks for a round now. */
    public void wake() {
        Loop started = loop;
        // Events may come in while the constructor still runs; the first round starts by itself.
        if (started != null) {
            started.wake();
        }
    }

    /** What the group's events mean for this loop. */
    public Multisite.Listener siteListener() {
        return new Multisite.Listener() {
            @Override
            public void standingChanged() {
                wake();
            }

            @Override
            public void leaseMoved() {
                right.leaseMoved();
            }
        };
    }

    /** The last round; empty before the first has ended. */
    public Optional<NodeView> view() {
        return Optional.ofNullable(view);
    }

    /** Until when this node may accept writes, if it may now. */
    public Optional<MonotonicInstant> writableUntil() {
        return right.until().filter(until -> clock.now().isBefore(until));
    }

    /** The lease of the leader lock, if this member holds it now. */
    public Optional<Lease> lease() {
        return keeper.held();
    }

    /** Takes what the member's file has for its tags now, from the next round on. */
    public void retag(Tags now) {
        tags = now;
        wake();
    }

    /** What the operator asks of this member now. */
    public Tags tags() {
        return tags;
    }

    /**
     * Asks something of this member. Answered when it was denied or, a restart and a reload, when it has ended; a
     * reinitialize when it has begun, since it takes as long as a copy of the database.
     *
     * @return ends in any case, at the latest with {@link #close}; cancelling it takes an order back that was not begun
     */
    public CompletableFuture<OrderAnswer> order(Order order) {
        CompletableFuture<OrderAnswer> answer = orders.put(order);
        wake();
        return answer;
    }

    /**
     * Has a restart done later.
     *
     * @return false if another is scheduled
     */
    public boolean schedule(ScheduledRestart restart) {
        boolean done = orders.schedule(restart);
        wake();
        return done;
    }

    /** Forgets the restart that was scheduled, and whether there was one. */
    public boolean unschedule() {
        boolean done = orders.unschedule();
        wake();
        return done;
    }

    private Duration round() {
        MonotonicInstant began = clock.now();
        Observation seen = observe(atRest ? stillKnown() : Optional.empty());
        Decision decision = Decisions.decide(seen, config);
        atRest = isAtRest(decision, seen);
        if (!atRest && look.isFromBefore(began)) {
            look.changed();
            return Duration.ZERO;
        }
        view = new NodeView(seen, decision, config.cluster().paused());
        log.round(seen, decision);
        publisher.publish(view);
        Duration wait = act(decision, seen);
        // At the end: a member whose rounds fail must not keep the lock from one that works.
        keeper.vouch();
        return wait;
    }

    private Optional<Snapshot> stillKnown() {
        return look.still(clock.now(), config.timing(), keeper.held().map(Lease::lock));
    }

    /** Whether nothing is to be done, and nothing was since the store was looked at. */
    private boolean isAtRest(Decision decision, Observation seen) {
        return isSettled(seen)
                && seen.action().isEmpty()
                && look.holds(written(seen.postgres()))
                && (decision instanceof Decision.Lead
                        || decision instanceof Decision.LeadStandby
                        || decision instanceof Decision.Feed
                        || decision instanceof Decision.Wait);
    }

    private static boolean isSettled(Observation seen) {
        return seen.lock().isPresent()
                && seen.state() == State.RUNNING
                && (seen.runsAsPrimary() || streams(seen.postgres()));
    }

    private static Optional<Lsn> written(PostgresStatus status) {
        return status.server().map(Server::written);
    }

    /**
     * Looks at all there is.
     *
     * @param known what the store need not be asked for again if the server has not moved either
     */
    private Observation observe(Optional<Snapshot> known) {
        // Read before the server: an action that ends in between shows as ended in the next round, not half.
        Optional<Observation.Action> action = executor.action();
        memory = executor.learn(memory);
        Optional<PostgresStatus> rests = known.map(any -> serverStatus()).filter(now -> look.holds(written(now)));
        Optional<Snapshot> cluster = rests.isPresent() ? known : snapshot();
        if (cluster.isEmpty()) {
            prolong();
        } else {
            failsafe.seen(cluster.get());
            if (regain(cluster.get())) {
                cluster = snapshot();
            }
        }
        cluster.ifPresent(snapshot -> keeper.held()
                .filter(lease -> !snapshot.isHeldBy(lease.lock()))
                .filter(lease -> snapshot.leader().isEmpty()
                        ? !keeper.isPromised()
                        : snapshot.leader().filter(keeper::isMovingTo).isEmpty())
                .ifPresent(lease -> keeper.abandon("the store shows another holder")));
        if (!tags.equals(config.tags())) {
            settings.retag(tags);
            configure(config.with(tags));
        }
        if (cluster.filter(this::configure).isPresent()) {
            cluster = snapshot();
        }
        PostgresStatus status = rests.orElseGet(this::serverStatus);
        look.with(written(status));
        MonotonicInstant now = clock.now();
        memory = memory.seen(now, status.state() == State.RUNNING, streams(status), status.state() == State.STOPPED);
        if (cluster.isPresent()) {
            boolean isFree = cluster.get().leader().isEmpty();
            memory = memory.lockFree(now, status.server().map(Server::written).filter(end -> isFree));
        }
        Observation seen = new Observation(
                now,
                wallClock.instant(),
                cluster,
                status,
                !postgres.adopted(),
                keeper.held(),
                keeper.isPromised(),
                standing(status),
                Map.of(),
                Optional.empty(),
                promises.current(),
                action,
                memory,
                orders.read());
        if (Decisions.asksTimelines(seen)) {
            seen = seen.withTimelines(timelines(status));
        }
        return Decisions.asksPeers(seen, config) ? seen.withPeers(askPeers(cluster.orElseThrow())) : seen;
    }

    private PostgresStatus serverStatus() {
        return postgres.status(config.timing().requestTimeout());
    }

    /** What people read later is no reason to end a round. */
    private Optional<TimelineHistory> timelines(PostgresStatus status) {
        try {
            return status.server().map(Server::timeline).flatMap(postgres::history);
        } catch (PostgresException e) {
            LOG.warn("The history key is not written: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Where this cluster stands if it is told to follow another one. What a person sets in a pause holds for a primary
     * that runs when the pause is over: nothing would start it again before.
     */
    private SiteStanding standing(PostgresStatus status) {
        boolean keptByPause = config.cluster().paused()
                && status.server().filter(Server::primary).isPresent();
        return config.cluster()
                .standbyOf()
                .filter(of -> !keptByPause)
                .<SiteStanding>map(of ->
                        new SiteStanding.Standby("of cluster " + of, Optional.of(new Address(of.host(), of.port()))))
                .orElseGet(site::standing);
    }

    private void prolong() {
        if (ranAsPrimary() && failsafe.prolong(config)) {
            LOG.info("continue to run as a leader because failsafe mode is enabled and all members are accessible");
        }
    }

    /** Whether this member ran as primary in this very tenure. */
    private boolean ranAsPrimary() {
        return keeper.held()
                .map(lease -> lease.lock().term())
                .filter(term -> memory.primaryTerm().equals(Optional.of(term)))
                .isPresent();
    }

    /**
     * Gets the lock back that the store has let expire while all others had promised not to take it.
     *
     * @return whether the store may show another lock by that
     */
    private boolean regain(Snapshot cluster) {
        boolean gone = keeper.isPromised()
                && keeper.held()
                        .filter(lease -> !cluster.isHeldBy(lease.lock()))
                        .filter(lease -> cluster.leader().isEmpty()
                                || cluster.leader().filter(keeper::isMovingTo).isPresent())
                        .isPresent();
        if (!gone) {
            return false;
        }
        boolean wasPrimary = ranAsPrimary();
        try {
            if (!keeper.regain(cluster.leader())) {
                return true;
            }
        } catch (DcsException e) {
            LOG.warn("The leader lock could not be taken back from the store, trying again: {}", e.getMessage());
            return false;
        }
        keeper.held()
                .filter(lease -> wasPrimary)
                .ifPresent(lease -> memory = memory.ranAsPrimaryIn(lease.lock().term()));
        LOG.info("The store answers again: the leader lock, which had expired there, is taken back");
        return true;
    }

    /**
     * Asks this member not to claim the leader lock for as long as {@code leader}, which cannot reach the store, relies on
     * that. May be called by any thread.
     *
     * @param ttl what {@code leader} relies on
     */
    public Promises.Answer promise(String leader, Duration ttl) {
        return promises.promise(leader, ttl);
    }

    /** Whom a leader without the store asks, as last seen: the API's URL by member. */
    public Map<String, String> failsafeMembers() {
        return failsafe.listed();
    }

    private Map<String, Peer> askPeers(Snapshot cluster) {
        return peers.ask(publisher.apiUrls(cluster), config.timing().requestTimeout());
    }

    /**
     * Goes by the settings in {@code cluster} from now on.
     *
     * @return whether the lock may be another by that
     */
    private boolean configure(Snapshot cluster) {
        dcs.closeRetired(clock.now());
        HaConfig wanted = settings.read(cluster);
        if (wanted.equals(config)) {
            return false;
        }
        LeaseTiming timing = wanted.timing();
        boolean otherTtl = !timing.ttl().equals(config.timing().ttl());
        if (otherTtl && (executor.action().isPresent() || !changeTtl(timing, cluster.leader()))) {
            // The rest need not wait for it.
            configure(wanted.with(wanted.cluster().with(config.timing()), wanted.stored()));
            return false;
        }
        if (!otherTtl) {
            keeper.configure(timing);
        }
        right.configure(timing);
        configure(wanted);
        return otherTtl;
    }

    private void configure(HaConfig now) {
        config = now;
        promises.configure(now.cluster().failsafe(), now.timing().ttl());
        executor.configure(now);
        publisher.configure(now);
        log.configure(now);
    }

    /**
     * The order is what makes it safe. A right that is to be shorter is so here, and at the guard, before the store hears
     * of it; one that is to be longer is not relied on before the store has said so. The store gives the lock away by the
     * ttl of the session that holds it, whatever others take for the ttl.
     */
    private boolean changeTtl(LeaseTiming next, Optional<Lock> shown) {
        LeaseTiming before = config.timing();
        Optional<Long> term = keeper.held().map(lease -> lease.lock().term());
        try {
            if (next.worth().compareTo(before.worth()) < 0) {
                keeper.configure(next);
                if (keeper.held().isPresent() && !right.confirm()) {
                    LOG.error("The ttl stays {} s: the guard does not confirm a nearer deadline", seconds(before));
                    return false;
                }
            }
            if (!keeper.moveTo(dcs.next(next.ttl()), next, shown)) {
                LOG.warn("The ttl stays {} s: the lock changed meanwhile; trying again", seconds(before));
                return false;
            }
        } catch (DcsException e) {
            LOG.warn("The ttl stays {} s, trying again: {}", seconds(before), e.getMessage());
            return false;
        }
        // Until then the store might keep a lock of that session that somebody still relied on.
        dcs.goOver(clock.now().plus(before.ttl().compareTo(next.ttl()) > 0 ? before.ttl() : next.ttl()));
        publisher.registerAnew();
        keeper.held()
                .map(lease -> lease.lock().term())
                .filter(now -> term.isPresent() && term.equals(memory.primaryTerm()))
                .ifPresent(now -> memory = memory.ranAsPrimaryIn(now));
        LOG.info("The ttl is {} s now, and was {} s", seconds(next), seconds(before));
        return true;
    }

    private static long seconds(LeaseTiming timing) {
        return timing.ttl().toSeconds();
    }

    private static boolean streams(PostgresStatus status) {
        return status.server().filter(Server::streaming).isPresent();
    }

    private Optional<Snapshot> snapshot() {
        look.asking(clock.now());
        try {
            Optional<Snapshot> cluster =
                    Optional.of(dcs.snapshot(config.timing().requestTimeout()));
            cluster.ifPresent(look::shown);
            if (!storeAnswers) {
                LOG.info("The store answers again");
            }
            storeAnswers = true;
            return cluster;
        } catch (DcsException e) {
            if (storeAnswers) {
                LOG.error("Error communicating with DCS: {}", e.getMessage());
            }
            storeAnswers = false;
            return Optional.empty();
        }
    }

    private Duration act(Decision decision, Observation seen) {
        if (decision instanceof Decision.Refuse refuse) {
            onRefusal.accept(refuse.reason());
            return config.timing().renewEvery();
        }
        if (isPaused(decision, seen)) {
            return UNSETTLED;
        }
        if (decision instanceof Decision.Write write) {
            failsafe.writing(write.write());
        }
        boolean again = executor.carryOut(decision, seen);
        pausedUntil = Optional.empty();
        if (again) {
            return Duration.ZERO;
        }
        boolean settled = isSettled(seen);
        unsettled = settled ? Optional.empty() : Optional.of(Unsettled.since(unsettled, seen));
        // A long action wakes this loop when it ends, and a renewal of the right or its end does.
        Duration wait = settled || seen.action().isPresent() ? betweenRounds(seen) : whileUnsettled(seen);
        if (decision instanceof Decision.HandOver
                || seen.action().filter(Observation.Action::isSwitchover).isPresent()) {
            // Nothing tells when the last record is written, and from then on each moment counts.
            return WHILE_STOPPING;
        }
        return Decisions.untilScheduled(seen)
                .map(left -> Collections.min(List.of(left, wait)))
                .orElse(wait);
    }

    /** At rest a leader's rounds follow the renewals; if there are none, it has to look what the store says. */
    private Duration betweenRounds(Observation seen) {
        Duration usual = config.timing().renewEvery();
        return atRest && seen.lease().isPresent() ? usual.plus(usual.dividedBy(10)) : usual;
    }

    /**
     * Nothing tells when a server streams, or what other members would say now. Without a leader each moment counts. With
     * one a member looks less often the longer that lasts: an outage is no reason to load the store.
     */
    private Duration whileUnsettled(Observation seen) {
        Duration quarter = unsettled.orElseThrow().since().until(seen.now()).dividedBy(4);
        boolean patient = seen.lock().isPresent() && quarter.compareTo(UNSETTLED) > 0;
        return patient ? Collections.min(List.of(quarter, config.timing().renewEvery())) : UNSETTLED;
    }

    /** A long action that failed is tried again, but not in a spin. Ending a server is never put off. */
    private boolean isPaused(Decision decision, Observation seen) {
        if (memory.failedAction().isEmpty()
                || decision instanceof Decision.Stop
                || decision instanceof Decision.Cancel
                || decision instanceof Decision.GiveUp
                || decision instanceof Decision.Release
                || decision instanceof Decision.PassLock) {
            return false;
        }
        MonotonicInstant until = pausedUntil.orElseGet(() -> seen.now().plus(AFTER_FAILURE));
        pausedUntil = Optional.of(until);
        return seen.now().isBefore(until);
    }

    /**
     * Ends this member's part in good order: the server stops, its standbys having all WAL, and only then the leader lock
     * is given up. Bounded by the stop timeout. In a pause a standby goes on without the agent; a primary does not, since
     * nothing would renew its right.
     */
    @Override
    public void close() {
        watch.close();
        loop.close();
        orders.close();
        executor.cancel();
        boolean wasPrimary = right.isClaimed();
        boolean standsAlone = config.cluster().paused()
                && !wasPrimary
                && postgres.status(config.timing().requestTimeout())
                        .server()
                        .filter(server -> !server.primary())
                        .isPresent();
        if (standsAlone) {
            LOG.info("PostgreSQL is not stopped due to the paused state");
        } else {
            postgres.stop(StopMode.FAST, config.stopTimeout());
        }
        right.drop();
        right.close();
        release(wasPrimary);
        keeper.close();
    }

    private void release(boolean wasPrimary) {
        List<RecordWrite> status = postgres.status(config.timing().requestTimeout()).control().stream()
                .filter(control -> wasPrimary && control.primaryShutDownCleanly())
                .map(HaLoop::lastStatus)
                .toList();
        try {
            if (keeper.release(status) instanceof ReleaseOutcome.Released) {
                LOG.info("Leader key released");
            }
        } catch (DcsException e) {
            LOG.warn("The leader key could not be released and will expire: {}", e.getMessage());
        }
    }

    /** With the timeline: else a member of an older one that has as many bytes would be taken for one that has them all. */
    private static RecordWrite lastStatus(ControlData end) {
        StatusRecord status =
                new StatusRecord(end.checkpoint().value(), Optional.of((long) end.timeline()), JsonObject.EMPTY);
        return RecordWrite.blind(RecordKey.STATUS, status.encode());
    }

    /** Since when a member is not as it should be, in the same state under the same leader. */
    private record Unsettled(
            State state, Optional<String> leader, Optional<Upstream> upstream, MonotonicInstant since) {
        static Unsettled since(Optional<Unsettled> before, Observation seen) {
            Unsettled now = new Unsettled(
                    seen.state(),
                    seen.lock().map(Lock::holder),
                    seen.postgres().server().flatMap(Server::upstream),
                    seen.now());
            return before.filter(was -> was.equals(now.at(was.since))).orElse(now);
        }

        private Unsettled at(MonotonicInstant instant) {
            return new Unsettled(state, leader, upstream, instant);
        }
    }

    private final class LockListener implements LeaseKeeper.Listener {
        @Override
        public void extended(Lease lease) {
            right.leaseMoved();
            look.renewed();
            // Not while anything is written: its position would be that of the renewal before.
            if (atRest) {
                wake();
            }
        }

        @Override
        public void ended(Lease lease, String reason) {
            right.leaseMoved();
            LOG.warn("Lost the leader lock: {}", reason);
            wake();
        }

        @Override
        public void unanswered(Lease lease, DcsException problem) {
            LOG.warn(
                    "The leader lock could not be renewed: {}; the right ends in {} ms",
                    problem.getMessage(),
                    clock.now().until(lease.until()).toMillis());
        }
    }
}

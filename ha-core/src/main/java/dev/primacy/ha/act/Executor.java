// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.act;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.lease.LeaseKeeper;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.decide.Cascade;
import dev.primacy.ha.decide.Decision;
import dev.primacy.ha.decide.Memory;
import dev.primacy.ha.decide.Observation;
import dev.primacy.ha.decide.Slots;
import dev.primacy.ha.failsafe.Failsafe;
import dev.primacy.ha.failsafe.Promises;
import dev.primacy.ha.fencing.WriteRight;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Postgres;
import dev.primacy.postgres.PostgresStatus.Server;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries decisions out: what is quick at once, what is long on a worker, one at a time. What happened is told as a change
 * of {@link Memory}. Owned by the loop's thread.
 */
public final class Executor {
    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);

    private volatile HaConfig config;
    private final Dcs dcs;
    private final LeaseKeeper keeper;
    private final Promises promises;
    private final Failsafe failsafe;
    private final Postgres postgres;
    private final ServerActions server;
    private final OrderBook orders;
    private final LongActions actions;
    private Optional<Kept> kept = Optional.empty();
    private Optional<Long> toldTimeline = Optional.empty();

    /**
     * An executor that does nothing yet.
     *
     * @param orders is told what became of them
     * @param worker runs long actions
     * @param onDone called on the worker when one has ended
     */
    public Executor(
            HaConfig config,
            Dcs dcs,
            LeaseKeeper keeper,
            WriteRight right,
            Promises promises,
            Failsafe failsafe,
            Postgres postgres,
            OrderBook orders,
            ExecutorService worker,
            Runnable onDone) {
        this.config = config;
        this.dcs = dcs;
        this.keeper = keeper;
        this.promises = promises;
        this.failsafe = failsafe;
        this.postgres = postgres;
        this.server = new ServerActions(config, postgres, right, orders);
        this.orders = orders;
        this.actions = new LongActions(orders, worker, onDone);
    }

    /** Goes by {@code now} from now on; a long action that runs ends by the settings that it began with. */
    public void configure(HaConfig now) {
        config = now;
        server.configure(now);
    }

    /** The long action that runs now. */
    public Optional<Observation.Action> action() {
        return actions.running();
    }

    /** Folds what was learnt since the last call into {@code memory}. */
    public Memory learn(Memory memory) {
        return actions.learn(memory);
    }

    /** Interrupts the long action; its end is told as usual. */
    public void cancel() {
        actions.cancel();
    }

    /**
     * Carries {@code decision} out, or begins to.
     *
     * @return whether another round may find something to do at once
     */
    public boolean carryOut(Decision decision, Observation seen) {
        if (decision instanceof Decision.Lead || decision instanceof Decision.LeadStandby) {
            lead(seen);
            return false;
        }
        if (decision instanceof Decision.Feed) {
            keepSlots(
                    seen,
                    Cascade.fed(seen, config, false).stream()
                            .map(Slots::ofMember)
                            .collect(Collectors.toSet()));
            return false;
        }
        if (decision instanceof Decision.Acquire acquire) {
            return acquire(acquire);
        }
        if (decision instanceof Decision.Release release) {
            keeper.release(List.of());
            actions.teach(memory ->
                    memory.noRaceUntil(seen.now().plus(config.timing().ttl())).lastAction(Optional.empty()));
            LOG.warn("Released the leader lock: {}", release.reason());
            return true;
        }
        if (decision instanceof Decision.PassLock pass) {
            return passLock(pass, seen);
        }
        if (decision instanceof Decision.Write write) {
            return dcs.write(write.write(), config.timing().requestTimeout()) instanceof WriteOutcome.Done;
        }
        if (decision instanceof Decision.Deny deny) {
            orders.deny(deny.reason());
            return true;
        }
        if (decision instanceof Decision.Unschedule) {
            orders.unschedule();
            return true;
        }
        if (decision instanceof Decision.Restart
                || decision instanceof Decision.Reinitialize
                || decision instanceof Decision.Reload) {
            orders.begin();
        }
        if (decision instanceof Decision.Cancel) {
            cancel();
            return false;
        }
        if (decision instanceof Decision.GiveUp) {
            actions.giveUp();
            return false;
        }
        server.action(decision, seen)
                .ifPresent(action ->
                        actions.start(action, keeper.held().map(Lease::lock).map(lock -> lock.term())));
        return false;
    }

    private boolean acquire(Decision.Acquire acquire) {
        if (!failsafe.mayClaim(config)) {
            LOG.info("Not taking the leader lock: the failsafe key does not list this member, and not all whom it lists"
                    + " promise to let it; if those are gone for good, empty the key");
            return false;
        }
        if (!promises.beginClaim()) {
            LOG.info("Not taking the leader lock: this member has just promised not to");
            return false;
        }
        AcquireOutcome outcome;
        try {
            outcome = keeper.acquire(acquire.claim());
        } finally {
            promises.endClaim();
        }
        if (outcome instanceof AcquireOutcome.Refused refused) {
            LOG.info("Could not take out the leader lock: {}", refused.reason());
            return false;
        }
        kept = Optional.empty();
        toldTimeline = Optional.empty();
        LOG.info(
                "Acquired session lock as a leader, term {}",
                ((AcquireOutcome.Acquired) outcome).lock().term());
        return true;
    }

    private boolean passLock(Decision.PassLock pass, Observation seen) {
        ReleaseOutcome outcome = keeper.release(pass.with());
        if (outcome instanceof ReleaseOutcome.Released) {
            LOG.info("Leader key released: {}", pass.reason());
            actions.teach(memory ->
                    memory.passedLock(seen.now().plus(config.timing().ttl())).lastAction(Optional.empty()));
        } else {
            LOG.warn("The leader key was not given up: {}", outcome);
        }
        return true;
    }

    /** Publishes how far the WAL goes, and keeps a slot for everybody who streams from here. */
    private void lead(Observation seen) {
        Optional<Server> answer = seen.postgres().server();
        if (answer.isEmpty()) {
            return;
        }
        if (mayTell(seen, answer.get())) {
            publish(answer.get(), seen);
        }
        keepSlots(seen, wantedSlots(seen));
    }

    private void keepSlots(Observation seen, Set<String> slots) {
        // A run of the server before may have ended in a rewind or a copy, which leave no slots.
        Optional<Kept> wanted = seen.postgres().server().map(answer -> new Kept(answer.started(), slots));
        if (wanted.isPresent() && !wanted.equals(kept)) {
            postgres.ensureSlots(slots);
            kept = wanted;
        }
    }

    /**
     * Whether this position is the cluster's. A standby of a site that follows no other may have WAL that the group gave up;
     * told by it, it would keep the members that have what the group has from the lock for ever. A leader that is told to
     * follow another cluster may lack what its own has, and what it tells would hide that, before it streams.
     */
    private boolean mayTell(Observation seen, Server server) {
        return server.primary()
                || (seen.site() instanceof SiteStanding.Standby
                        && (config.cluster().standbyOf().isEmpty() || server.streaming()));
    }

    /** A new timeline at once: until it shows, another member that takes over may make one of the same number. */
    private void publish(Server server, Observation seen) {
        Optional<Long> timeline = Optional.of((long) server.timeline());
        String status = new StatusRecord(server.written().value(), timeline, JsonObject.EMPTY).encode();
        boolean shown = seen.cluster()
                .flatMap(cluster -> cluster.record(RecordKey.STATUS))
                .filter(stored -> stored.value().equals(status))
                .isPresent();
        if (shown) {
            keeper.publishNothing();
            toldTimeline = timeline;
        } else if (timeline.equals(toldTimeline)) {
            keeper.publish(status);
        } else {
            keeper.publishNow(status);
            toldTimeline = timeline;
        }
    }

    private Set<String> wantedSlots(Observation seen) {
        Set<String> wanted = new HashSet<>();
        Cascade.fed(seen, config, true).stream().map(Slots::ofMember).forEach(wanted::add);
        if (seen.site() instanceof SiteStanding.Leader leader) {
            leader.otherSites().stream().map(Slots::ofSite).forEach(wanted::add);
        }
        return wanted;
    }

    /** The slots that are there since the server was started at that time. */
    private record Kept(String started, Set<String> slots) {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.dcs.record.Address;
import dev.primacy.ha.decide.Decision;
import dev.primacy.ha.decide.Memory;
import dev.primacy.ha.decide.Observation;
import dev.primacy.ha.decide.Order;
import dev.primacy.ha.decide.Orders;
import dev.primacy.multisite.SiteFacts;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.PostgresStatus;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * When a leader tells the group where its WAL ends. Another site becomes primary by that, so it must not be told of a server
 * that is about to start again.
 */
class PublisherTest {
    private static final LeaseTiming TIMING =
            LeaseTiming.of(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10));
    private static final MonotonicInstant NOW = new MonotonicInstant(0);
    private static final HaConfig CONFIG = new HaConfig(
            "m1",
            "fra",
            "fra",
            new Address("10.0.0.1", 5432),
            "http://10.0.0.1:8008",
            "4.0.7",
            TIMING,
            0,
            TIMING.ttl(),
            TIMING.ttl());

    private final Dcs dcs = new MemoryStore(() -> NOW).open("m1", TIMING.ttl());
    private final Lock lock = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("m1"), Duration.ZERO)).lock();
    private final List<SiteFacts> told = new ArrayList<>();

    private final SiteRole site = new SiteRole() {
        @Override
        public SiteStanding standing() {
            return new SiteStanding.Leader(1, Optional.of("7"), Set.of("ams"));
        }

        @Override
        public Optional<MonotonicInstant> writableUntil() {
            return Optional.of(NOW.plus(TIMING.ttl()));
        }

        @Override
        public void report(SiteFacts facts) {
            told.add(facts);
        }

        @Override
        public void speakWhile(Predicate<Long> holdsLeaderLock) {
            // Nobody acts on the reports.
        }
    };

    private boolean tellsItsEnd(Optional<String> action, Decision decision) {
        ControlData end = new ControlData("7", "shut down", 1, new Lsn(1000), false, false);
        Observation seen = new Observation(
                NOW,
                Instant.EPOCH,
                Optional.of(dcs.snapshot(Duration.ZERO)),
                new PostgresStatus(State.STOPPED, Optional.of(end), Optional.empty()),
                true,
                Optional.of(new Lease(lock, NOW.plus(TIMING.ttl()))),
                false,
                site.standing(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                action.map(name -> new Observation.Action(name, true, Optional.empty())),
                Memory.EMPTY.ranAsPrimaryIn(lock.term()),
                Orders.NONE);
        new Publisher(CONFIG, dcs, site).publish(new NodeView(seen, decision, false));
        return told.get(told.size() - 1).stopped().isPresent();
    }

    @Test
    void ofAServerThatRests() {
        assertThat(tellsItsEnd(Optional.empty(), new Decision.Wait("stopped; handing over")))
                .isTrue();
        assertThat(tellsItsEnd(Optional.of(Observation.Action.SWITCHOVER), new Decision.Wait("")))
                .isTrue();
    }

    @Test
    void notOfOneThatIsBeingRestarted() {
        assertThat(tellsItsEnd(Optional.of(Order.RESTART), new Decision.Wait("")))
                .isFalse();
        assertThat(tellsItsEnd(Optional.of(Order.RESTART), new Decision.Cancel("")))
                .isFalse();
        assertThat(tellsItsEnd(Optional.of("starting primary"), new Decision.Cancel("")))
                .isFalse();
    }

    @Test
    void notOfOneThatStartsAgainInThisRound() {
        assertThat(tellsItsEnd(Optional.empty(), new Decision.StartPrimary(""))).isFalse();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.FaultProxy;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client shares, and what it does not, as the server counts it. */
class SharedSessionTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TTL = Duration.ofSeconds(6);
    private static final MonotonicClock CLOCK = BootClock.system();

    private final EmbeddedZooKeeper server = EmbeddedZooKeeper.start(1);
    private final DcsClient client = connect(server.connectString());

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void aHundredWatchedScopesAreOneConnection() {
        List<Dcs> scopes = new ArrayList<>();
        List<AtomicInteger> hints = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Dcs scope = open("/service/" + i);
            AtomicInteger hinted = new AtomicInteger();
            scope.watch(hinted::incrementAndGet);
            scope.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT);
            scopes.add(scope);
            hints.add(hinted);
        }
        assertThat(connections()).isEqualTo(1);
        // Each is told of its own changes.
        await(() -> settled(hints));
        int before = hints.get(7).get();
        int others = hints.get(8).get();
        scopes.get(7).write(RecordWrite.blind(RecordKey.CONFIG, "{ }"), TIMEOUT);
        await(() -> hints.get(7).get() > before);
        assertThat(hints.get(8)).hasValue(others);
        assertThat(connections()).isEqualTo(1);
        scopes.forEach(Dcs::close);
        client.close();
        await(() -> connections() == 0);
    }

    private static boolean settled(List<AtomicInteger> hints) {
        int before = hints.stream().mapToInt(AtomicInteger::get).sum();
        RealTime.pass(CLOCK, Duration.ofMillis(300));
        return hints.stream().allMatch(hint -> hint.get() > 0)
                && hints.stream().mapToInt(AtomicInteger::get).sum() == before;
    }

    @Test
    void aSessionOfItsOwnBeginsWithTheFirstLockOrMemberAndEndsAlone() {
        Dcs first = open("/service/1");
        Dcs second = open("/service/2");
        first.snapshot(TIMEOUT);
        assertThat(connections()).isEqualTo(1);
        Lock lock = acquire(first);
        first.register("m", "{}", TIMEOUT);
        assertThat(connections()).isEqualTo(2);
        second.register("m", "{}", TIMEOUT);
        assertThat(connections()).isEqualTo(3);
        second.close();
        await(() -> connections() == 2);
        Dcs observer = open("/service/2");
        assertThat(observer.snapshot(TIMEOUT).members()).isEmpty();
        assertThat(first.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
        assertThat(first.snapshot(TIMEOUT).members()).containsKey("m");
        first.close();
        observer.close();
    }

    @Test
    void whoNeverHeldAnythingIsToldSoWithoutASession() {
        try (Dcs holder = open("/service/1");
                Dcs other = open("/service/1")) {
            Lock lock = acquire(holder);
            assertThat(other.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
            assertThat(other.release(lock, List.of(), TIMEOUT)).isInstanceOf(ReleaseOutcome.Lost.class);
            assertThat(connections()).as("the shared one is not needed either").isEqualTo(1);
        }
    }

    @Test
    void aClosedClientOpensNothingAndItsConnectionEndsWithTheLastSession() {
        Dcs dcs = open("/service/1");
        client.close();
        assertThatThrownBy(() -> open("/service/2"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("opening /service/2: this client of ZooKeeper is closed");
        assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
        dcs.close();
        await(() -> connections() == 0);
    }

    /** Without signs of life before it, the proof would be as old as the session. */
    @Test
    void aLockThatIsAcquiredLateStandsOnAFreshProof() {
        try (Dcs dcs = open("/service/1")) {
            dcs.register("m", "{}", TIMEOUT);
            RealTime.pass(CLOCK, TTL);
            AcquireOutcome outcome = dcs.acquire(LockClaim.free("m"), TIMEOUT);
            MonotonicInstant proven = ((AcquireOutcome.Acquired) outcome).proven();
            assertThat(proven).isGreaterThan(CLOCK.now().minus(TTL.dividedBy(2)));
        }
    }

    @Test
    void watchesOutliveTheSharedSession() {
        try (FaultProxy network = new FaultProxy(ZooKeeperFixture.addresses(server));
                DcsClient cut = connect(network.address());
                Dcs watching = cut.open(new Scope("/service/1", "w", TTL));
                Dcs writing = open("/service/1")) {
            AtomicInteger hints = new AtomicInteger();
            watching.watch(hints::incrementAndGet);
            watching.snapshot(TIMEOUT);
            writing.snapshot(TIMEOUT);
            assertThat(connections()).isEqualTo(2);
            network.cut();
            await(() -> connections() == 1);
            // The server forgets the session at its timeout.
            RealTime.pass(CLOCK, Duration.ofSeconds(12));
            network.heal();
            watching.snapshot(TIMEOUT);
            await(() -> {
                int before = hints.get();
                RealTime.pass(CLOCK, Duration.ofMillis(300));
                return hints.get() == before;
            });
            int before = hints.get();
            writing.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT);
            await(() -> hints.get() > before);
        }
    }

    private static Lock acquire(Dcs dcs) {
        return ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("m"), TIMEOUT)).lock();
    }

    private static DcsClient connect(String hosts) {
        return new ZooKeeperProvider()
                .connect(Map.of("hosts", hosts, "tick_time", EmbeddedZooKeeper.TICK_MILLIS), CLOCK);
    }

    private Dcs open(String path) {
        return client.open(new Scope(path, "test", TTL));
    }

    private int connections() {
        return ServerCounters.of(server).connections();
    }

    private static void await(BooleanSupplier condition) {
        MonotonicInstant end = CLOCK.now().plus(TIMEOUT);
        while (!condition.getAsBoolean()) {
            assertThat(CLOCK.now()).isLessThan(end);
            RealTime.pass(CLOCK, Duration.ofMillis(20));
        }
    }
}

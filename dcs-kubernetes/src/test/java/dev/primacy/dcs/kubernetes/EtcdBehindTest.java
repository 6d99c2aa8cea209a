// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.KubernetesServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The API server runs, and what it stores in does not. */
@Execution(ExecutionMode.SAME_THREAD)
class EtcdBehindTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofMillis(700);
    private static final MonotonicClock CLOCK = BootClock.system();
    private static final KubernetesServers SERVERS = Cluster.start(1);

    @AfterAll
    static void end() {
        SERVERS.close();
    }

    @ParameterizedTest
    @EnumSource
    void whileItIsFrozenNothingIsKnownAndAfterwardsAllIsAsItWas(Kind kind) {
        Cluster cluster = new Cluster(SERVERS, kind);
        try (Dcs dcs = cluster.open("demo", "a", Map.of())) {
            Lock lock = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("pg1"), TIMEOUT)).lock();
            SERVERS.freeze(SERVERS.etcd());
            try {
                assertUnknown(() -> dcs.renew(lock, Optional.empty(), SHORT));
                assertUnknown(() -> dcs.snapshot(SHORT));
            } finally {
                SERVERS.thaw(SERVERS.etcd());
            }
            assertRenewedOrLost(dcs, lock);
        }
    }

    @ParameterizedTest
    @EnumSource
    void itIsKilledAndComesBack(Kind kind) {
        Cluster cluster = new Cluster(SERVERS, kind);
        try (Dcs dcs = cluster.open("demo", "a", Map.of())) {
            Lock lock = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("pg1"), TIMEOUT)).lock();
            SERVERS.kill(SERVERS.etcd());
            assertUnknown(() -> dcs.renew(lock, Optional.empty(), SHORT));
            SERVERS.heal();
            assertRenewedOrLost(dcs, lock);
        }
    }

    /** An answer that came after the ttl is none; the next one says that the lock is lost, and then it is. */
    private static void assertRenewedOrLost(Dcs dcs, Lock lock) {
        MonotonicInstant end = CLOCK.now().plus(Duration.ofSeconds(20));
        while (true) {
            try {
                RenewOutcome outcome = dcs.renew(lock, Optional.of("{}"), TIMEOUT);
                assertThat(dcs.snapshot(TIMEOUT).isHeldBy(lock)).isEqualTo(outcome instanceof RenewOutcome.Renewed);
                return;
            } catch (DcsException e) {
                assertThat(e).isNotInstanceOf(DcsException.Rejected.class);
                assertThat(CLOCK.now()).isLessThan(end);
                RealTime.pass(CLOCK, Duration.ofMillis(50));
            }
        }
    }

    private static void assertUnknown(Runnable verb) {
        MonotonicInstant start = CLOCK.now();
        assertThat(catchThrowable(verb::run))
                .isInstanceOf(DcsException.class)
                .isNotInstanceOf(DcsException.Rejected.class);
        // That it does not wait for the server; how long a busy machine takes to say so is another matter.
        assertThat(start.until(CLOCK.now())).isLessThan(SHORT.plus(TIMEOUT));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.ZooKeeperServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * An ensemble of processes that crash and freeze while one session holds the lock and another is after it. All along: the
 * other gets it only when the first one's right is over.
 */
@Execution(ExecutionMode.SAME_THREAD)
class ZooKeeperProcessesTest {
    private static final Duration TTL = Duration.ofSeconds(6);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LONGER_THAN_TTL = Duration.ofSeconds(9);
    private static final Duration STEP = Duration.ofMillis(100);
    private static final MonotonicClock CLOCK = BootClock.system();

    private static final AtomicInteger SCOPES = new AtomicInteger();

    private static ZooKeeperServers servers;
    private final String path = "/service/processes-" + SCOPES.incrementAndGet();
    private final Dcs other = open("other", TTL);
    private Dcs holder = open("holder", TTL);
    private Lock lock;
    private MonotonicInstant right;

    @BeforeAll
    static void start() {
        servers = ZooKeeperServers.start(3);
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    @BeforeEach
    void acquire() {
        other.snapshot(TTL);
        AcquireOutcome.Acquired acquired = (AcquireOutcome.Acquired) holder.acquire(LockClaim.free("holder"), TTL);
        lock = acquired.lock();
        right = acquired.proven().plus(holder.capabilities().ttl());
    }

    @AfterEach
    void close() {
        servers.heal();
        holder.close();
        other.close();
    }

    @Test
    void aKilledLeaderCostsNothing() {
        servers.kill(servers.leader());
        contendFor(LONGER_THAN_TTL);
        servers.heal();
        contendFor(TTL.dividedBy(2));
        assertKept();
    }

    @Test
    void aLeaderThatFreezesForLongerThanTheTtlIsReplacedAndMisleadsNobodyWhenItWakes() {
        int leader = servers.leader();
        servers.freeze(leader);
        contendFor(LONGER_THAN_TTL);
        servers.thaw(leader);
        contendFor(TTL.dividedBy(2));
        assertKept();
    }

    @Test
    void aFollowerThatFreezesForLongerThanTheTtlCostsNothing() {
        int follower = (servers.leader() + 1) % servers.count();
        servers.freeze(follower);
        contendFor(LONGER_THAN_TTL);
        servers.thaw(follower);
        contendFor(TTL.dividedBy(2));
        assertKept();
    }

    @Test
    void theLockOutlivesARestartOfAllServersThatIsShorterThanTheTtl() {
        holder.close();
        // New processes take their time on a busy machine.
        holder = open("patient", Duration.ofSeconds(50));
        acquire();
        for (int server = 0; server < servers.count(); server++) {
            servers.kill(server);
        }
        servers.heal();
        contendFor(LONGER_THAN_TTL);
        assertKept();
    }

    private void assertKept() {
        assertThat(CLOCK.now()).isLessThan(right);
        assertThat(other.snapshot(TTL).isHeldBy(lock)).isTrue();
    }

    private void contendFor(Duration span) {
        MonotonicInstant end = CLOCK.now().plus(span);
        while (CLOCK.now().isBefore(end)) {
            renew();
            tryToTake();
            RealTime.pass(CLOCK, STEP);
        }
    }

    private void renew() {
        try {
            RenewOutcome outcome = holder.renew(lock, Optional.of("alive"), TIMEOUT);
            assertThat(outcome).isInstanceOf(RenewOutcome.Renewed.class);
            right = ((RenewOutcome.Renewed) outcome)
                    .proven()
                    .plus(holder.capabilities().ttl());
        } catch (DcsException e) {
            // The ensemble elects a leader, or the client looks for another server.
            assertThat(e).isNotInstanceOf(DcsException.Rejected.class);
        }
    }

    private void tryToTake() {
        MonotonicInstant before = CLOCK.now();
        try {
            AcquireOutcome outcome = other.acquire(LockClaim.free("other"), TIMEOUT);
            if (outcome instanceof AcquireOutcome.Acquired) {
                assertThat(before)
                        .as("the other got it, against the first one's right")
                        .isGreaterThan(right);
            }
        } catch (DcsException e) {
            assertThat(e).isNotInstanceOf(DcsException.Rejected.class);
        }
    }

    private Dcs open(String name, Duration ttl) {
        List<String> hosts = servers.addresses().stream()
                .map(address -> address.getHostString() + ":" + address.getPort())
                .collect(Collectors.toList());
        return new ZooKeeperProvider()
                .open(
                        new Scope(path, name, ttl),
                        Map.of("hosts", hosts, "tick_time", ZooKeeperServers.TICK_MILLIS),
                        CLOCK);
    }
}

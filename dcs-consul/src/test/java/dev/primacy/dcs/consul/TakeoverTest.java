// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.FaultProxy;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.ConsulServers;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What servers that stop, start, freeze and take over do to a session. */
class TakeoverTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TTL = Duration.ofSeconds(4);
    /** Long enough for servers on a busy machine to elect another leader and answer while it lasts. */
    private static final Duration LONG_TTL = Duration.ofSeconds(12);

    private static final MonotonicClock CLOCK = BootClock.system();

    @Test
    void aLockSurvivesTheCrashOfTheOnlyServer() {
        try (StoreServers servers = ConsulServers.start(1);
                Dcs dcs = open(host(servers.addresses().get(0)), "/service/crash", TTL)) {
            Lock lock = acquired(dcs).lock();
            servers.kill(0);
            assertThatThrownBy(() -> dcs.renew(lock, Optional.empty(), TIMEOUT))
                    .isInstanceOf(DcsException.class)
                    .isNotInstanceOf(DcsException.Rejected.class);
            servers.restart(0);
            renewEventually(dcs, lock);
            assertThat(dcs.snapshot(TIMEOUT).leader()).hasValue(lock);
        }
    }

    @Test
    void aSilentSessionOutlivesItsProvenTimeWhoeverLeads() {
        outlives(false);
        outlives(true);
    }

    /** On servers of its own: one that was dead and is back votes only after a while, and without it nobody is elected. */
    private static void outlives(boolean renewedAfterwards) {
        try (StoreServers servers = ConsulServers.start(3)) {
            int leader = servers.leader();
            InetSocketAddress other = servers.addresses().get((leader + 1) % 3);
            try (FaultProxy network = new FaultProxy(List.of(other));
                    Dcs dcs = open(network.address(), "/takeover", LONG_TTL)) {
                AcquireOutcome.Acquired acquired = acquired(dcs);
                servers.kill(leader);
                MonotonicInstant proven = renewedAfterwards ? renewEventually(dcs, acquired.lock()) : acquired.proven();
                network.freeze();
                assertHeldUntil(proven.plus(LONG_TTL), new Foreign(other), "takeover/leader", acquired.lock());
            }
        }
    }

    private static void assertHeldUntil(MonotonicInstant end, Foreign observer, String key, Lock lock) {
        int seen = 0;
        while (CLOCK.now().isBefore(end)) {
            String leader = observer.look(key);
            // A follower may not have heard yet that the lock was taken; and what is read after the end says nothing.
            boolean tells = !leader.startsWith("?") && (seen > 0 || !leader.isEmpty());
            if (tells && CLOCK.now().isBefore(end)) {
                assertThat(leader).contains(lock.session());
                seen++;
            }
            RealTime.pass(CLOCK, Duration.ofMillis(20));
        }
        assertThat(seen).isPositive();
    }

    @Test
    void aLeaderThatWokeUpProvesNothingThatItsSuccessorDoesNotKnow() {
        try (StoreServers servers = ConsulServers.start(3)) {
            int frozen = servers.leader();
            try (Dcs dcs = open(host(servers.addresses().get(frozen)), "/service/frozen", Duration.ofSeconds(20))) {
                Lock lock = acquired(dcs).lock();
                servers.freeze(frozen);
                Foreign successor = new Foreign(servers.addresses().get((frozen + 1) % 3));
                awaitLeader(successor, servers.addresses().get(frozen));
                Thread thawing = new Thread(() -> {
                    RealTime.pass(CLOCK, Duration.ofMillis(500));
                    servers.thaw(frozen);
                });
                thawing.start();
                MonotonicInstant asked = CLOCK.now();
                try {
                    RenewOutcome outcome = dcs.renew(lock, Optional.of("late"), TIMEOUT);
                    assertThat(outcome).isInstanceOf(RenewOutcome.Renewed.class);
                    assertThat(((RenewOutcome.Renewed) outcome).proven()).isGreaterThanOrEqualTo(asked);
                    assertThat(successor.get("kv/service/frozen/status?consistent"))
                            .contains("service/frozen/status");
                } catch (DcsException e) {
                    // The former leader found that it leads no more, which says nothing about the lock.
                    assertThat(e).isInstanceOf(DcsException.OutcomeUnknown.class);
                } finally {
                    join(thawing);
                }
                renewEventually(dcs, lock);
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitLeader(Foreign server, InetSocketAddress former) {
        MonotonicInstant end = CLOCK.now().plus(Duration.ofSeconds(20));
        String leader = former.getHostString();
        while (leader.contains(former.getHostString()) || leader.length() < 5) {
            assertThat(CLOCK.now()).isLessThan(end);
            RealTime.pass(CLOCK, Duration.ofMillis(20));
            leader = server.get("status/leader");
        }
    }

    private static MonotonicInstant renewEventually(Dcs dcs, Lock lock) {
        MonotonicInstant end = CLOCK.now().plus(Duration.ofSeconds(20));
        while (true) {
            try {
                RenewOutcome outcome = dcs.renew(lock, Optional.empty(), TIMEOUT);
                assertThat(outcome).isInstanceOf(RenewOutcome.Renewed.class);
                return ((RenewOutcome.Renewed) outcome).proven();
            } catch (DcsException e) {
                // The servers elect a leader.
                assertThat(CLOCK.now()).isLessThan(end);
                RealTime.pass(CLOCK, Duration.ofMillis(50));
            }
        }
    }

    private static AcquireOutcome.Acquired acquired(Dcs dcs) {
        AcquireOutcome outcome = dcs.acquire(LockClaim.free("a"), TIMEOUT);
        assertThat(outcome).isInstanceOf(AcquireOutcome.Acquired.class);
        return (AcquireOutcome.Acquired) outcome;
    }

    private static Dcs open(String host, String path, Duration ttl) {
        return new ConsulProvider().open(new DcsClient.Scope(path, "a", ttl), Map.of("url", "http://" + host), CLOCK);
    }

    private static String host(InetSocketAddress server) {
        return server.getHostString() + ":" + server.getPort();
    }
}

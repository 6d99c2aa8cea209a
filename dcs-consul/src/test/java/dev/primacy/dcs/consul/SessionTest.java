// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.ConsulServers;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a session is, and how it begins and ends. */
class SessionTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TTL = Duration.ofSeconds(4);
    private static final MonotonicClock CLOCK = BootClock.system();

    @Test
    void aSessionIsAsPatroniMakesIt() {
        InetSocketAddress server = Servers.one().addresses().get(0);
        Duration ttl = Duration.ofSeconds(30);
        try (Dcs dcs = open(server, "/service/shape", ttl)) {
            dcs.snapshot(TIMEOUT);
            dcs.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT);
            assertThat(new Foreign(server).get("session/list")).doesNotContain("shape-a");
            Lock lock = acquired(dcs).lock();
            assertThat(new Foreign(server).get("session/info/" + lock.session()))
                    .contains("\"Name\":\"shape-a\"", "\"TTL\":\"15.0s\"", "\"Behavior\":\"delete\"")
                    .contains("\"LockDelay\":1000000,", "\"NodeChecks\":[]");
            assertThat(dcs.capabilities().ttl()).isEqualTo(ttl);
        }
    }

    @Test
    void theServersShortestTtlIsAdoptedAndSaid() {
        try (StoreServers servers = ConsulServers.start(1, List.of("-hcl=session_ttl_min=\"3s\""));
                Dcs dcs = open(servers.addresses().get(0), "/service/minimum", Duration.ofSeconds(2))) {
            AcquireOutcome.Acquired acquired = acquired(dcs);
            assertThat(dcs.capabilities().ttl()).isEqualTo(Duration.ofSeconds(6));
            assertThat(dcs.renew(acquired.lock(), Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
        }
    }

    /** By then the servers could have begun to end it, had it been silent, so it is looked at once more. */
    @Test
    void aLockThatWasNotRenewedForLongIsProvenAllTheSame() {
        InetSocketAddress server = Servers.one().addresses().get(0);
        try (Dcs dcs = open(server, "/service/idle", TTL)) {
            Lock lock = acquired(dcs).lock();
            RealTime.pass(CLOCK, TTL.multipliedBy(5).dividedBy(4));
            MonotonicInstant asked = CLOCK.now();
            RenewOutcome outcome = dcs.renew(lock, Optional.empty(), TIMEOUT);
            assertThat(outcome).isInstanceOf(RenewOutcome.Renewed.class);
            assertThat(((RenewOutcome.Renewed) outcome).proven()).isBetween(asked, CLOCK.now());
            assertThat(dcs.snapshot(TIMEOUT).leader()).hasValue(lock);
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
        }
    }

    @Test
    void aCheckThatDoesNotExistIsAClearError() {
        Map<String, Object> section =
                new HashMap<>(section(Servers.one().addresses().get(0)));
        section.put("checks", List.of("nosuchcheck"));
        try (Dcs dcs = open(section, "/service/checks", TTL)) {
            assertThatThrownBy(() -> dcs.acquire(LockClaim.free("a"), TIMEOUT))
                    .isInstanceOf(DcsException.Unreachable.class)
                    .hasMessageStartingWith("acquiring service/checks/leader: ")
                    .hasMessageContaining("nosuchcheck");
        }
    }

    @Test
    void aSessionThatSomebodyEndedIsReplaced() {
        InetSocketAddress server = Servers.one().addresses().get(0);
        try (Dcs dcs = open(server, "/service/ended", TTL)) {
            Lock lock = acquired(dcs).lock();
            new Foreign(server).put("session/destroy/" + lock.session(), "");
            assertThat(dcs.renew(lock, Optional.of("x"), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
            assertThat(acquired(dcs).lock().session()).isNotEqualTo(lock.session());
            dcs.register("a", "{}", TIMEOUT);
            assertThat(dcs.snapshot(TIMEOUT).members()).containsKey("a");
        }
    }

    @Test
    void aSessionThatSomebodyEndedIsReplacedByARegistrationToo() {
        InetSocketAddress server = Servers.one().addresses().get(0);
        try (Dcs dcs = open(server, "/service/ended-member", TTL)) {
            dcs.register("a", "{}", TIMEOUT);
            Lock lock = acquired(dcs).lock();
            new Foreign(server).put("session/destroy/" + lock.session(), "");
            dcs.register("a", "{}", TIMEOUT);
            assertThat(dcs.snapshot(TIMEOUT).members()).containsKey("a");
            assertThat(dcs.snapshot(TIMEOUT).leader()).isEmpty();
        }
    }

    @Test
    void aCheckThatFailsEndsTheSessionButNobodyGetsTheLockBeforeItsTime() {
        InetSocketAddress server = Servers.one().addresses().get(0);
        new Foreign(server).put("agent/check/register", "{\"Name\":\"ours\",\"TTL\":\"1h\",\"Status\":\"passing\"}");
        Map<String, Object> section = new HashMap<>(section(server));
        section.put("checks", "ours");
        try (Dcs checked = open(section, "/service/checked", TTL);
                Dcs other = open(server, "/service/checked", TTL)) {
            AcquireOutcome.Acquired acquired = acquireEventually(checked);
            new Foreign(server).put("agent/check/fail/ours", "");
            MonotonicInstant end = CLOCK.now().plus(Duration.ofSeconds(20));
            while (checked.renew(acquired.lock(), Optional.empty(), TIMEOUT) instanceof RenewOutcome.Renewed) {
                assertThat(CLOCK.now()).isLessThan(end);
            }
            assertThat(other.snapshot(TIMEOUT).leader()).isEmpty();
            acquireEventually(other);
            assertThat(CLOCK.now()).isGreaterThanOrEqualTo(acquired.proven().plus(TTL));
        }
    }

    private static AcquireOutcome.Acquired acquireEventually(Dcs dcs) {
        MonotonicInstant end = CLOCK.now().plus(Duration.ofSeconds(20));
        while (true) {
            try {
                if (dcs.acquire(LockClaim.free("a"), TIMEOUT) instanceof AcquireOutcome.Acquired acquired) {
                    return acquired;
                }
            } catch (DcsException e) {
                // The servers hear of a new check from the agent, a little later.
                assertThat(e).isInstanceOf(DcsException.Unreachable.class);
            }
            assertThat(CLOCK.now()).isLessThan(end);
            RealTime.pass(CLOCK, Duration.ofMillis(50));
        }
    }

    @Test
    void openingWaitsForNobody() {
        try (Dcs dcs = open(Map.of("url", "http://127.0.0.1:1"), "/service/demo", TTL)) {
            assertThat(dcs.capabilities().ttl()).isEqualTo(TTL);
            assertThatThrownBy(() -> dcs.snapshot(Duration.ofSeconds(1)))
                    .isInstanceOf(DcsException.Unreachable.class)
                    .hasMessageStartingWith("reading service/demo: no answer (")
                    .hasMessageEndingWith(
                            " from Consul (http://127.0.0.1:1) within 1.0 s;" + " check that it runs and is reachable");
            assertThatThrownBy(() -> dcs.write(RecordWrite.create(RecordKey.CONFIG, ""), TIMEOUT))
                    .isInstanceOf(DcsException.Unreachable.class);
        }
    }

    private static AcquireOutcome.Acquired acquired(Dcs dcs) {
        AcquireOutcome outcome = dcs.acquire(LockClaim.free("a"), TIMEOUT);
        assertThat(outcome).isInstanceOf(AcquireOutcome.Acquired.class);
        return (AcquireOutcome.Acquired) outcome;
    }

    private static Dcs open(InetSocketAddress server, String path, Duration ttl) {
        return open(section(server), path, ttl);
    }

    private static Map<String, Object> section(InetSocketAddress server) {
        return Map.of("host", server.getHostString(), "port", server.getPort());
    }

    private static Dcs open(Map<String, Object> section, String path, Duration ttl) {
        return DcsProvider.named("consul").open(new DcsClient.Scope(path, "a", ttl), section, CLOCK);
    }
}

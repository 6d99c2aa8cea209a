// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.KubernetesServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people and other programs may do to it. */
class BadInputTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final MonotonicClock CLOCK = BootClock.system();

    private final Cluster cluster = new Cluster(Cluster.one(), Kind.ENDPOINTS);

    private Dcs open(String user, Map<String, Object> more) {
        var server = cluster.servers().addresses().get(0);
        Map<String, Object> section =
                new HashMap<>(cluster.section(user, server.getHostString() + ":" + server.getPort(), Map.of()));
        section.putAll(more);
        return new KubernetesProvider()
                .open(new DcsClient.Scope("/service/demo", "a", Duration.ofSeconds(2)), section, BootClock.system());
    }

    private Lock acquire(Dcs dcs) {
        return ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("pg1"), TIMEOUT)).lock();
    }

    @Test
    void aMissingRightIsNamed() {
        try (Dcs dcs = open("nobody", Map.of())) {
            assertThatThrownBy(() -> dcs.snapshot(TIMEOUT))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageContaining("\"nobody\" cannot list resource \"endpoints\"");
        }
        try (Dcs dcs = open(Cluster.AGENT, Map.of("use_endpoints", false, "members", "objects"))) {
            assertThatThrownBy(() -> dcs.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageContaining("cannot list resource \"configmaps\"");
        }
    }

    @Test
    void anUnknownTokenIsRejectedWhenNoServerThatStartsCanBeTheReason() {
        try (Dcs dcs = open("stranger", Map.of())) {
            Throwable thrown = catchThrowable(() -> dcs.snapshot(TIMEOUT));
            while (thrown instanceof DcsException.Unreachable) {
                assertThat(thrown).hasMessageContaining("401");
                thrown = catchThrowable(() -> dcs.snapshot(TIMEOUT));
            }
            assertThat(thrown).isInstanceOf(DcsException.Rejected.class).hasMessageContaining("check the token");
        }
    }

    @Test
    void aNamespaceThatDoesNotExistIsNamed() {
        try (Dcs dcs = open(KubernetesServers.ADMIN, Map.of("namespace", "nowhere"))) {
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
            assertThatThrownBy(() -> dcs.acquire(LockClaim.free("pg1"), TIMEOUT))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageContaining("\"nowhere\" not found");
        }
    }

    @Test
    void anObjectDeletedByHandIsALostLockAndIsMadeAnewWhenItsHoldersTimeIsOver() {
        try (Dcs dcs = open(Cluster.AGENT, Map.of());
                Dcs other = open(Cluster.AGENT, Map.of())) {
            AcquireOutcome.Acquired acquired = (AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("pg1"), TIMEOUT);
            other.snapshot(TIMEOUT);
            cluster.servers().admin("DELETE", Kind.ENDPOINTS.path(cluster.namespace()) + "/demo", "");
            assertThat(dcs.snapshot(TIMEOUT).leader()).isEmpty();
            other.write(RecordWrite.create(RecordKey.EPOCH, "1"), TIMEOUT);
            AcquireOutcome outcome = other.acquire(LockClaim.free("pg2"), TIMEOUT);
            assertThat(outcome).isInstanceOf(AcquireOutcome.Refused.class);
            while (outcome instanceof AcquireOutcome.Refused) {
                RealTime.pass(CLOCK, Duration.ofMillis(10));
                outcome = other.acquire(LockClaim.free("pg2"), TIMEOUT);
            }
            assertThat(CLOCK.now())
                    .isGreaterThanOrEqualTo(
                            acquired.proven().plus(dcs.capabilities().ttl()));
            assertThat(((AcquireOutcome.Acquired) outcome).lock().term())
                    .isGreaterThan(acquired.lock().term());
            assertThat(dcs.renew(acquired.lock(), Optional.of("{}"), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
        }
    }

    @Test
    void anObjectWithoutLabelsIsNotOverlooked() {
        cluster.servers().admin("POST", Kind.ENDPOINTS.path(cluster.namespace()), "{\"metadata\":{\"name\":\"demo\"}}");
        try (Dcs dcs = open(Cluster.AGENT, Map.of())) {
            assertThatThrownBy(() -> dcs.acquire(LockClaim.free("pg1"), TIMEOUT))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageContaining("'demo' is there without the labels cluster-name=demo");
        }
    }

    @Test
    void foreignValuesSpoilNothing() {
        String junk = "{\"ttl\":\"soon\",\"renewTime\":\"<\",\"transitions\":\"many\",\"acquireTime\":\"\","
                + "\"optime\":\"[\",\"slots\":\"]\",\"leader\":\"\",\"primacy.dev/tenure\":\"{\","
                + "\"primacy.dev/versions\":\"1\",\"primacy.dev/committed\":\"?\"}";
        cluster.annotate("demo", "-leader", junk);
        cluster.annotate("demo", "-config", "{\"primacy.dev/intent\":\"{\",\"primacy.dev/versions\":\"[]\"}");
        try (Dcs dcs = open(Cluster.AGENT, Map.of())) {
            assertThat(dcs.snapshot(TIMEOUT).leader()).isEmpty();
            Lock lock = acquire(dcs);
            assertThat(dcs.renew(lock, Optional.of("{\"optime\":1}"), TIMEOUT))
                    .isInstanceOf(RenewOutcome.Renewed.class);
            dcs.write(RecordWrite.blind(RecordKey.CONFIG, "{}"), TIMEOUT);
            assertThat(dcs.snapshot(TIMEOUT).leader()).hasValue(lock);
            assertThat(dcs.snapshot(TIMEOUT).record(RecordKey.CONFIG)).isPresent();
        }
    }

    /** What is in there may still be wanted. */
    @Test
    void recordsThatCannotBeReadAreNotWrittenOver() {
        cluster.annotate("demo", "-leader", "{\"primacy.dev/records\":\"[\"}");
        try (Dcs dcs = open(Cluster.AGENT, Map.of())) {
            assertThatThrownBy(() -> dcs.acquire(
                            new LockClaim("pg1", Optional.empty(), List.of(RecordWrite.create(RecordKey.EPOCH, "1"))),
                            TIMEOUT))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageContaining("primacy.dev/records");
            assertThat(dcs.snapshot(TIMEOUT).leader()).isEmpty();
        }
    }

    @Test
    void aMemberWithoutAPodIsRejected() {
        try (Dcs dcs = open(Cluster.AGENT, Map.of())) {
            assertThatThrownBy(() -> dcs.register("pg1", "{}", TIMEOUT))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageContaining("no pod 'pg1'");
            cluster.pod("pg2", "other");
            assertThatThrownBy(() -> dcs.register("pg2", "{}", TIMEOUT))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageContaining("cluster-name=demo");
        }
    }

    @Test
    void allThatIsWrongWithTheSectionIsSaidAtOnce() {
        assertThatThrownBy(() -> new KubernetesProvider()
                        .connect(
                                Map.of(
                                        "use_endpoints",
                                        "maybe",
                                        "role_label",
                                        "-",
                                        "ports",
                                        List.of(Map.of("port", 0)),
                                        "retriable_http_codes",
                                        "500,many",
                                        "bypass_api_service",
                                        "perhaps",
                                        "nonsense",
                                        1),
                                BootClock.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use_endpoints must be true or false")
                .hasMessageContaining("role_label must be the name of a label")
                .hasMessageContaining("a port from 1")
                .hasMessageContaining("'many'")
                .hasMessageContaining("bypass_api_service must be true or false")
                .hasMessageContaining("unknown key 'nonsense'");
    }

    @Test
    void slicesAreForPodsAndNotBesideEndpoints() {
        assertThatThrownBy(() -> new KubernetesProvider()
                        .connect(
                                Map.of("use_endpoints", true, "use_endpoint_slices", true, "members", "objects"),
                                BootClock.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use_endpoints and use_endpoint_slices exclude each other")
                .hasMessageContaining("use_endpoint_slices needs members that are pods");
    }

    @Test
    void aScopeThatNoObjectCanBeNamedAfterIsRefused() {
        assertThatThrownBy(() -> cluster.open("Demo_1", "a", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'Demo_1'");
    }

    @Test
    void thereIsNoDefaultContext() {
        Map<String, Object> section = new HashMap<>(cluster.section("127.0.0.1:1", Map.of()));
        section.put("context", "kind-kind");
        assertThatThrownBy(() -> new KubernetesProvider().connect(section, BootClock.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no context 'kind-kind'");
        assertThatThrownBy(() ->
                        new KubernetesProvider().connect(Map.of("kubeconfig", "/nowhere/config"), BootClock.system()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/nowhere/config");
    }
}

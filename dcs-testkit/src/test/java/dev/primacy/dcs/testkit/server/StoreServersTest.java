// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Servers do what the tests that disturb them take for granted. */
class StoreServersTest {
    private static final MonotonicClock CLOCK = BootClock.system();

    @TestFactory
    Stream<DynamicTest> oneServerIsKilledAndComesBack() {
        return each(
                Map.of(
                        "etcd", () -> EtcdServers.start(1),
                        "consul", () -> ConsulServers.start(1),
                        "zookeeper", () -> ZooKeeperServers.start(1),
                        "kubernetes", () -> KubernetesServers.start(1)),
                servers -> {
                    assertThat(servers.leader()).isZero();
                    servers.kill(0);
                    assertThat(servers.serves(0)).isFalse();
                    servers.heal();
                    assertThat(servers.serves(0)).isTrue();
                });
    }

    @TestFactory
    Stream<DynamicTest> threeServersLoseTheirLeaderAndHaveAnother() {
        return each(
                Map.of(
                        "etcd", () -> EtcdServers.start(3),
                        "consul", () -> ConsulServers.start(3),
                        "zookeeper", () -> ZooKeeperServers.start(3),
                        "kubernetes", () -> KubernetesServers.start(3)),
                servers -> {
                    int old = servers.leader();
                    lose(servers, old);
                    servers.freeze((old + 1) % 3);
                    assertThat(servers.serves((old + 1) % 3)).isFalse();
                    servers.heal();
                    assertThat(IntStream.range(0, 3)).allMatch(servers::serves);
                });
    }

    @Test
    void aServerOfConsulThatWasLostForLongStillCounts() {
        try (ConsulServers servers = ConsulServers.start(3)) {
            servers.freeze(servers.leader());
            // Longer than after which the others drop it by default.
            RealTime.pass(CLOCK, Duration.ofSeconds(15));
            servers.heal();
            lose(servers, servers.leader());
        }
    }

    @Test
    void kubernetesAnswersThoseWhoMayAsk() {
        try (KubernetesServers servers = KubernetesServers.start(1, "somebody")) {
            String path = "/api/v1/namespaces/default/configmaps";
            servers.admin("POST", path, "{\"metadata\":{\"name\":\"kept\"}}");
            assertThat(servers.ask("somebody", "GET", path + "/kept", "").body())
                    .contains("cannot get resource \\\"configmaps\\\"");
            servers.kill(servers.etcd());
            servers.freeze(0);
            servers.heal();
            assertThat(servers.admin("GET", path + "/kept", "")).contains("\"name\":\"kept\"");
        }
    }

    private static Stream<DynamicTest> each(
            Map<String, Supplier<LocalServers>> stores, java.util.function.Consumer<LocalServers> test) {
        return stores.entrySet().stream()
                .map(store -> DynamicTest.dynamicTest(store.getKey(), () -> {
                    try (LocalServers servers = store.getValue().get()) {
                        test.accept(servers);
                    }
                }));
    }

    /** Kills the leader and waits until there is another. */
    private static void lose(LocalServers servers, int leader) {
        servers.kill(leader);
        await(() -> IntStream.range(0, servers.count()).anyMatch(i -> i != leader && servers.leads(i)));
    }

    private static void await(BooleanSupplier condition) {
        MonotonicInstant end = CLOCK.now().plus(Duration.ofSeconds(30));
        while (!condition.getAsBoolean()) {
            assertThat(CLOCK.now()).isLessThan(end);
            RealTime.pass(CLOCK, Duration.ofMillis(20));
        }
    }
}

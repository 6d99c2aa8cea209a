// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.testkit.server.KubernetesServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients are sent to the holder of the lock by objects that are not the lock's. */
class SlicesTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final MonotonicClock CLOCK = BootClock.system();

    private static Dcs open(Cluster cluster, String member, String ip) {
        return cluster.open("demo", member, Duration.ofSeconds(10), options(ip));
    }

    private static Map<String, Object> options(String ip) {
        return new HashMap<>(Map.of(
                "use_endpoint_slices",
                true,
                "pod_ip",
                ip,
                "labels",
                Map.of("application", "patroni"),
                "ports",
                List.of(Map.of("name", "postgresql", "port", 5432))));
    }

    private static JsonNode slice(Cluster cluster, String name) {
        return Json.parse(cluster.servers()
                        .ask(KubernetesServers.ADMIN, "GET", cluster.slices() + "/" + name, "")
                        .body())
                .orElseThrow();
    }

    private static List<String> addresses(JsonNode slice) {
        return slice.path("endpoints").findValuesAsText("addresses").isEmpty()
                ? List.of()
                : slice.path("endpoints").findValues("addresses").stream()
                        .map(found -> found.path(0).asText())
                        .toList();
    }

    private static void awaitAddress(Cluster cluster, String ip) {
        Cluster.await(ip, () -> addresses(slice(cluster, "demo-ipv4")).equals(List.of(ip)));
    }

    private static Lock acquire(Dcs dcs, LockClaim claim) {
        return ((AcquireOutcome.Acquired) dcs.acquire(claim, TIMEOUT)).lock();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ENDPOINTS")
    void theAddressFollowsTheLock(Kind kind) {
        Cluster cluster = Cluster.withSlices(Cluster.one(), kind);
        cluster.pod("pg1", "demo");
        cluster.pod("pg2", "demo");
        long start = cluster.now();
        try (Dcs one = open(cluster, "pg1", "10.0.0.1");
                Dcs two = open(cluster, "pg2", "10.0.0.2")) {
            Lock first = acquire(one, LockClaim.free("pg1"));
            awaitAddress(cluster, "10.0.0.1");
            JsonNode slice = slice(cluster, "demo-ipv4");
            assertThat(slice.path("metadata").path("labels"))
                    .isEqualTo(Json.of(Map.of(
                            "application",
                            "patroni",
                            "cluster-name",
                            "demo",
                            "kubernetes.io/service-name",
                            "demo",
                            "endpointslice.kubernetes.io/managed-by",
                            "primacy.dev")));
            assertThat(slice.path("addressType").asText()).isEqualTo("IPv4");
            assertThat(slice.path("ports"))
                    .isEqualTo(Json.of(List.of(Map.of("name", "postgresql", "port", 5432, "protocol", "TCP"))));
            JsonNode endpoint = slice.path("endpoints").path(0);
            assertThat(endpoint.path("conditions").path("ready").asBoolean()).isTrue();
            assertThat(endpoint.path("targetRef").path("name").asText()).isEqualTo("pg1");
            assertThat(endpoint.path("targetRef").path("uid").asText())
                    .isEqualTo(cluster.pod("pg1").path("metadata").path("uid").asText());
            Lock second = acquire(two, new LockClaim("pg2", Optional.of(first), List.of()));
            awaitAddress(cluster, "10.0.0.2");
            assertThat(one.renew(first, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
            one.release(first, List.of(), TIMEOUT);
            assertThat(two.release(second, List.of(), TIMEOUT)).isInstanceOf(ReleaseOutcome.Released.class);
            assertThat(addresses(slice(cluster, "demo-ipv4"))).isEmpty();
            acquire(one, LockClaim.free("pg1"));
            awaitAddress(cluster, "10.0.0.1");
        }
        List<List<String>> seen = cluster.states(cluster.slices(), start).stream()
                .map(slice -> addresses(slice.json()))
                .toList();
        assertThat(seen)
                .as("all that a client could see, also of what a late holder did")
                .containsExactly(List.of("10.0.0.1"), List.of("10.0.0.2"), List.of(), List.of("10.0.0.1"), List.of());
    }

    /** Both are changed on condition of what was seen; so the order of the two objects can be told from their versions. */
    @Test
    void whoGivesUpIsNotFoundBeforeTheLockIsFree() {
        Cluster cluster = Cluster.withSlices(Cluster.one(), Kind.LEASES);
        cluster.pod("pg1", "demo");
        try (Dcs dcs = open(cluster, "pg1", "10.0.0.1")) {
            Lock lock = acquire(dcs, LockClaim.free("pg1"));
            long held = KubeObject.of(cluster.object("demo-leader")).version();
            awaitAddress(cluster, "10.0.0.1");
            assertThat(KubeObject.of(slice(cluster, "demo-ipv4")).version()).isGreaterThan(held);
            dcs.release(lock, List.of(), TIMEOUT);
            assertThat(addresses(slice(cluster, "demo-ipv4"))).isEmpty();
            assertThat(KubeObject.of(slice(cluster, "demo-ipv4")).version())
                    .isLessThan(KubeObject.of(cluster.object("demo-leader")).version());
        }
    }

    /** Many at one time, each of which believes in its term. */
    @Test
    void aHolderThatIsLateNeverTakesClientsFromItsSuccessor() {
        Cluster cluster = Cluster.withSlices(Cluster.one(), Kind.CONFIG_MAPS);
        long start = cluster.now();
        int last = 12;
        ExecutorService threads = Executors.newFixedThreadPool(last);
        List<CompletableFuture<Void>> others = IntStream.range(1, last)
                .mapToObj(term -> CompletableFuture.runAsync(
                        () -> directly(cluster, "10.0.0." + term, slices -> carryOut(slices, term)), threads))
                .toList();
        directly(cluster, "10.0.0." + last, slices -> {
            carryOut(slices, last);
            others.forEach(CompletableFuture::join);
            assertThat(addresses(slice(cluster, "demo-ipv4"))).containsExactly("10.0.0." + last);
        });
        threads.shutdown();
        assertThat(cluster.states(cluster.slices(), start).stream()
                        .map(slice -> Long.valueOf(slice.annotations().get(Names.TERM))))
                .isSorted();
    }

    private static void carryOut(Slices slices, int term) {
        slices.leads(new Lock("pg" + term, "s", term, new Version(term)));
        slices.carryOut(call());
    }

    private static Call call() {
        return new Call("testing", CLOCK, Duration.ofSeconds(30));
    }

    private static void directly(Cluster cluster, String ip, Consumer<Slices> test) {
        var server = cluster.servers().addresses().get(0);
        Options options = Options.of(cluster.section(server.getHostString() + ":" + server.getPort(), options(ip)));
        Connection connection = new Connection(options, CLOCK, new Random());
        try {
            Api api = new Api(connection, Set.of());
            Layout layout = Layout.of(options, "/service/demo");
            Slices slices = new Slices(api, options, layout, new Pods(api, layout), CLOCK, Duration.ofSeconds(30));
            test.accept(slices);
            slices.close(call());
        } finally {
            connection.release();
        }
    }

    @Test
    void whatOthersDidToASliceIsPutRightWithTheNextRenewal() {
        Cluster cluster = Cluster.withSlices(Cluster.one(), Kind.CONFIG_MAPS);
        try (Dcs dcs = open(cluster, "pg1", "10.0.0.1")) {
            Lock lock = acquire(dcs, LockClaim.free("pg1"));
            awaitAddress(cluster, "10.0.0.1");
            cluster.servers().admin("DELETE", cluster.slices() + "/demo-ipv4", "");
            dcs.renew(lock, Optional.empty(), TIMEOUT);
            awaitAddress(cluster, "10.0.0.1");
            cluster.servers()
                    .admin(
                            "PATCH",
                            cluster.slices() + "/demo-ipv4",
                            "{\"endpoints\":[{\"addresses\":[\"10.0.0.9\"]}],\"ports\":[]}");
            dcs.renew(lock, Optional.empty(), TIMEOUT);
            awaitAddress(cluster, "10.0.0.1");
        }
    }

    /** What is said of an address in one slice does not stay in the other. */
    @Test
    void anAddressOfAnotherKindTakesTheOldOneAway() {
        Cluster cluster = Cluster.withSlices(Cluster.one(), Kind.CONFIG_MAPS);
        try (Dcs one = open(cluster, "pg1", "10.0.0.1");
                Dcs two = open(cluster, "pg2", "fd00::2")) {
            Lock first = acquire(one, LockClaim.free("pg1"));
            awaitAddress(cluster, "10.0.0.1");
            acquire(two, new LockClaim("pg2", Optional.of(first), List.of()));
            Cluster.await(
                    "the other kind",
                    () -> addresses(slice(cluster, "demo-ipv6")).equals(List.of("fd00::2")));
            assertThat(slice(cluster, "demo-ipv6").path("addressType").asText()).isEqualTo("IPv6");
            assertThat(addresses(slice(cluster, "demo-ipv4"))).isEmpty();
        }
    }

    @Test
    void theLockDoesNotNeedTheRight() {
        Cluster cluster = new Cluster(Cluster.one(), Kind.CONFIG_MAPS);
        try (Dcs dcs = open(cluster, "pg1", "10.0.0.1")) {
            Lock lock = acquire(dcs, LockClaim.free("pg1"));
            assertThat(dcs.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
            assertThat(dcs.release(lock, List.of(), TIMEOUT)).isInstanceOf(ReleaseOutcome.Released.class);
        }
        directly(cluster, "10.0.0.1", slices -> {
            slices.leads(new Lock("pg1", "s", 1, new Version(1)));
            assertThatThrownBy(() -> slices.carryOut(call()))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageContaining("cannot list resource \"endpointslices\"");
        });
    }

    @Test
    void aSliceOfSomebodyElseIsLeftAlone() {
        Cluster cluster = Cluster.withSlices(Cluster.one(), Kind.CONFIG_MAPS);
        cluster.servers()
                .admin(
                        "POST",
                        cluster.slices(),
                        "{\"metadata\":{\"name\":\"demo-ipv4\"},\"addressType\":\"IPv4\",\"endpoints\":[]}");
        directly(cluster, "10.0.0.1", slices -> {
            slices.leads(new Lock("pg1", "s", 1, new Version(1)));
            assertThatThrownBy(() -> slices.carryOut(call()))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageContaining("'demo-ipv4' of somebody else's");
        });
        assertThat(addresses(slice(cluster, "demo-ipv4"))).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.testkit.server.KubernetesServers;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Clients are sent to the holder of the lock: by Endpoints that change with it, and by labels of pods. */
class TrafficTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Cluster cluster = new Cluster(Cluster.one(), Kind.ENDPOINTS);

    private JsonNode subsets() {
        return cluster.object("demo").path("subsets");
    }

    private static Lock acquire(Dcs dcs, LockClaim claim) {
        return ((AcquireOutcome.Acquired) dcs.acquire(claim, TIMEOUT)).lock();
    }

    private Map<String, String> labels(String pod) {
        return KubeObject.of(cluster.pod(pod)).labels();
    }

    @Test
    void theAddressGoesWithTheLock() {
        cluster.pod("pg1", "demo");
        cluster.pod("pg2", "demo");
        Map<String, Object> ports = Map.of("ports", List.of(Map.of("name", "postgresql", "port", 5432)));
        try (Dcs one = cluster.open("demo", "pg1", with(ports, "pod_ip", "10.0.0.1"));
                Dcs two = cluster.open("demo", "pg2", with(ports, "pod_ip", "10.0.0.2"))) {
            Lock first = acquire(one, LockClaim.free("pg1"));
            assertThat(subsets().size()).isEqualTo(1);
            JsonNode address = subsets().path(0).path("addresses").path(0);
            assertThat(address.path("ip").asText()).isEqualTo("10.0.0.1");
            assertThat(address.path("targetRef").path("kind").asText()).isEqualTo("Pod");
            assertThat(address.path("targetRef").path("name").asText()).isEqualTo("pg1");
            assertThat(address.path("targetRef").path("uid").asText())
                    .isEqualTo(cluster.pod("pg1").path("metadata").path("uid").asText());
            assertThat(subsets().path(0).path("ports"))
                    .isEqualTo(Json.of(List.of(Map.of("name", "postgresql", "port", 5432, "protocol", "TCP"))));
            Lock second = acquire(two, new LockClaim("pg2", Optional.of(first), List.of()));
            assertThat(subsets().size()).isEqualTo(1);
            assertThat(subsets().path(0).path("addresses").path(0).path("ip").asText())
                    .isEqualTo("10.0.0.2");
            one.renew(first, Optional.empty(), TIMEOUT);
            one.release(first, List.of(), TIMEOUT);
            assertThat(subsets().path(0).path("addresses").path(0).path("ip").asText())
                    .as("a stale holder changes nothing")
                    .isEqualTo("10.0.0.2");
            two.release(second, List.of(), TIMEOUT);
            assertThat(subsets().isEmpty()).isTrue();
        }
    }

    private static Map<String, Object> with(Map<String, Object> options, String key, Object value) {
        Map<String, Object> all = new HashMap<>(options);
        all.put(key, value);
        return all;
    }

    /** Rather nobody is reached than one who leads no more. */
    @Test
    void aHolderWhoseAddressIsUnknownTakesTheOldOneAway() {
        cluster.pod("pg2", "demo");
        try (Dcs one = cluster.open("demo", "pg1", Map.of("pod_ip", "10.0.0.1"));
                Dcs two = cluster.open("demo", "pg2", Map.of())) {
            Lock first = acquire(one, LockClaim.free("pg1"));
            assertThat(subsets().size()).isEqualTo(1);
            Lock second = acquire(two, new LockClaim("pg2", Optional.of(first), List.of()));
            assertThat(subsets().isEmpty()).isTrue();
            cluster.servers()
                    .admin(
                            "PATCH",
                            "/api/v1/namespaces/" + cluster.namespace() + "/pods/pg2/status",
                            "{\"status\":{\"podIP\":\"10.0.0.2\",\"podIPs\":[{\"ip\":\"10.0.0.2\"}]}}");
            two.snapshot(TIMEOUT);
            two.renew(second, Optional.empty(), TIMEOUT);
            assertThat(subsets().path(0).path("addresses").path(0).path("ip").asText())
                    .isEqualTo("10.0.0.2");
        }
    }

    @Test
    void theLabelFollowsTheRole() {
        cluster.pod("pg1", "demo");
        cluster.pod("pg2", "demo");
        try (Dcs one = cluster.open("demo", "pg1", Map.of());
                Dcs two = cluster.open("demo", "pg2", Map.of())) {
            Lock lock = acquire(one, LockClaim.free("pg1"));
            one.snapshot(TIMEOUT);
            one.register("pg1", running("primary"), TIMEOUT);
            two.snapshot(TIMEOUT);
            two.register("pg2", running("replica"), TIMEOUT);
            assertThat(labels("pg1")).containsEntry("role", "primary");
            assertThat(labels("pg2")).containsEntry("role", "replica");
            assertThat(cluster.pod("pg1")
                            .path("metadata")
                            .path("annotations")
                            .path("status")
                            .asText())
                    .isEqualTo(running("primary"));
            one.release(lock, List.of(), TIMEOUT);
            one.snapshot(TIMEOUT);
            one.register("pg1", "{\"state\":\"stopped\",\"role\":\"demoted\"}", TIMEOUT);
            assertThat(labels("pg1")).doesNotContainKey("role").containsEntry("cluster-name", "demo");
        }
        assertThat(labels("pg2")).as("after its session was closed").doesNotContainKey("role");
        assertThat(cluster.pod("pg2").path("metadata").path("annotations").has("status"))
                .isFalse();
    }

    /** From one value to another, with a service that selects by the second label in between, and a switchover on the way. */
    @Test
    void theValueOfTheLabelIsChangedWithoutAMomentOfNobody() {
        Map<String, Object> old = Map.of("leader_label_value", "master");
        Map<String, Object> both = Map.of("leader_label_value", "master", "tmp_role_label", "tmp_role");
        Map<String, Object> moved = Map.of("leader_label_value", "primary", "tmp_role_label", "tmp_role");
        Map<String, Object> done = Map.of("leader_label_value", "primary");
        long start = cluster.now();
        cluster.pod("pg1", "demo");
        cluster.pod("pg2", "demo");
        lead("pg1", old);
        follow("pg2", old);
        assertThat(labels("pg1")).containsEntry("role", "master").doesNotContainKey("tmp_role");
        cluster.servers()
                .admin(
                        "POST",
                        cluster.core("services"),
                        "{\"metadata\":{\"name\":\"clients\"},\"spec\":{\"clusterIP\":\"None\",\"selector\":{\"role\":\"master\"}}}");
        follow("pg2", both);
        lead("pg1", both);
        select("{\"role\":null,\"tmp_role\":\"primary\"}");
        follow("pg2", moved);
        Dcs first = lead("pg1", moved);
        first.release(first.snapshot(TIMEOUT).leader().orElseThrow(), List.of(), TIMEOUT);
        first.snapshot(TIMEOUT);
        first.register("pg1", running("replica"), TIMEOUT);
        lead("pg2", moved);
        select("{\"tmp_role\":null,\"role\":\"primary\"}");
        follow("pg1", done);
        lead("pg2", done);
        for (String pod : List.of("pg1", "pg2")) {
            cluster.servers()
                    .admin("PATCH", cluster.core("pods/" + pod), "{\"metadata\":{\"labels\":{\"tmp_role\":null}}}");
        }
        assertThat(labels("pg2")).containsEntry("role", "primary").doesNotContainKey("tmp_role");
        assertThat(labels("pg1")).containsEntry("role", "replica").doesNotContainKey("tmp_role");
        assertThat(requireFoundThroughout(start))
                .as("states of pods and service that were seen")
                .isGreaterThan(12);
    }

    private void select(String selector) {
        cluster.servers()
                .admin("PATCH", cluster.core("services/clients"), "{\"spec\":{\"selector\":" + selector + "}}");
    }

    /** In each state that there was, the service selects those and only those pods whose member is the primary. */
    private int requireFoundThroughout(long start) {
        List<KubeObject> states = Stream.of("pods", "services")
                .flatMap(plural -> cluster.states(cluster.core(plural), start).stream())
                .sorted(Comparator.comparingLong(KubeObject::version))
                .toList();
        Map<String, KubeObject> now = new TreeMap<>();
        int found = 0;
        for (KubeObject state : states) {
            now.put(state.name(), state);
            KubeObject service = now.get("clients");
            if (service != null) {
                found++;
                Set<String> primaries = names(
                        now, pod -> pod.annotations().getOrDefault("status", "").equals(running("primary")));
                Set<String> selected = names(
                        now,
                        pod -> service.json().path("spec").path("selector").properties().stream()
                                .allMatch(label -> label.getValue()
                                        .asText()
                                        .equals(pod.labels().get(label.getKey()))));
                assertThat(selected).as("with %s", now).isEqualTo(primaries);
            }
        }
        return found;
    }

    private static Set<String> names(Map<String, KubeObject> objects, Predicate<KubeObject> which) {
        return objects.values().stream()
                .filter(object -> object.name().startsWith("pg") && which.test(object))
                .map(KubeObject::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** An agent that was started anew with other options, and whose predecessor did not end its session. */
    private Dcs lead(String member, Map<String, Object> options) {
        Dcs dcs = cluster.open("demo", member, options);
        Optional<Lock> before = dcs.snapshot(TIMEOUT).leader();
        acquire(dcs, new LockClaim(member, before, List.of()));
        dcs.snapshot(TIMEOUT);
        dcs.register(member, running("primary"), TIMEOUT);
        return dcs;
    }

    private void follow(String member, Map<String, Object> options) {
        Dcs dcs = cluster.open("demo", member, options);
        dcs.snapshot(TIMEOUT);
        dcs.register(member, running("replica"), TIMEOUT);
    }

    @Test
    void labelsOfThoseThatAreMadeGoWhenTheyRun() {
        cluster.pod("pg1", "demo");
        try (Dcs dcs = cluster.open("demo", "pg1", Map.of("bootstrap_labels", Map.of("making", "yes")))) {
            dcs.register("pg1", "{\"state\":\"creating replica\",\"role\":\"uninitialized\"}", TIMEOUT);
            assertThat(labels("pg1")).containsEntry("making", "yes").doesNotContainKey("role");
            dcs.register("pg1", running("replica"), TIMEOUT);
            assertThat(labels("pg1")).doesNotContainKey("making").containsEntry("role", "replica");
        }
    }

    @Test
    void theServiceThatKeepsTheConfigurationIsMade() {
        try (Dcs dcs = cluster.open("demo", "pg1", Map.of())) {
            dcs.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT);
        }
        assertThat(cluster.servers()
                        .ask(
                                KubernetesServers.ADMIN,
                                "GET",
                                "/api/v1/namespaces/" + cluster.namespace() + "/services/demo-config",
                                "")
                        .body())
                .contains("\"clusterIP\":\"None\"");
    }

    private static String running(String role) {
        return "{\"state\":\"running\",\"role\":\"" + role + "\"}";
    }
}

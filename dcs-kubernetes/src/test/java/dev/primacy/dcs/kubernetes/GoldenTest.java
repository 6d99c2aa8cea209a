// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Patroni's own code and ours read each other's objects, and leave whole what they write over. {@code bin/golden} makes the files. */
class GoldenTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Path OURS =
            Path.of(System.getProperty("project.root"), "dcs-api/src/test/resources/golden/ours");
    private static final List<String> RECORDS =
            List.of("initialize", "config", "history", "failover", "sync", "status", "failsafe");
    private static final List<String> MEMBERS = List.of("pg1", "pg2", "pg3");
    /** Which annotations each object has, by what follows the scope in its name. */
    private static final Map<String, Set<String>> TABLE = Map.of(
            "-leader",
            Set.of(
                    "leader",
                    "ttl",
                    "renewTime",
                    "acquireTime",
                    "transitions",
                    "optime",
                    "slots",
                    "retain_slots",
                    "failsafe"),
            "-config",
            Set.of("initialize", "config", "history"),
            "-failover",
            Set.of("leader", "member", "scheduled_at"),
            "-sync",
            Set.of("leader", "sync_standby", "quorum"));

    private final AtomicLong seconds = new AtomicLong(1);

    /** A kind of object, and the number of a Citus group if there are any. */
    enum Mode {
        ENDPOINTS(Kind.ENDPOINTS, Optional.empty()),
        CONFIG_MAPS(Kind.CONFIG_MAPS, Optional.empty()),
        CITUS(Kind.ENDPOINTS, Optional.of("2")),
        /** Patroni does not know it. */
        LEASES(Kind.LEASES, Optional.empty());

        private final Kind kind;
        private final Optional<String> group;

        Mode(Kind kind, Optional<String> group) {
            this.kind = kind;
            this.group = group;
        }

        private String tree(String whose) {
            return kind.plural() + group.map(number -> "-citus").orElse("") + "/" + whose;
        }

        private String prefix() {
            return "demo" + group.map(number -> "-" + number).orElse("");
        }
    }

    private static Cluster cluster(Mode mode) {
        Cluster cluster = new Cluster(Cluster.one(), mode.kind);
        for (String pod : MEMBERS) {
            cluster.pod(pod, "demo");
            ObjectNode labels = Json.object().put("application", "patroni");
            mode.group.ifPresent(number -> labels.put(Layout.GROUP_LABEL, number));
            cluster.servers().admin("PATCH", cluster.core("pods/" + pod), "{\"metadata\":{\"labels\":" + labels + "}}");
        }
        return cluster;
    }

    private Dcs open(Cluster cluster, Mode mode, String member) {
        var server = cluster.servers().addresses().get(0);
        Map<String, Object> options = new HashMap<>(Map.of(
                "labels",
                Map.of("application", "patroni"),
                "pod_ip",
                "10.0.0." + member.charAt(2),
                "ports",
                List.of(Map.of("name", "postgresql", "port", 5432))));
        return new KubernetesProvider(() -> Instant.parse("2026-01-02T03:04:05Z"), new Random(1))
                .open(
                        new DcsClient.Scope(
                                "/service/demo"
                                        + mode.group.map(number -> "/" + number).orElse(""),
                                member,
                                TTL),
                        cluster.section(server.getHostString() + ":" + server.getPort(), options),
                        () -> new MonotonicInstant(
                                Duration.ofSeconds(seconds.get()).toNanos()));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LEASES")
    void whatPatroniWroteIsUnderstoodAndWrittenBackUndamaged(Mode mode) {
        Cluster cluster = cluster(mode);
        String tree = mode.tree("patroni");
        if (Golden.WRITE) {
            Golden.patroni(cluster, "write", mode.kind, mode.group);
            Golden.write(tree, Golden.objects(cluster, mode.kind));
            Golden.writeUnderstood(tree, Golden.patroni(cluster, "read", mode.kind, mode.group));
        } else {
            Golden.restore(cluster, Golden.read(tree));
        }
        List<Dcs> agents = new ArrayList<>();
        MEMBERS.forEach(member -> agents.add(open(cluster, mode, member)));
        Snapshot seen = agents.get(0).snapshot(TIMEOUT);
        assertThat(shown(seen)).isEqualTo(Golden.understood(tree));
        seen.members().forEach((member, stored) -> {
            Dcs agent = agents.get(MEMBERS.indexOf(member));
            agent.snapshot(TIMEOUT);
            agent.register(member, stored.value(), TIMEOUT);
        });
        Dcs leader = agents.get(0);
        seen.records()
                .forEach((key, stored) -> assertThat(
                                leader.write(RecordWrite.replace(key, stored.value(), stored.version()), TIMEOUT))
                        .as("%s", key)
                        .isInstanceOf(WriteOutcome.Done.class));
        seconds.addAndGet(TTL.toSeconds());
        Lock lock = ((AcquireOutcome.Acquired) leader.acquire(LockClaim.free("pg1"), TIMEOUT)).lock();
        assertThat(leader.renew(lock, seen.record(RecordKey.STATUS).map(Stored::value), TIMEOUT))
                .isInstanceOf(RenewOutcome.Renewed.class);
        Map<String, JsonNode> after = Golden.objects(cluster, mode.kind);
        after.values().forEach(GoldenTest::leavePatronis);
        Map<String, JsonNode> before = Golden.read(tree);
        before.values().forEach(GoldenTest::leavePatronis);
        assertThat(after).isEqualTo(before);
        requireTable(mode, tree);
        agents.forEach(Dcs::close);
    }

    /** Without what is ours alone, and times, and blanks in a list. */
    private static void leavePatronis(JsonNode object) {
        ObjectNode annotations = (ObjectNode) object.path("metadata").path("annotations");
        annotations.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> name.startsWith("primacy.dev/"))
                .toList()
                .forEach(annotations::remove);
        for (String time : List.of("renewTime", "acquireTime")) {
            if (annotations.has(time)) {
                assertThat(annotations.path(time).asText())
                        .matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}\\+00:00");
                annotations.put(time, "");
            }
        }
        if (annotations.has("retain_slots")) {
            annotations.put(
                    "retain_slots",
                    Json.parse(annotations.path("retain_slots").asText())
                            .orElseThrow()
                            .toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWeWriteIsTheRecordedAndMeansTheSameToPatroni(Mode mode) throws IOException {
        Cluster cluster = cluster(mode);
        String tree = mode.tree("ours");
        List<Dcs> agents = new ArrayList<>();
        MEMBERS.forEach(member -> agents.add(open(cluster, mode, member)));
        Dcs leader = agents.get(0);
        for (String record : RECORDS) {
            leader.write(RecordWrite.blind(new RecordKey(record), Files.readString(OURS.resolve(record))), TIMEOUT);
        }
        Lock lock = ((AcquireOutcome.Acquired) leader.acquire(LockClaim.free("pg1"), TIMEOUT)).lock();
        leader.renew(lock, Optional.of(Files.readString(OURS.resolve("status"))), TIMEOUT);
        for (int i = 0; i < MEMBERS.size(); i++) {
            agents.get(i).snapshot(TIMEOUT);
            agents.get(i)
                    .register(
                            MEMBERS.get(i),
                            Files.readString(OURS.resolve("members").resolve(MEMBERS.get(i))),
                            TIMEOUT);
        }
        Map<String, JsonNode> objects = Golden.objects(cluster, mode.kind);
        if (Golden.WRITE) {
            Golden.write(tree, objects);
            if (mode.kind != Kind.LEASES) {
                Golden.writeUnderstood(tree, Golden.patroni(cluster, "read", mode.kind, mode.group));
            }
        }
        assertThat(objects).isEqualTo(Golden.read(tree));
        requireTable(mode, tree);
        if (mode.kind != Kind.LEASES) {
            assertThat(shown(leader.snapshot(TIMEOUT))).isEqualTo(Golden.understood(tree));
        }
        agents.forEach(Dcs::close);
    }

    /** Objects and annotations are those of the table, no more and no less. */
    private static void requireTable(Mode mode, String tree) {
        Map<String, Set<String>> found = new TreeMap<>();
        Golden.read(tree).values().stream()
                .filter(object -> !object.path("kind").asText().matches("Pod|Service"))
                .map(object -> object.path("metadata"))
                .forEach(metadata -> found.put(metadata.path("name").asText(), patronis(metadata.path("annotations"))));
        Map<String, Set<String>> wanted = new TreeMap<>();
        TABLE.forEach((suffix, names) ->
                wanted.put(mode.prefix() + (suffix.equals("-leader") ? mode.kind.leaderSuffix() : suffix), names));
        assertThat(found).as(tree).isEqualTo(wanted);
    }

    private static Set<String> patronis(JsonNode annotations) {
        Set<String> names = new TreeSet<>();
        annotations.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> name.startsWith("primacy.dev/"));
        return names;
    }

    /** In the form in which Patroni was asked. */
    private static JsonNode shown(Snapshot seen) {
        ObjectNode shown = Json.object();
        shown.put("leader", seen.leader().map(Lock::holder).orElse(null));
        for (String record : RECORDS) {
            String text = seen.record(new RecordKey(record)).map(Stored::value).orElse("null");
            shown.set(
                    record,
                    record.equals("initialize")
                            ? shown.textNode(text)
                            : Json.parse(text).orElseThrow());
        }
        if (shown.path("status") instanceof ObjectNode status) {
            // Ours says more, which Patroni leaves alone.
            status.retain("optime", "slots", "retain_slots");
        }
        ObjectNode members = shown.putObject("members");
        seen.members()
                .forEach((name, stored) ->
                        members.set(name, Json.parse(stored.value()).orElseThrow()));
        return Json.parse(shown.toString()).orElseThrow();
    }
}

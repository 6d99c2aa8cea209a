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
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Patroni writes is understood and kept, and what we write is what Patroni reads. */
class ForeignObjectsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TTL = Duration.ofSeconds(2);
    private static final MonotonicClock CLOCK = BootClock.system();
    private static final String LEADER = "{'leader':'pg1','ttl':'2','renewTime':'2020-07-24T10:00:00.000000+00:00',"
            + "'acquireTime':'2020-07-24T09:00:00.000000+00:00','transitions':'3','optime':'67108960',"
            + "'slots':'{\\'pg2\\':67108960}','retain_slots':'[\\'pg1\\',\\'pg2\\']','failsafe':'{\\'pg1\\':\\'http://a\\'}'}";

    private static String json(String text) {
        return text.replace("\\'", "\\\"").replace('\'', '"');
    }

    @ParameterizedTest
    @EnumSource
    void patronisObjectsAreRead(Kind kind) {
        Cluster cluster = new Cluster(Cluster.one(), kind);
        cluster.pod("pg1", "demo");
        cluster.servers()
                .admin(
                        "PATCH",
                        "/api/v1/namespaces/" + cluster.namespace() + "/pods/pg1",
                        json("{'metadata':{'annotations':{'status':'{}'}}}"));
        cluster.annotate("demo", "-leader", json(LEADER));
        cluster.annotate("demo", "-config", json("{'initialize':'7381234567890123456','config':'{}','history':'[]'}"));
        cluster.annotate("demo", "-failover", json("{'leader':'pg1','member':'pg2'}"));
        cluster.annotate("demo", "-sync", json("{'leader':'pg1','quorum':'0','sync_standby':'pg2,pg3'}"));
        try (Dcs dcs = cluster.open("demo", "a", Map.of())) {
            Snapshot seen = dcs.snapshot(TIMEOUT);
            assertThat(seen.leader().map(Lock::holder)).hasValue("pg1");
            assertThat(seen.members()).containsOnlyKeys("pg1");
            Map<String, String> records = new TreeMap<>();
            seen.records().forEach((key, stored) -> records.put(key.path(), stored.value()));
            assertThat(records)
                    .isEqualTo(Map.of(
                            "status",
                            "{\"optime\":67108960,\"slots\":{\"pg2\":67108960},\"retain_slots\":[\"pg1\",\"pg2\"]}",
                            "failsafe",
                            "{\"pg1\":\"http://a\"}",
                            "initialize",
                            "7381234567890123456",
                            "config",
                            "{}",
                            "history",
                            "[]",
                            "failover",
                            "{\"leader\":\"pg1\",\"member\":\"pg2\"}",
                            "sync",
                            "{\"leader\":\"pg1\",\"quorum\":0,\"sync_standby\":\"pg2,pg3\"}"));
        }
    }

    /** Its times are years old, and are not looked at. */
    @ParameterizedTest
    @EnumSource
    void patronisLockIsHeldUntilItWasSilentForItsTtl(Kind kind) {
        Cluster cluster = new Cluster(Cluster.one(), kind);
        cluster.annotate("demo", "-leader", json(LEADER));
        try (Dcs dcs = cluster.open("demo", "a", Map.of())) {
            MonotonicInstant looked = CLOCK.now();
            Lock held = dcs.snapshot(TIMEOUT).leader().orElseThrow();
            assertThat(dcs.acquire(LockClaim.free("pg2"), TIMEOUT)).isInstanceOf(AcquireOutcome.Refused.class);
            AcquireOutcome outcome = dcs.acquire(LockClaim.free("pg2"), TIMEOUT);
            while (outcome instanceof AcquireOutcome.Refused) {
                RealTime.pass(CLOCK, Duration.ofMillis(10));
                outcome = dcs.acquire(LockClaim.free("pg2"), TIMEOUT);
            }
            assertThat(CLOCK.now()).isGreaterThanOrEqualTo(looked.plus(TTL));
            assertThat(((AcquireOutcome.Acquired) outcome).lock().term()).isGreaterThan(held.term());
            JsonNode annotations = cluster.object(Cluster.objectName(kind, "demo", "-leader"))
                    .path("metadata")
                    .path("annotations");
            assertThat(annotations.path("leader").asText()).isEqualTo("pg2");
            assertThat(annotations.path("transitions").asText()).isEqualTo("4");
            assertThat(annotations.path("slots").asText()).as("left alone").isEqualTo("{\"pg2\":67108960}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void patronisLockIsHeldForAsLongAsItIsRenewed(Kind kind) {
        Cluster cluster = new Cluster(Cluster.one(), kind);
        cluster.annotate("demo", "-leader", json(LEADER));
        try (Dcs dcs = cluster.open("demo", "a", Map.of())) {
            Lock held = dcs.snapshot(TIMEOUT).leader().orElseThrow();
            for (int i = 0; i < 6; i++) {
                RealTime.pass(CLOCK, TTL.dividedBy(2));
                cluster.annotate("demo", "-leader", json("{'renewTime':'2020-07-24T10:00:0" + i + ".5+00:00'}"));
                assertThat(dcs.snapshot(TIMEOUT).leader()).as("the same tenure").hasValue(held);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForeignHolderEndsOurTenure(Kind kind) {
        Cluster cluster = new Cluster(Cluster.one(), kind);
        try (Dcs dcs = cluster.open("demo", "a", Map.of())) {
            Lock ours = acquire(dcs, "pg1");
            cluster.annotate("demo", "-leader", json(LEADER));
            assertThat(dcs.renew(ours, Optional.of("{\"optime\":1}"), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
            Snapshot seen = dcs.snapshot(TIMEOUT);
            assertThat(seen.leader()).isPresent().isNotEqualTo(Optional.of(ours));
            assertThat(seen.leader().orElseThrow().term()).isGreaterThan(ours.term());
            assertThat(seen.record(RecordKey.STATUS).map(Stored::value).orElse(""))
                    .contains("67108960");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForeignChangeIsAnotherVersion(Kind kind) {
        Cluster cluster = new Cluster(Cluster.one(), kind);
        try (Dcs dcs = cluster.open("demo", "a", Map.of())) {
            dcs.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT);
            Stored ours = dcs.snapshot(TIMEOUT).record(RecordKey.CONFIG).orElseThrow();
            cluster.annotate("demo", "-config", json("{'config':'{\\'ttl\\':30}'}"));
            Stored theirs = dcs.snapshot(TIMEOUT).record(RecordKey.CONFIG).orElseThrow();
            assertThat(theirs.version()).isNotEqualTo(ours.version());
            assertThat(dcs.write(RecordWrite.replace(RecordKey.CONFIG, "late", ours.version()), TIMEOUT))
                    .isEqualTo(new WriteOutcome.Conflict(Optional.of(theirs)));
            assertThat(dcs.write(RecordWrite.replace(RecordKey.CONFIG, "{}", theirs.version()), TIMEOUT))
                    .isInstanceOf(WriteOutcome.Done.class);
        }
    }

    /** All that Patroni knows is where it looks for it, as text. */
    @ParameterizedTest
    @EnumSource
    void whatWeWriteIsWhatPatroniReads(Kind kind) {
        Cluster cluster = new Cluster(Cluster.one(), kind);
        try (Dcs dcs = cluster.open("demo", "a", Map.of("labels", Map.of("application", "patroni")))) {
            write(dcs, RecordKey.INITIALIZE, "7381234567890123456");
            write(dcs, RecordKey.CONFIG, "{\"ttl\":30}");
            write(dcs, RecordKey.HISTORY, "[]");
            write(dcs, RecordKey.SYNC, "{\"leader\":\"pg1\",\"quorum\":0,\"sync_standby\":\"pg2\"}");
            write(dcs, RecordKey.FAILOVER, "{\"leader\":\"pg1\",\"member\":\"pg2\"}");
            Lock lock = acquire(dcs, "pg1");
            dcs.renew(lock, Optional.of("{\"optime\":67108960,\"slots\":{\"pg2\":67108960}}"), TIMEOUT);
            assertThat(patronis(cluster, kind, "-leader"))
                    .containsEntry("leader", "pg1")
                    .containsEntry("ttl", "2")
                    .containsEntry("transitions", "0")
                    .containsEntry("optime", "67108960")
                    .containsEntry("slots", "{\"pg2\":67108960}")
                    .containsOnlyKeys("leader", "ttl", "transitions", "optime", "slots", "acquireTime", "renewTime");
            assertThat(patronis(cluster, kind, "-leader").get("renewTime"))
                    .matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{6}\\+00:00");
            assertThat(patronis(cluster, kind, "-config"))
                    .isEqualTo(Map.of("initialize", "7381234567890123456", "config", "{\"ttl\":30}", "history", "[]"));
            assertThat(patronis(cluster, kind, "-sync"))
                    .isEqualTo(Map.of("leader", "pg1", "quorum", "0", "sync_standby", "pg2"));
            assertThat(patronis(cluster, kind, "-failover")).isEqualTo(Map.of("leader", "pg1", "member", "pg2"));
            write(dcs, RecordKey.FAILOVER, "{}");
            assertThat(patronis(cluster, kind, "-failover")).isEmpty();
            assertThat(dcs.snapshot(TIMEOUT).record(RecordKey.FAILOVER).map(Stored::value))
                    .hasValue("{}");
            dcs.release(lock, List.of(), TIMEOUT);
            assertThat(patronis(cluster, kind, "-leader")).doesNotContainKey("leader");
            assertThat(cluster.object("demo-config").path("metadata").path("labels"))
                    .isEqualTo(Json.of(Map.of("application", "patroni", "cluster-name", "demo")));
        }
    }

    /** The annotations that are not ours alone. */
    private static Map<String, String> patronis(Cluster cluster, Kind kind, String suffix) {
        Map<String, String> found =
                new TreeMap<>(KubeObject.of(cluster.object(Cluster.objectName(kind, "demo", suffix)))
                        .annotations());
        found.keySet().removeIf(name -> name.startsWith("primacy.dev/"));
        return found;
    }

    private static void write(Dcs dcs, RecordKey key, String value) {
        assertThat(dcs.write(RecordWrite.blind(key, value), TIMEOUT)).isInstanceOf(WriteOutcome.Done.class);
    }

    private static Lock acquire(Dcs dcs, String holder) {
        return ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free(holder), TIMEOUT)).lock();
    }
}

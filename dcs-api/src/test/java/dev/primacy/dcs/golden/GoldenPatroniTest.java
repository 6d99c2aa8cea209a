// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.record.CitusView;
import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.ConfigRecord;
import dev.primacy.dcs.record.FailoverRecord;
import dev.primacy.dcs.record.FailsafeRecord;
import dev.primacy.dcs.record.HistoryRecord;
import dev.primacy.dcs.record.InitializeRecord;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.dcs.record.SyncRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Patroni's values mean here what they mean there, and the other way round. */
class GoldenPatroniTest {
    private static final Map<String, UnaryOperator<String>> CODECS = Map.of(
            "initialize", text -> InitializeRecord.parse(text).encode(),
            "config", text -> ConfigRecord.parse(text).encode(),
            "leader", text -> text,
            "members", text -> MemberRecord.parse(text).encode(),
            "status", text -> StatusRecord.parse(text).encode(),
            "optime", text -> StatusRecord.parse(text).encodeLegacy(),
            "failover", text -> FailoverRecord.parse(text).encode(),
            "sync", text -> SyncRecord.parse(text).encode(),
            "history", text -> HistoryRecord.parse(text).encode(),
            "failsafe", text -> FailsafeRecord.parse(text).encode());

    static List<String> stores() {
        return Tree.STORES;
    }

    static Stream<Arguments> storesAndTrees() {
        return Tree.STORES.stream()
                .flatMap(store -> Stream.of(store + "/patroni", "ours", "old").map(tree -> Arguments.of(store, tree)));
    }

    @ParameterizedTest
    @MethodSource("stores")
    void whatPatroniWroteIsWrittenByteByByteAsItWas(String store) {
        Tree tree = Tree.read(store + "/patroni");
        assertThat(tree.values().keySet())
                .contains("initialize-founding", "members/pg3", "optime/leader", "history-first", "sync-alone");
        tree.values()
                .forEach((key, text) ->
                        assertThat(codec(key).apply(text)).as(key).isEqualTo(text));
    }

    @ParameterizedTest
    @MethodSource("storesAndTrees")
    void bothUnderstandTheSame(String store, String tree) throws Exception {
        String name = tree.substring(tree.lastIndexOf('/') + 1);
        ClusterView view = ClusterView.of(Tree.read(tree).snapshot());
        assertThat(Understood.of(view, new TreeMap<>()))
                .isEqualTo(Understood.json(Tree.text(store + "/" + name + ".json")));
    }

    @ParameterizedTest
    @MethodSource("stores")
    void bothSeeTheSameGroups(String store) throws Exception {
        CitusView groups = CitusView.of(Tree.read("ours-citus").groups());
        assertThat(groups.workers().keySet()).containsExactly(new CitusGroup(2), new CitusGroup(10));
        assertThat(Understood.of(groups.coordinator().orElseThrow(), groups.workers()))
                .isEqualTo(Understood.json(Tree.text(store + "/ours-citus.json")));
    }

    @ParameterizedTest
    @MethodSource("stores")
    void theSameMeaningIsWrittenInTheSameBytes(String store) {
        Tree patroni = Tree.read(store + "/patroni");
        for (String key : List.of(
                "initialize", "leader", "members/pg1", "optime/leader", "failover", "sync", "history", "failsafe")) {
            assertThat(Ours.cluster().get(key)).as(key).isEqualTo(patroni.get(key));
        }
        StatusRecord status = Ours.status();
        assertThat(new StatusRecord(status.optime(), Optional.empty(), status.source()).encode())
                .isEqualTo(patroni.get("status"));
        assertThat(StatusRecord.parse(patroni.get("status")).at(Ours.HUGE + 1).encode())
                .isEqualTo(patroni.get("status-carried-over"));
        assertThat(FailoverRecord.NONE.encode()).isEqualTo(patroni.get("failover-none"));
        assertThat(HistoryRecord.EMPTY.encode()).isEqualTo(patroni.get("history-first"));
        assertThat(SyncRecord.of("pg1", List.of(), 0).encode()).isEqualTo(patroni.get("sync-alone"));
        assertThat(new InitializeRecord(Optional.empty()).encode()).isEqualTo(patroni.get("initialize-founding"));
    }

    /** Where a key can be deleted, turning synchronous mode off deletes it. */
    @Test
    void synchronousModeIsTurnedOffAsPatroniDoes() {
        assertThat(Tree.read("etcd3/patroni").values()).doesNotContainKey("sync-off");
        assertThat(Tree.read("consul/patroni").values()).doesNotContainKey("sync-off");
        assertThat(Tree.read("zookeeper/patroni").get("sync-off")).isEqualTo(SyncRecord.OFF.encode());
    }

    @ParameterizedTest
    @MethodSource("stores")
    void whatPatroniDoesNotShowIsReadToo(String store) {
        ClusterView seen = ClusterView.of(Tree.read(store + "/patroni").snapshot());
        MemberRecord replica = seen.member("pg2").orElseThrow();
        assertThat(replica.proxyUrl()).hasValue("postgres://127.0.0.1:6432/postgres");
        assertThat(replica.pendingRestart()).isTrue();
        assertThat(replica.pendingRestartReason())
                .containsOnlyKeys("max_connections")
                .containsEntry(
                        "max_connections",
                        JsonObject.EMPTY.with("old_value", "100").with("new_value", "200"));
        assertThat(replica.replicationState()).hasValue("streaming");
        assertThat(replica.scheduledRestart().orElseThrow().text("schedule"))
                .hasValue("2030-01-02T03:04:05.678900+00:00");
        assertThat(replica.paused()).isTrue();
        assertThat(seen.member("pg3").orElseThrow().paused()).isFalse();
        assertThat(replica.tags().source().text("rack")).hasValue("Zürich");
        assertThat(seen.cloneSources("pg4")).containsExactly("pg2");
        assertThat(seen.cloneSources("pg2")).containsExactly("pg1");
    }

    private static UnaryOperator<String> codec(String key) {
        return Optional.ofNullable(CODECS.get(key.split("[-/]", 2)[0]))
                .orElseThrow(() -> new AssertionError("no codec for " + key));
    }
}

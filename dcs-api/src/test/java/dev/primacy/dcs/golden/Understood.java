// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.AgentVersion;
import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.FailoverRecord;
import dev.primacy.dcs.record.HistoryRecord;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.dcs.record.SyncRecord;
import java.math.BigInteger;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Primacy understands of a cluster, in the form in which {@code patroni_peer.py} shows what Patroni does. */
final class Understood {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Understood() {}

    static JsonNode of(ClusterView cluster, SortedMap<CitusGroup, ClusterView> workers) throws Exception {
        // Through text, so that equal numbers are equal nodes.
        return MAPPER.readTree(MAPPER.writeValueAsString(fields(cluster, workers)));
    }

    static JsonNode json(String text) throws Exception {
        return MAPPER.readTree(text);
    }

    private static Map<String, @Nullable Object> fields(
            ClusterView cluster, SortedMap<CitusGroup, ClusterView> workers) {
        Optional<StatusRecord> status = cluster.status().value();
        Map<String, @Nullable Object> shown = new TreeMap<>();
        shown.put(
                "initialize",
                cluster.initialize().stored().map(stored -> stored.value()).orElse(null));
        shown.put(
                "config",
                cluster.config().value().map(config -> tree(config.encode())).orElse(null));
        shown.put("leader", cluster.leaderName().orElse(null));
        shown.put(
                "checkpointed",
                cluster.leaderMember()
                        .flatMap(MemberRecord::checkpointedAfterPromotion)
                        .orElse(null));
        shown.put("unlocked", cluster.isUnlocked());
        shown.put("optime", status.map(at -> unsigned(at.optime())).orElse(BigInteger.ZERO));
        shown.put("slots", unsigned(status.map(StatusRecord::slots).orElse(Map.of())));
        shown.put("retain_slots", status.map(StatusRecord::retainSlots).orElse(List.of()));
        shown.put("members", members(cluster));
        shown.put(
                "failover",
                cluster.failover()
                        .value()
                        .filter(FailoverRecord::isRequested)
                        .map(Understood::failover)
                        .orElse(null));
        shown.put(
                "sync",
                cluster.sync()
                        .value()
                        .filter(SyncRecord::isActive)
                        .map(Understood::sync)
                        .orElse(null));
        shown.put(
                "history",
                cluster.history()
                        .value()
                        .map(history ->
                                history.lines().stream().map(Understood::line).toList())
                        .orElse(null));
        shown.put("timeline", cluster.timeline());
        shown.put(
                "failsafe",
                cluster.failsafe().value().map(failsafe -> failsafe.members()).orElse(null));
        shown.put(
                "oldest_version",
                cluster.oldestVersion().map(AgentVersion::parts).orElse(null));
        Map<String, Object> groups = new TreeMap<>();
        workers.forEach((group, worker) -> groups.put(group.toString(), fields(worker, new TreeMap<>())));
        shown.put("groups", groups);
        return shown;
    }

    private static Map<String, Object> members(ClusterView cluster) {
        Map<String, Object> shown = new TreeMap<>();
        cluster.members().forEach((name, entry) -> {
            MemberRecord member = entry.value().orElseThrow(() -> new AssertionError(name + " is unreadable"));
            Map<String, @Nullable Object> fields = new TreeMap<>();
            fields.put("conn_url", orNull(member.connUrl()));
            fields.put("api_url", orNull(member.apiUrl()));
            fields.put("state", member.state().isEmpty() ? "unknown" : member.state());
            fields.put("primary_role", member.role().equals("primary"));
            fields.put("host", member.address().map(Address::host).orElse(null));
            fields.put("port", member.address().map(Address::port).orElse(null));
            fields.put("version", member.agentVersion().map(AgentVersion::parts).orElse(null));
            fields.put("lsn", member.xlogLocation().map(Understood::unsigned).orElse(null));
            fields.put("timeline", member.timeline().orElse(null));
            fields.put("nofailover", member.tags().nofailover());
            fields.put("failover_priority", member.tags().failoverPriority());
            fields.put("nosync", member.tags().nosync());
            fields.put("clonefrom", member.tags().clonefrom());
            fields.put("nostream", member.tags().nostream());
            fields.put("noloadbalance", member.tags().noloadbalance());
            fields.put("replicatefrom", member.tags().replicatefrom().orElse(null));
            shown.put(name, fields);
        });
        return shown;
    }

    private static Map<String, @Nullable Object> failover(FailoverRecord failover) {
        Map<String, @Nullable Object> fields = new TreeMap<>();
        fields.put("leader", failover.leader().orElse(null));
        fields.put("candidate", failover.member().orElse(null));
        DateTimeFormatter format = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss[.SSSSSS]xxx", Locale.ROOT);
        fields.put("at", failover.scheduledAt().map(at -> shown(at, format)).orElse(null));
        return fields;
    }

    private static String shown(OffsetDateTime at, DateTimeFormatter format) {
        String text = format.format(at);
        return at.getNano() == 0 ? text.replace(".000000", "") : text;
    }

    private static Map<String, Object> sync(SyncRecord sync) {
        return Map.of(
                "leader", sync.leader().orElseThrow(),
                "voters", sync.voters(),
                "quorum", sync.quorum(),
                "matches",
                        Stream.of("pg1", "PG2", "pg3", "pg4")
                                .filter(sync::isVoter)
                                .toList());
    }

    private static List<Object> line(HistoryRecord.Line line) {
        List<Object> fields = new ArrayList<>(List.of(line.timeline(), unsigned(line.lsn()), line.reason()));
        line.time().ifPresent(fields::add);
        line.leader().ifPresent(fields::add);
        return fields;
    }

    private static Map<String, BigInteger> unsigned(Map<String, Long> positions) {
        Map<String, BigInteger> shown = new TreeMap<>();
        positions.forEach((name, position) -> shown.put(name, unsigned(position)));
        return shown;
    }

    private static BigInteger unsigned(long position) {
        return new BigInteger(Long.toUnsignedString(position));
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}

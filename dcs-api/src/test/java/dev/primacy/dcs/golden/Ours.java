// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.golden;

import dev.primacy.dcs.record.ConfigRecord;
import dev.primacy.dcs.record.FailoverRecord;
import dev.primacy.dcs.record.FailsafeRecord;
import dev.primacy.dcs.record.HistoryRecord;
import dev.primacy.dcs.record.InitializeRecord;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.dcs.record.SyncRecord;
import dev.primacy.dcs.record.Tags;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A cluster as Primacy's codecs write it, each field used somewhere. */
final class Ours {
    /** Beyond 2^63, where a signed number would turn negative. */
    static final long HUGE = Long.MIN_VALUE + (1L << 32);

    private static final String SYSTEM = "7381234567890123456";
    private static final String NO_TARGET = "no recovery target specified";

    private Ours() {}

    static Tree cluster() {
        Map<String, String> values = new TreeMap<>();
        values.put("initialize", new InitializeRecord(Optional.of(SYSTEM)).encode());
        values.put("config", config().encode());
        values.put("leader", "pg1");
        values.put("members/pg1", leader().encode());
        values.put("members/pg2", replica().encode());
        values.put("members/pg3", stopped().encode());
        values.put("status", status().encode());
        values.put("optime/leader", status().encodeLegacy());
        values.put("failover", failover().encode());
        values.put("sync", SyncRecord.of("pg1", List.of("pg2", "PG3", "PG1"), 1).encode());
        values.put("history", history().encode());
        values.put("failsafe", failsafe().encode());
        return new Tree(new TreeMap<>(values));
    }

    static Tree citus() {
        TreeMap<String, String> values = new TreeMap<>();
        cluster().values().forEach((key, value) -> values.put("0/" + key, value));
        values.put("2/initialize", SYSTEM);
        values.put("2/leader", "pg2");
        values.put("2/members/pg2", replica().encode());
        values.put("10/members/pg3", stopped().encode());
        values.put("03/leader", "pg1");
        values.put("1x/leader", "pg1");
        return new Tree(values);
    }

    static ConfigRecord config() {
        JsonObject parameters =
                JsonObject.EMPTY.with("cluster_name", "Zürich \uD83D\uDC18").with("work_mem", "4MB");
        return new ConfigRecord(JsonObject.EMPTY
                .with("ttl", 30)
                .with("postgresql", JsonObject.EMPTY.with("use_pg_rewind", true).with("parameters", parameters)));
    }

    static MemberRecord leader() {
        return member(1, "running", "primary", Optional.of(HUGE)).withCheckpointPending(true);
    }

    static MemberRecord replica() {
        JsonObject tags = JsonObject.EMPTY
                .with("clonefrom", true)
                .with("failover_priority", 2)
                .with("replicatefrom", "pg1")
                .with("rack", "Zürich");
        JsonObject reason = JsonObject.EMPTY.with("old_value", "100").with("new_value", "200");
        JsonObject restart = JsonObject.EMPTY.with("schedule", "2030-01-02T03:04:05.678900+00:00");
        // Not in the order in which they are written.
        return member(2, "running", "replica", Optional.of(67108960L))
                .withPause(true)
                .withScheduledRestart(Optional.of(restart))
                .withReplication(Optional.of(67108959L), Optional.of(67108960L), Optional.of("streaming"))
                .withPendingRestart(Map.of("max_connections", reason))
                .withTags(new Tags(tags))
                .withProxyUrl(Optional.of("postgres://127.0.0.1:6432/postgres"));
    }

    static MemberRecord stopped() {
        JsonObject tags =
                JsonObject.EMPTY.with("nofailover", true).with("nosync", true).with("nostream", true);
        return member(3, "stopped", "uninitialized", Optional.empty()).withTags(new Tags(tags));
    }

    private static MemberRecord member(int number, String state, String role, Optional<Long> location) {
        return new MemberRecord(
                "postgres://127.0.0.1:543" + number + "/postgres",
                "http://127.0.0.1:800" + number + "/patroni",
                state,
                role,
                "4.0.7",
                location,
                location.map(known -> 3L),
                JsonObject.EMPTY);
    }

    static StatusRecord status() {
        Map<String, Long> slots = new LinkedHashMap<>();
        slots.put("pg1", HUGE);
        slots.put("pg2", 67108960L);
        slots.put("logical", 67108961L);
        return new StatusRecord(HUGE, Optional.of(3L), JsonObject.EMPTY)
                .withRetainSlots(List.of("pg2", "pg1"))
                .withSlots(slots);
    }

    static FailoverRecord failover() {
        return FailoverRecord.of(
                Optional.of("pg1"), Optional.of("pg2"), Optional.of(OffsetDateTime.parse("2030-01-02T03:04:05+05:30")));
    }

    static HistoryRecord history() {
        return HistoryRecord.of(List.of(
                new HistoryRecord.Line(
                        1, 25623960, NO_TARGET, Optional.of("2026-01-02T03:04:05.123456+01:00"), Optional.of("pg2")),
                new HistoryRecord.Line(2, 33554592, NO_TARGET, Optional.empty(), Optional.empty()),
                new HistoryRecord.Line(
                        3, HUGE, NO_TARGET, Optional.of("2026-01-02T04:04:05+01:00"), Optional.of("pg1"))));
    }

    static FailsafeRecord failsafe() {
        Map<String, String> members = new LinkedHashMap<>();
        for (int number = 1; number <= 3; number++) {
            members.put("pg" + number, "http://127.0.0.1:800" + number + "/patroni");
        }
        return FailsafeRecord.of(members);
    }
}

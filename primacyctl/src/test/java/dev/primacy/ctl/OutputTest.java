// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.dcs.record.ClusterView;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables byte by byte, as Patroni's tool prints the same. */
class OutputTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final Dcs dcs = new MemoryStore(() -> new MonotonicInstant(0)).open("pg1", Duration.ofSeconds(30));

    @BeforeEach
    void cluster() {
        write(RecordKey.INITIALIZE, "7277694203142172922");
        write(RecordKey.STATUS, "{\"optime\":67110120}");
        dcs.acquire(LockClaim.free("pg1"), TIMEOUT);
        member("pg1", "10.0.0.1:5432", "primary", ",\"timeline\":5,\"xlog_location\":67110120");
        member(
                "pg2",
                "10.0.0.2:5432",
                "replica",
                ",\"timeline\":5,\"replication_state\":\"streaming\",\"receive_lsn\":67110120,\"replay_lsn\":64964608");
    }

    private void write(RecordKey key, String value) {
        dcs.write(RecordWrite.blind(key, value), TIMEOUT);
    }

    private void member(String name, String address, String role, String more) {
        dcs.register(
                name,
                "{\"conn_url\":\"postgres://" + address + "/postgres\",\"state\":\"running\",\"role\":\"" + role + "\""
                        + more + "}",
                TIMEOUT);
    }

    private ClusterView view() {
        return ClusterView.of(dcs.snapshot(TIMEOUT));
    }

    private String list(Format format, boolean extended) {
        return Members.sheet("batman", view(), extended).as(format);
    }

    @Test
    void table() {
        assertThat(list(Format.pretty, false)).isEqualTo("""
                + Cluster: batman (7277694203142172922) --+----+-------------+-----+------------+-----+
                | Member | Host     | Role    | State     | TL | Receive LSN | Lag | Replay LSN | Lag |
                +--------+----------+---------+-----------+----+-------------+-----+------------+-----+
                | pg1    | 10.0.0.1 | Leader  | running   |  5 |             |     |            |     |
                | pg2    | 10.0.0.2 | Replica | streaming |  5 |   0/40004E8 |   0 |  0/3DF4800 |   2 |
                +--------+----------+---------+-----------+----+-------------+-----+------------+-----+""");
    }

    @Test
    void objects() {
        assertThat(list(Format.json, false))
                .isEqualTo("[{\"Cluster\":\"batman\",\"Member\":\"pg1\",\"Host\":\"10.0.0.1\",\"Role\":\"Leader\","
                        + "\"State\":\"running\",\"TL\":5},"
                        + "{\"Cluster\":\"batman\",\"Member\":\"pg2\",\"Host\":\"10.0.0.2\",\"Role\":\"Replica\","
                        + "\"State\":\"streaming\",\"TL\":5,\"Receive LSN\":\"0/40004E8\",\"Receive Lag\":0,"
                        + "\"Replay LSN\":\"0/3DF4800\",\"Replay Lag\":2}]");
        assertThat(list(Format.yaml, false)).startsWith("""
                - Cluster: batman
                  Member: pg1
                """);
        assertThat(list(Format.tsv, false).lines().skip(2))
                .containsExactly("batman\tpg2\t10.0.0.2\tReplica\tstreaming\t5\t0/40004E8\t0\t0/3DF4800\t2");
    }

    @Test
    void moreColumnsWhereThereIsSomethingToShow() {
        member(
                "pg3",
                "10.0.0.1:5433",
                "replica",
                ",\"tags\":{\"nofailover\":true},\"pending_restart\":true,\"pending_restart_reason\":{\"max_connections\":"
                        + "{\"old_value\":\"50\",\"new_value\":\"60\"}},\"scheduled_restart\":"
                        + "{\"schedule\":\"2026-12-01T00:00:00+00:00\",\"postgres_version\":\"16.3\"}");
        assertThat(list(Format.pretty, false))
                .contains("| Pending restart | Pending restart reason  | Scheduled restart                          ")
                .contains(
                        "| pg3    | 10.0.0.1:5433 | Replica | running   |    |     unknown |     |    unknown |     | *  ")
                .contains(
                        "| max_connections: 50->60 | 2026-12-01T00:00:00+00:00 if version < 16.3 | nofailover: true |");
        assertThat(list(Format.json, false)).contains("\"Tags\":{\"nofailover\":true}");
        assertThat(list(Format.tsv, true)).contains("\tPending restart\t");
    }

    @Test
    void aClusterThatIsNotThere() {
        ClusterView nothing = ClusterView.of(new MemoryStore(() -> new MonotonicInstant(0))
                .open("x", TIMEOUT)
                .snapshot(TIMEOUT));
        assertThat(Members.sheet("nowhere", nothing, false).as(Format.pretty))
                .startsWith("+ Cluster: nowhere (uninitialized) ");
        assertThat(Members.sheet("nowhere", nothing, false).as(Format.json)).isEqualTo("[]");
    }

    @Test
    void footer() {
        write(RecordKey.CONFIG, "{\"pause\":true}");
        write(
                RecordKey.FAILOVER,
                "{\"leader\":\"pg1\",\"member\":\"pg2\",\"scheduled_at\":\"2026-12-01T00:00:00+00:00\"}");
        assertThat(Members.footer(view()))
                .containsExactly(
                        " Maintenance mode: on",
                        " Switchover scheduled at: 2026-12-01T00:00:00+00:00",
                        " " + " ".repeat(20) + "from: pg1",
                        " " + " ".repeat(22) + "to: pg2");
    }

    @Test
    void history() {
        Sheet sheet = new Sheet(
                "",
                List.of("TL", "LSN", "Reason", "Timestamp", "New Leader"),
                List.of(List.of(1L, 67110120L, "no recovery target specified", "2026-08-01T02:00:00+00:00", "")));
        assertThat(sheet.as(Format.pretty).lines().toList().get(1))
                .isEqualTo("| TL |      LSN | Reason                       | Timestamp                 | New Leader |");
        assertThat(sheet.as(Format.json)).contains("\"New Leader\":\"\"");
    }
}

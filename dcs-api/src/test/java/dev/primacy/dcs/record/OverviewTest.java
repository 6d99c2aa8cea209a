// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.dcs.record.Overview.Position;
import dev.primacy.dcs.record.Overview.Row;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people are shown of a cluster, and how they change its settings. */
class OverviewTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final Dcs dcs = new MemoryStore(() -> new MonotonicInstant(0)).open("a", Duration.ofSeconds(30));

    private Overview overview() {
        return Overview.of(ClusterView.of(dcs.snapshot(TIMEOUT)));
    }

    private void write(RecordKey key, String value) {
        dcs.write(RecordWrite.blind(key, value), TIMEOUT);
    }

    @Test
    void showsRolesStatesAndLags() {
        write(RecordKey.STATUS, "{\"optime\":1000}");
        write(RecordKey.SYNC, "{\"leader\":\"a\",\"sync_standby\":\"B\"}");
        dcs.acquire(LockClaim.free("a"), TIMEOUT);
        dcs.register("c", "{\"state\":\"running\",\"role\":\"replica\",\"xlog_location\":1200}", TIMEOUT);
        dcs.register(
                "b",
                "{\"state\":\"running\",\"role\":\"replica\",\"replication_state\":\"streaming\",\"receive_lsn\":900,"
                        + "\"replay_lsn\":500}",
                TIMEOUT);
        dcs.register("a", "{\"state\":\"running\",\"role\":\"primary\",\"xlog_location\":1000}", TIMEOUT);
        dcs.register("junk", "[1]", TIMEOUT);
        List<Row> rows = overview().rows();
        assertThat(rows.stream().map(row -> row.name() + " " + row.role() + " " + row.state()))
                .containsExactly("a leader running", "b sync_standby streaming", "c replica running");
        assertThat(rows.get(0).received()).isEmpty();
        assertThat(rows.get(1).received()).contains(new Position(900, 100));
        assertThat(rows.get(1).replayed()).contains(new Position(500, 500));
        assertThat(rows.get(1).position()).contains(new Position(900, 100));
        assertThat(rows.get(2).received()).as("ahead of what the leader told").contains(new Position(1200, 0));
        assertThat(rows.get(2).replayed()).isEmpty();
    }

    @Test
    void showsThePauseAndWhatIsScheduled() {
        assertThat(overview().paused()).isFalse();
        assertThat(overview().scheduled()).isEmpty();
        write(RecordKey.CONFIG, "{\"pause\":\"On\"}");
        write(RecordKey.FAILOVER, "{\"leader\":\"a\",\"scheduled_at\":\"2026-08-01T02:00:00+00:00\"}");
        assertThat(overview().paused()).isTrue();
        assertThat(overview().scheduled().flatMap(FailoverRecord::leader)).contains("a");
    }

    @Test
    void writesPositionsAsPostgresDoes() {
        assertThat(Overview.text(0x16B374D848L)).isEqualTo("16/B374D848");
        assertThat(Overview.text(-1)).isEqualTo("FFFFFFFF/FFFFFFFF");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1}               | {\"a\":null}            | {}",
                "{\"a\":1}               | {\"b\":null}            | {\"a\":1}",
                "{\"a\":1}               | {\"a\":{\"b\":2}}       | {\"a\":{\"b\":2}}",
                "{\"a\":{\"b\":2}}       | {\"a\":1}               | {\"a\":1}",
                "{\"a\":{\"b\":2,\"c\":3}} | {\"a\":{\"b\":null,\"d\":4}} | {\"a\":{\"c\":3,\"d\":4}}",
                "{}                      | {\"a\":{\"b\":{\"c\":null}}} | {\"a\":{\"b\":{}}}",
                "{\"a\":[1,2]}           | {\"a\":[3]}             | {\"a\":[3]}",
            })
    void mergesAsPatroniDoes(String before, String patch, String after) {
        JsonObject base = JsonObject.parse(before);
        assertThat(base.merged(JsonObject.parse(patch))).isEqualTo(JsonObject.parse(after));
        assertThat(base).isEqualTo(JsonObject.parse(before));
    }

    @Test
    void tellsTimesWithoutOffsetFromNonsense() {
        assertThat(IsoTime.isWithoutOffset("2026-08-01T02:00")).isTrue();
        assertThat(IsoTime.isWithoutOffset("2026-08-01 02:00:00.5")).isTrue();
        assertThat(IsoTime.isWithoutOffset("2026-08-01T02:00Z")).isFalse();
        assertThat(IsoTime.isWithoutOffset("soon")).isFalse();
        assertThat(Optional.of("2026-02-30T02:00").filter(IsoTime::isWithoutOffset))
                .isEmpty();
    }
}

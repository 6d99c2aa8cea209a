// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms that are read but never written, and values that must not pass for something harmless. */
class QuirksTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "7", "\"{}\"", "{\"ttl\":", "{} {}"})
    void whatIsNoObjectIsNoConfiguration(String text) {
        assertCorrupt(text, ConfigRecord::parse);
        assertCorrupt(text, FailsafeRecord::parse);
    }

    @Test
    void noFailoverHasSeveralSpellings() {
        for (String none :
                List.of("", "{}", ":", " : ", "{\"leader\":null,\"member\":\"\"}", "{\"scheduled_at\":\"\"}")) {
            assertThat(FailoverRecord.parse(none).isRequested()).as(none).isFalse();
        }
    }

    @Test
    void theOldFormOfAFailoverIsRead() {
        FailoverRecord both = FailoverRecord.parse("pg1: pg2");
        assertThat(both.leader()).hasValue("pg1");
        assertThat(both.member()).hasValue("pg2");
        assertThat(both.isSwitchover()).isTrue();
        assertThat(both.encode()).isEqualTo("{\"leader\":\"pg1\",\"member\":\"pg2\"}");
        assertThat(FailoverRecord.parse(":pg2").isSwitchover()).isFalse();
        assertCorrupt("[\"pg1\"]", FailoverRecord::parse);
        assertCorrupt("<html>", FailoverRecord::parse);
        assertCorrupt("{\"leader\":{},\"member\":\"a\"}", FailoverRecord::parse);
        assertCorrupt("{\"member\":\"a\",\"scheduled_at\":{}}", FailoverRecord::parse);
    }

    @ParameterizedTest
    @CsvSource({
        "2030-01-02T03:04:05+01:00, 2030-01-02T03:04:05+01:00",
        "2030-01-02 03:04:05.5+0100, 2030-01-02T03:04:05.5+01:00",
        "2030-01-02T03:04Z, 2030-01-02T03:04:00+00:00",
        "2030-01-02T03:04:05.123456 +01, 2030-01-02T03:04:05.123456+01:00"
    })
    void timesAreReadInSeveralForms(String text, OffsetDateTime meant) {
        String failover = "{\"member\":\"a\",\"scheduled_at\":\"" + text + "\"}";
        assertThat(FailoverRecord.parse(failover).scheduledAt()).hasValue(meant);
        assertThat(FailoverRecord.parse(failover).encode()).isEqualTo(failover);
    }

    /** As no time at all it would be carried out at once. */
    @ParameterizedTest
    @ValueSource(strings = {"tomorrow", "2030-01-02T03:04:05", "2030-02-30T03:04:05Z"})
    void aTimeThatCannotBeReadSpoilsTheRequest(String text) {
        assertCorrupt("{\"member\":\"a\",\"scheduled_at\":\"" + text + "\"}", FailoverRecord::parse);
    }

    @Test
    void synchronousModeIsOffInSeveralSpellings() {
        for (String off :
                List.of("", "{}", "{\"leader\":null,\"quorum\":null,\"sync_standby\":null}", "{\"leader\":\"\"}")) {
            SyncRecord sync = SyncRecord.parse(off);
            assertThat(sync.isActive()).as(off).isFalse();
            assertThat(sync.members()).isEmpty();
            assertThat(sync.encode()).isEqualTo(off.isEmpty() ? "{}" : off);
        }
    }

    @Test
    void synchronousModeThatCannotBeReadIsNotOff() {
        assertCorrupt("off", SyncRecord::parse);
        assertCorrupt("[]", SyncRecord::parse);
        assertCorrupt("{\"leader\":\"a\",\"quorum\":\"some\"}", SyncRecord::parse);
        assertCorrupt("{\"leader\":\"a\",\"quorum\":-1}", SyncRecord::parse);
        assertCorrupt("{\"leader\":\"a\",\"quorum\":[]}", SyncRecord::parse);
        assertCorrupt("{\"leader\":\"a\",\"sync_standby\":[\"b\"]}", SyncRecord::parse);
        assertCorrupt("{\"leader\":{}}", SyncRecord::parse);
    }

    @Test
    void synchronousMembersAreComparedWithoutCase() {
        SyncRecord sync = SyncRecord.parse("{\"leader\":\"PG1\",\"sync_standby\":\" pg2,,Pg3 \"}");
        assertThat(sync.isLeader("pg1")).isTrue();
        assertThat(sync.isVoter("PG2")).isTrue();
        assertThat(sync.isVoter("pg3")).isTrue();
        assertThat(sync.isVoter("pg1")).isFalse();
        assertThat(sync.members()).containsExactly("PG1", "pg2", "Pg3");
        assertThatThrownBy(() -> SyncRecord.of("a", List.of("b,c"), 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHistoryWithoutMeaningTellsNoTimeline() {
        assertThat(HistoryRecord.parse("[ ]").timeline()).isEqualTo(1);
        assertThat(HistoryRecord.parse("[[\"4\",1,\"\"]]").timeline()).isEqualTo(5);
        for (String odd :
                List.of("[[]]", "[{}]", "[7]", "[[\"a\",1,\"\"]]", "[[-3,1,\"\"]]", "[[9223372036854775807,1,\"\"]]")) {
            assertThat(HistoryRecord.parse(odd).timeline()).as(odd).isZero();
            assertThat(HistoryRecord.parse(odd).encode()).isEqualTo(odd);
        }
        assertThat(HistoryRecord.parse("[[1,2],[3,4,\"why\"]]").lines()).hasSize(1);
        assertCorrupt("{}", HistoryRecord::parse);
    }

    @Test
    void positionsAreUnsignedAndWholeInRange() {
        assertThat(StatusRecord.parse("18446744073709551615").optime()).isEqualTo(-1);
        assertThat(StatusRecord.of(-1).encode()).isEqualTo("{\"optime\":18446744073709551615}");
        for (String odd :
                List.of("18446744073709551616", "-1", "1.0", "true", "{}", "{\"optime\":null}", "{\"optime\":-1}")) {
            assertCorrupt(odd, StatusRecord::parse);
        }
        JsonObject numbers = JsonObject.parse(
                "{\"max\":9223372036854775807,\"min\":-9223372036854775808,\"over\":9223372036854775808,\"text\":\"12\"}");
        assertThat(numbers.number("max")).hasValue(Long.MAX_VALUE);
        assertThat(numbers.number("min")).hasValue(Long.MIN_VALUE);
        assertThat(numbers.number("over")).isEmpty();
        assertThat(numbers.lsn("over")).hasValue(Long.MIN_VALUE);
        assertThat(numbers.number("text")).hasValue(12L);
    }

    @Test
    void aStatusMayHoldItsPartsAsText() {
        StatusRecord status = StatusRecord.parse(
                "{\"optime\":\"16\",\"slots\":\"{\\\"a\\\":8,\\\"b\\\":null}\",\"retain_slots\":\"[\\\"a\\\",1]\"}");
        assertThat(status.optime()).isEqualTo(16);
        assertThat(status.slots()).isEqualTo(Map.of("a", 8L));
        assertThat(status.retainSlots()).containsExactly("a");
        StatusRecord odd = StatusRecord.parse("{\"optime\":1,\"slots\":\"{\",\"retain_slots\":{}}");
        assertThat(odd.slots()).isEmpty();
        assertThat(odd.retainSlots()).isEmpty();
    }

    @Test
    void numbersKeepTheirDigits() {
        String text = "{\"a\":1.10,\"b\":123456789012345678901234567890,\"c\":0.1}";
        assertThat(ConfigRecord.parse(text).encode()).isEqualTo(text);
    }

    @Test
    void aPlainTagWinsOverThePriority() {
        Tags both = tags("{\"nofailover\":false,\"failover_priority\":0,\"nosync\":true,\"sync_priority\":5}");
        assertThat(both.nofailover()).isFalse();
        assertThat(both.nosync()).isTrue();
        assertThat(both.syncPriority()).isZero();
        assertThat(tags("{\"sync_priority\":0}").nosync()).isTrue();
        assertThat(tags("{\"failover_priority\":7}").failoverPriority()).isEqualTo(7);
        assertThat(Tags.NONE.failoverPriority()).isEqualTo(1);
        assertThat(Tags.NONE.nofailover()).isFalse();
    }

    @Test
    void theCheckpointOfAPrimaryIsDoneUnlessItSaysOtherwise() {
        MemberRecord primary = MemberRecord.parse("{\"role\":\"primary\",\"version\":\"4.0.0\"}");
        assertThat(primary.checkpointedAfterPromotion()).hasValue(true);
        assertThat(primary.withCheckpointPending(true).checkpointedAfterPromotion())
                .hasValue(false);
        assertThat(MemberRecord.parse("{\"role\":\"replica\",\"version\":\"4.0.0\"}")
                        .checkpointedAfterPromotion())
                .hasValue(false);
        assertThat(MemberRecord.parse("{\"role\":\"primary\",\"version\":\"1.5.6\"}")
                        .checkpointedAfterPromotion())
                .isEmpty();
        assertThat(MemberRecord.parse("{\"role\":\"primary\",\"version\":\"four\"}")
                        .checkpointedAfterPromotion())
                .isEmpty();
    }

    @Test
    void versionsAreComparedPartByPart() {
        assertThat(version("4.0.10")).isGreaterThan(version("4.0.9"));
        assertThat(version("4.0")).isLessThan(version("4.0.0"));
        assertThat(version("4.0.0")).hasToString("4.0.0");
        assertThat(AgentVersion.parse("4.0b1")).isEmpty();
    }

    private static AgentVersion version(String text) {
        return AgentVersion.parse(text).orElseThrow();
    }

    private static Tags tags(String text) {
        return new Tags(JsonObject.parse(text));
    }

    private static void assertCorrupt(String text, Function<String, ?> parse) {
        Optional<Stored> stored = Optional.of(new Stored(text, new Version(1)));
        assertThat(Entry.read(stored, parse::apply)).as(text).isInstanceOf(Entry.Corrupt.class);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.TimelineHistory.End;
import org.junit.jupiter.api.Test;

/** What a primary of timeline 3 writes into {@code history}. */
class TimelinesTest {
    private static final End FIRST = new End(1, new Lsn(1000), "no recovery target specified");
    private static final End SECOND = new End(2, new Lsn(2000), "no recovery target specified");
    private static final String TOLD = "[[1,1000,\"no recovery target specified\",\"then\",\"other\"],"
            + "[2,2000,\"no recovery target specified\",\"2026-01-01T00:00:00+00:00\",\"me\"]]";

    private static Seen primary() {
        return new Seen().leading().primary().timelines(FIRST, SECOND);
    }

    private static String written(Seen seen) {
        Decision decision = seen.decide();
        assertThat(decision).isInstanceOf(Decision.Write.class);
        Decision.Write write = (Decision.Write) decision;
        assertThat(write.write().key()).isEqualTo(RecordKey.HISTORY);
        return write.write().value().orElseThrow();
    }

    @Test
    void aNewTimelineIsWrittenWithWhoPromotedAndWhen() {
        assertThat(written(primary()))
                .matches("\\[\\[1,1000,\"no recovery target specified\"],"
                        + "\\[2,2000,\"no recovery target specified\",\"[-0-9]+T[:.0-9]+\\+00:00\",\"me\"]]");
    }

    @Test
    void noMoreTimelinesAreToldOfThanTheClusterKeeps() {
        assertThat(written(primary().setting("max_timelines_history", 1))).startsWith("[[2,2000,");
        assertThat(written(primary().setting("max_timelines_history", 2))).startsWith("[[1,1000,");
    }

    @Test
    void theStatusComesFirst() {
        assertThat(primary()
                        .record(RecordKey.STATUS, "{\"optime\":5000,\"timeline\":2}")
                        .decide())
                .isInstanceOf(Decision.Lead.class);
    }

    @Test
    void whatIsKnownOfEarlierPromotionsStays() {
        assertThat(written(primary()
                        .record(RecordKey.HISTORY, "[[1,1000,\"no recovery target specified\",\"then\",\"other\"]]")))
                .startsWith("[[1,1000,\"no recovery target specified\",\"then\",\"other\"],[2,2000,");
    }

    @Test
    void whatIsOfAnotherHistoryDoesNot() {
        assertThat(written(primary()
                        .record(RecordKey.HISTORY, "[[1,999,\"no recovery target specified\",\"then\",\"other\"]]")))
                .startsWith("[[1,1000,\"no recovery target specified\"],[2,2000,");
    }

    @Test
    void whatIsToldIsNotWrittenAgain() {
        assertThat(primary().record(RecordKey.HISTORY, TOLD).decide()).isInstanceOf(Decision.Lead.class);
    }

    @Test
    void aRecordThatCannotBeReadIsWrittenAnew() {
        assertThat(written(primary().record(RecordKey.HISTORY, "{}"))).startsWith("[[1,1000,");
    }

    @Test
    void withoutTheServersFileNothingIsWritten() {
        assertThat(new Seen().leading().primary().decide()).isInstanceOf(Decision.Lead.class);
    }

    @Test
    void onTheFirstTimelineARecordOfAnotherDatabaseIsEmptied() {
        assertThat(written(new Seen()
                        .leading()
                        .primary()
                        .at(1, 5000)
                        .record(RecordKey.STATUS, "{\"optime\":5000,\"timeline\":1}")
                        .record(RecordKey.HISTORY, TOLD)))
                .isEqualTo("[]");
        assertThat(new Seen()
                        .leading()
                        .primary()
                        .at(1, 5000)
                        .record(RecordKey.STATUS, "{\"optime\":5000,\"timeline\":1}")
                        .decide())
                .isInstanceOf(Decision.Lead.class);
        assertThat(new Seen()
                        .leading()
                        .primary()
                        .at(1, 5000)
                        .record(RecordKey.HISTORY, "[]")
                        .decide())
                .isInstanceOf(Decision.Lead.class);
    }

    @Test
    void onlyAPrimaryThatMayWriteTells() {
        assertThat(new Seen().primary().timelines(FIRST, SECOND).decide()).isInstanceOf(Decision.Stop.class);
        assertThat(Decisions.asksTimelines(new Seen().leading().build())).isFalse();
    }
}

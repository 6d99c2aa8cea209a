// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;

class WalPositionsTest {
    private static final String STANDBY = "{\"state\":\"running\",\"xlog_location\":100,\"replay_lsn\":90,"
            + "\"receive_lsn\":100,\"replication_state\":\"streaming\",\"timeline\":1}";

    @Example
    void aStandbyThatOnlyMovedTellsNothingElse() {
        String moved = STANDBY.replace("100", "200").replace("90", "199");
        assertThat(WalPositions.onlyMoved(STANDBY, moved)).isTrue();
        assertThat(WalPositions.onlyMoved(STANDBY, STANDBY)).isTrue();
        assertThat(WalPositions.onlyMoved(
                        STANDBY, "{\"state\":\"running\",\"replication_state\":\"streaming\"," + "\"timeline\":1}"))
                .as("the first position")
                .isTrue();
    }

    @Example
    void whateverElseDiffersCounts() {
        assertThat(WalPositions.onlyMoved(STANDBY, STANDBY.replace("running", "stopped")))
                .isFalse();
        assertThat(WalPositions.onlyMoved(STANDBY, STANDBY.replace("timeline\":1", "timeline\":2")))
                .isFalse();
        assertThat(WalPositions.onlyMoved(STANDBY, STANDBY.replace("}", ",\"tags\":{\"nofailover\":true}}")))
                .isFalse();
        assertThat(WalPositions.onlyMoved(STANDBY, "no JSON")).isFalse();
        assertThat(WalPositions.onlyMoved("no JSON", "nor this")).isFalse();
    }

    @Example
    void aStatusIsAPositionUnlessItsSlotsChange() {
        assertThat(WalPositions.onlyMoved("67108960", "67109000")).isTrue();
        String status = "{\"optime\":100,\"slots\":{\"b\":90,\"a\":91}}";
        assertThat(WalPositions.onlyMoved(status, "{\"optime\":300,\"slots\":{\"a\":290,\"b\":291}}"))
                .isTrue();
        assertThat(WalPositions.onlyMoved(status, "{\"optime\":300,\"slots\":{\"a\":290}}"))
                .isFalse();
        assertThat(WalPositions.onlyMoved(status, "{\"optime\":100,\"slots\":{\"b\":90,\"a\":91},\"timeline\":2}"))
                .isFalse();
    }

    /** Some stores tell watchers by the one, and some by the other. */
    @Example
    void whatOnlyMovedHasTheSameRest() {
        List<String> records = List.of(
                STANDBY,
                STANDBY.replace("100", "200"),
                STANDBY.replace("running", "stopped"),
                STANDBY.replace(",\"timeline\":1", ""),
                STANDBY.replace("}", ",\"tags\":{\"nofailover\":true}}"),
                "{}",
                "{\"optime\":1}",
                "{\"optime\":1,\"slots\":{}}",
                "{\"optime\":1,\"slots\":{\"a\":1}}",
                "{\"optime\":2,\"slots\":{\"a\":2,\"b\":2}}",
                "{\"optime\":3,\"slots\":{\"b\":3,\"a\":3}}",
                "{\"slots\":\"{\\\"a\\\":4}\"}",
                "{\"slots\":5}",
                "6",
                "7",
                "no JSON",
                "nor this");
        for (String before : records) {
            for (String after : records) {
                assertThat(WalPositions.onlyMoved(before, after))
                        .as("%s and %s", before, after)
                        .isEqualTo(WalPositions.restOf(before).equals(WalPositions.restOf(after)));
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.record.ClusterView;
import org.junit.jupiter.api.Test;

/** What Primacy writes is what Patroni was seen to read. {@code bin/golden} makes the files anew. */
class GoldenOursTest {
    private static final boolean WRITE = Boolean.getBoolean("primacy.golden.write");

    @Test
    void theRecordedValuesAreWhatIsWritten() throws Exception {
        compare("ours", Ours.cluster());
    }

    @Test
    void theRecordedGroupsAreWhatIsWritten() throws Exception {
        compare("ours-citus", Ours.citus());
    }

    private static void compare(String name, Tree now) throws Exception {
        if (WRITE) {
            now.write(name);
        }
        assertThat(Tree.read(name)).isEqualTo(now);
    }

    @Test
    void whatIsWrittenIsReadAsWhatItWas() {
        ClusterView read = ClusterView.of(Ours.cluster().snapshot());
        assertThat(read.config().value()).hasValue(Ours.config());
        assertThat(read.status().value().orElseThrow().slots())
                .isEqualTo(Ours.status().slots());
        assertThat(read.failover().value().orElseThrow().scheduledAt())
                .isEqualTo(Ours.failover().scheduledAt());
        assertThat(read.history().value()).hasValue(Ours.history());
        assertThat(read.failsafe().value()).hasValue(Ours.failsafe());
        assertThat(read.member("pg2").orElseThrow().tags())
                .isEqualTo(Ours.replica().tags());
        assertThat(read.member("pg2").orElseThrow().receiveLsn()).hasValue(67108960L);
        assertThat(read.member("pg2").orElseThrow().replayLsn()).hasValue(67108959L);
    }
}

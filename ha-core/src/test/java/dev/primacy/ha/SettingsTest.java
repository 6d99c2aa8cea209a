// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.postgres.Upstream;
import dev.primacy.time.LeaseTiming;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whether {@code standby_cluster} counts, from the file and from the store. */
class SettingsTest {
    private static final String FOLLOWS = "{\"maximum_lag_on_failover\":7,\"standby_cluster\":{\"host\":\"db\"}}";
    private static final Optional<Upstream> REMOTE = Optional.of(new Upstream("db", 5432, Optional.empty()));

    private static HaConfig file() {
        HaConfig plain = new HaConfig(
                "m1",
                "demo",
                "fra",
                new Address("10.0.0.1", 5432),
                "http://10.0.0.1:8008/patroni",
                "0.1.0",
                LeaseTiming.of(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10)),
                1000,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60));
        JsonObject stored = JsonObject.parse(FOLLOWS);
        return plain.with(
                ClusterConfigReader.read(stored, plain.cluster(), TimingLimits.NONE)
                        .config(),
                stored);
    }

    private static Snapshot store() {
        return new Snapshot(
                Optional.empty(), new TreeMap<>(), Map.of(RecordKey.CONFIG, new Stored(FOLLOWS, new Version(1))));
    }

    @Test
    void aClusterOfItsOwnFollows() {
        Settings settings = new Settings(file(), false);
        assertThat(settings.wanted().cluster().standbyOf()).isEqualTo(REMOTE);
        assertThat(settings.read(store()).cluster().standbyOf()).isEqualTo(REMOTE);
    }

    @Test
    void inAGroupTheSiteLeaseAloneSaysWhoFollowsWhom() {
        Settings settings = new Settings(file(), true);
        assertThat(settings.wanted().cluster().standbyOf()).isEmpty();
        HaConfig read = settings.read(store());
        assertThat(read.cluster().standbyOf()).isEmpty();
        assertThat(read.maximumLag()).as("the rest counts").isEqualTo(7);
    }
}

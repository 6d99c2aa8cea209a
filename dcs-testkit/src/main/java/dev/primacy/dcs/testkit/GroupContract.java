// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static dev.primacy.dcs.testkit.ContractCase.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.GroupReader;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Snapshot;
import java.time.Duration;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

/** The groups of a Citus cluster, for backends that can list them. */
public abstract class GroupContract {
    /** A client of a real store. */
    protected abstract DcsClient client();

    /** A path with nothing below it. */
    protected abstract String path();

    @Test
    final void eachGroupIsAClusterOfItsOwn() {
        String path = path();
        try (DcsClient client = client();
                Dcs whole = client.open(scope(path, "all"));
                Dcs coordinator = client.open(scope(CitusGroup.COORDINATOR.path(path), "c1"));
                Dcs worker = client.open(scope(new CitusGroup(2).path(path), "w1"));
                Dcs none = client.open(scope(path + "/02", "x1"))) {
            GroupReader reader = (GroupReader) whole;
            assertThat(reader.groups(TIMEOUT)).isEmpty();
            assertThat(coordinator.acquire(LockClaim.free("c1"), TIMEOUT)).isInstanceOf(AcquireOutcome.Acquired.class);
            worker.register("w1", "{}", TIMEOUT);
            worker.write(RecordWrite.create(RecordKey.INITIALIZE, "7381234567890123456"), TIMEOUT);
            none.write(RecordWrite.create(RecordKey.INITIALIZE, "1"), TIMEOUT);
            whole.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT);
            SortedMap<CitusGroup, Snapshot> groups = reader.groups(TIMEOUT);
            assertThat(groups).containsOnlyKeys(CitusGroup.COORDINATOR, new CitusGroup(2));
            assertThat(groups.get(CitusGroup.COORDINATOR)).isEqualTo(coordinator.snapshot(TIMEOUT));
            assertThat(groups.get(new CitusGroup(2))).isEqualTo(worker.snapshot(TIMEOUT));
            assertThat(whole.snapshot(TIMEOUT).records()).containsOnlyKeys(RecordKey.CONFIG);
            assertThat(whole.snapshot(TIMEOUT).leader()).isEmpty();
        }
    }

    private static Scope scope(String path, String session) {
        return new Scope(path, session, Duration.ofSeconds(30));
    }
}

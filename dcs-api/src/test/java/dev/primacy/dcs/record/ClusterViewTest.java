// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.memory.MemoryGroups;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole cluster, read out of a store. */
class ClusterViewTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final MemoryGroups groups = new MemoryGroups(() -> new MonotonicInstant(0));
    private final MemoryStore store = groups.store(CitusGroup.COORDINATOR);
    private final Dcs dcs = store.open("a", Duration.ofSeconds(30));

    @AfterEach
    void close() {
        dcs.close();
    }

    private ClusterView view() {
        return ClusterView.of(dcs.snapshot(TIMEOUT));
    }

    private void write(RecordKey key, String value) {
        dcs.write(RecordWrite.blind(key, value), TIMEOUT);
    }

    @Test
    void nothingIsNoCluster() {
        assertThat(view().isUnlocked()).isTrue();
        assertThat(view().initialize()).isInstanceOf(Entry.Absent.class);
        assertThat(view().timeline()).isZero();
        assertThat(view().oldestVersion()).isEmpty();
        assertThat(view().cloneSources("a")).isEmpty();
    }

    @Test
    void aLockThatNamesNobodyIsNoLeader() {
        dcs.acquire(LockClaim.free(""), TIMEOUT);
        assertThat(view().leader()).isPresent();
        assertThat(view().isUnlocked()).isTrue();
    }

    @Test
    void aLeaderMayHavePublishedNothing() {
        dcs.acquire(LockClaim.free("a"), TIMEOUT);
        assertThat(view().isUnlocked()).isFalse();
        assertThat(view().leaderMember()).isEmpty();
        assertThat(view().cloneSources("b")).containsExactly("a");
    }

    @Test
    void theFormerPositionCountsOnlyWithoutAStatus() {
        write(RecordKey.OPTIME_LEADER, "7");
        assertThat(view().status().value().orElseThrow().optime()).isEqualTo(7);
        write(RecordKey.STATUS, "{\"optime\":8}");
        assertThat(view().status().value().orElseThrow().optime()).isEqualTo(8);
        write(RecordKey.STATUS, "spoilt");
        assertThat(view().status()).isInstanceOf(Entry.Corrupt.class);
    }

    @Test
    void aSpoiltRecordSpoilsNothingElse() {
        dcs.register("a", "spoilt", TIMEOUT);
        dcs.register("b", "{\"version\":\"4.0.4\"}", TIMEOUT);
        write(RecordKey.CONFIG, "[]");
        write(RecordKey.HISTORY, "[[2,1,\"\"]]");
        assertThat(view().members().keySet()).containsExactly("a", "b");
        assertThat(view().members().get("a")).isInstanceOf(Entry.Corrupt.class);
        assertThat(view().member("a")).isEmpty();
        assertThat(view().oldestVersion().orElseThrow()).hasToString("4.0.4");
        assertThat(view().config().value()).isEmpty();
        assertThat(view().config().stored()).isPresent();
        assertThat(view().timeline()).isEqualTo(3);
    }

    @Test
    void copiesAreMadeOfRunningMembersThatOfferIt() {
        String offering = "{\"conn_url\":\"postgres://h/p\",\"state\":\"running\",\"tags\":{\"clonefrom\":true}}";
        dcs.acquire(LockClaim.free("a"), TIMEOUT);
        dcs.register("a", offering, TIMEOUT);
        dcs.register("b", offering, TIMEOUT);
        dcs.register("c", offering, TIMEOUT);
        dcs.register("d", offering.replace("running", "stopped"), TIMEOUT);
        dcs.register("e", offering.replace("true", "false"), TIMEOUT);
        dcs.register("f", offering.replace("postgres://h/p", ""), TIMEOUT);
        assertThat(view().cloneSources("new")).containsExactly("b", "c");
        assertThat(view().cloneSources("b")).containsExactly("c");
    }

    @Test
    void groupsAreClustersOfTheirOwn() {
        try (Dcs worker = groups.store(new CitusGroup(1)).open("w", Duration.ofSeconds(30))) {
            groups.store(new CitusGroup(2));
            worker.acquire(LockClaim.free("w"), TIMEOUT);
            write(RecordKey.CONFIG, "{}");
            CitusView seen = CitusView.of(groups.groups(TIMEOUT));
            assertThat(seen.groups().keySet()).containsExactly(CitusGroup.COORDINATOR, new CitusGroup(1));
            assertThat(seen.coordinator().orElseThrow().isUnlocked()).isTrue();
            assertThat(seen.workers().values())
                    .extracting(ClusterView::leaderName)
                    .containsExactly(Optional.of("w"));
            assertThat(view().isUnlocked()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "01", "-1", "+1", "1a", "config", "2147483648", "99999999999"})
    void otherChildrenAreNoGroups(String name) {
        assertThat(CitusGroup.ofChild(name)).isEmpty();
    }

    @Test
    void aGroupHasAScopeBelowTheWhole() {
        assertThat(CitusGroup.ofChild("2147483647")).hasValue(new CitusGroup(Integer.MAX_VALUE));
        assertThat(CitusGroup.ofChild("0")).hasValue(CitusGroup.COORDINATOR);
        assertThat(new CitusGroup(3).path("/service/demo")).isEqualTo("/service/demo/3");
    }
}

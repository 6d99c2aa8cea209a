// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
    private static final Lock LOCK = new Lock("site-1", "s1", 7, new Version(7));

    @Test
    void aLockIsHeldByExactlyOneTenure() {
        Snapshot snapshot = new Snapshot(Optional.of(LOCK), new TreeMap<>(), Map.of());
        assertThat(snapshot.isHeldBy(LOCK)).isTrue();
        assertThat(snapshot.isHeldBy(new Lock("site-1", "s2", 7, new Version(7))))
                .isFalse();
        assertThat(snapshot.isHeldBy(new Lock("site-1", "s1", 8, new Version(7))))
                .isFalse();
        assertThat(new Snapshot(Optional.empty(), new TreeMap<>(), Map.of()).isHeldBy(LOCK))
                .isFalse();
    }

    @Test
    void itDoesNotChangeWithWhatItWasMadeFrom() {
        TreeMap<String, Stored> members = new TreeMap<>(Map.of("b", new Stored("", new Version(1))));
        Map<RecordKey, Stored> records = new HashMap<>();
        Snapshot snapshot = new Snapshot(Optional.empty(), members, records);
        members.put("a", new Stored("", new Version(2)));
        records.put(RecordKey.CONFIG, new Stored("", new Version(3)));
        assertThat(snapshot.members().keySet()).containsExactly("b");
        assertThat(snapshot.record(RecordKey.CONFIG)).isEmpty();
        assertThatThrownBy(() -> snapshot.members().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "made/up 1", "made/ü.-_", "optime/leader"})
    void aRecordHasOneOrTwoNames(String path) {
        assertThat(new RecordKey(path)).hasToString(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "Config", "a/b/c", "/config", "config/", "made/.", "made/..", "made/a\n"})
    void nothingElseIsTheNameOfARecord(String path) {
        assertThatThrownBy(() -> new RecordKey(path)).isInstanceOf(IllegalArgumentException.class);
    }

    /** A plain write of these would outlive the session that they belong to. */
    @ParameterizedTest
    @ValueSource(strings = {"leader", "members", "members/node 1", "members/"})
    void theLockAndTheMembersAreNoRecords(String path) {
        assertThatThrownBy(() -> new RecordKey(path)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new RecordKey("leaders")).hasToString("leaders");
    }

    @Test
    void writingOverWhatWasSeenDependsOnIt() {
        assertThat(RecordWrite.over(Optional.empty(), RecordKey.CONFIG, "x"))
                .isEqualTo(RecordWrite.create(RecordKey.CONFIG, "x"));
        assertThat(RecordWrite.over(Optional.of(new Stored("old", new Version(3))), RecordKey.CONFIG, "x"))
                .isEqualTo(RecordWrite.replace(RecordKey.CONFIG, "x", new Version(3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"service/demo", "/service/demo/", "//service//demo"})
    void aScopeHasOneSpelling(String path) {
        assertThat(new DcsClient.Scope(path, "a", Duration.ofSeconds(30)).path())
                .isEqualTo("/service/demo");
    }
}

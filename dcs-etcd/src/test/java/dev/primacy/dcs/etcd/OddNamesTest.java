// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static dev.primacy.dcs.etcd.Expect.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.AcquireOutcome.Acquired;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OddNamesTest {
    private static final byte[] NO_TEXT = {'<', (byte) 0xC3, (byte) 0x28, (byte) 0xFF, 0, '>'};

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "it's \"quoted\"", "größe-\uD83D\uDC18", "100%25", "a?b#c&d", "..."})
    void anyNameWorks(String name) {
        checkName(name);
    }

    @Test
    void aVeryLongNameWorks() {
        checkName("long-".repeat(2000));
    }

    private static void checkName(String name) {
        try (Dcs session = open(EtcdFixture.newPath() + "/" + name)) {
            session.register(name, "{}", TIMEOUT);
            Acquired acquired = (Acquired) session.acquire(LockClaim.free(name), TIMEOUT);
            assertThat(session.renew(acquired.lock(), Optional.of(name), TIMEOUT))
                    .isInstanceOf(RenewOutcome.Renewed.class);
            Snapshot seen = session.snapshot(TIMEOUT);
            assertThat(seen.members()).containsOnlyKeys(name);
            assertThat(seen.leader()).hasValue(acquired.lock());
            assertThat(seen.record(RecordKey.STATUS).orElseThrow().value()).isEqualTo(name);
        }
    }

    @Test
    void aScopeDoesNotSeeItsNeighbours() {
        String path = EtcdFixture.newPath();
        try (Dcs session = open(path);
                Foreign foreign = foreign()) {
            for (String neighbour : new String[] {path, path + "0/leader", path + "-2/leader", path + "."}) {
                foreign.put(neighbour, NO_TEXT);
            }
            assertThat(session.snapshot(TIMEOUT).leader()).isEmpty();
            assertThat(session.snapshot(TIMEOUT).records()).isEmpty();
        }
    }

    @Test
    void foreignBytesUnderAnyKeySpoilNothingElse() {
        String path = EtcdFixture.newPath();
        try (Dcs session = open(path);
                Foreign foreign = foreign()) {
            for (String key : new String[] {
                "leader",
                "members/n",
                "initialize",
                "config",
                "status",
                "failover",
                "sync",
                "history",
                "failsafe",
                "optime/leader",
                "madeup",
                "",
                "UPPER",
                "members/",
                "members/a/b",
                "members",
                "x/..",
                "a//b",
                "0/leader",
                "0/members/n",
                "1/config",
                "\u0000\u0001"
            }) {
                foreign.put(path + "/" + key, NO_TEXT);
            }
            Snapshot seen = session.snapshot(TIMEOUT);
            assertThat(seen.leader().orElseThrow().holder()).startsWith("<").contains("\uFFFD");
            assertThat(seen.members()).containsKey("n").doesNotContainKey("a/b");
            assertThat(seen.records().keySet().stream().map(RecordKey::path))
                    .contains("initialize", "failsafe", "optime/leader", "madeup")
                    .doesNotContain("leader", "UPPER", "x/..", "0/leader");
            session.register("n", "{}", TIMEOUT);
            assertThat(session.snapshot(TIMEOUT).members().values().stream().map(Stored::value))
                    .contains("{}");
        }
    }

    @Test
    void aLockThatPatroniHoldsIsItsOwnUntilItsLeaseEnds() {
        String path = EtcdFixture.newPath();
        try (Dcs session = open(path);
                Foreign patroni = foreign()) {
            long lease = patroni.lease(2);
            long revision = patroni.put(path + "/leader", "node-p".getBytes(StandardCharsets.UTF_8), lease);
            var seen = session.snapshot(TIMEOUT).leader().orElseThrow();
            assertThat(seen.holder()).isEqualTo("node-p");
            assertThat(seen.session()).isEqualTo(Long.toHexString(lease));
            assertThat(seen.term()).isEqualTo(revision);
            assertThat(session.acquire(LockClaim.free("node-1"), TIMEOUT)).isNotInstanceOf(Acquired.class);
            var ours = (Acquired) session.acquire(new LockClaim("node-1", Optional.of(seen), List.of()), TIMEOUT);
            assertThat(ours.lock().term()).isGreaterThan(revision);
            patroni.delete(path + "/leader");
            assertThat(session.renew(ours.lock(), Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
        }
    }

    @Test
    void twoMegabytesAreRejected() {
        try (Dcs session = open(EtcdFixture.newPath())) {
            String tooLong = "x".repeat(2 << 20);
            assertThatThrownBy(() -> session.write(RecordWrite.create(RecordKey.HISTORY, tooLong), TIMEOUT))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageContaining("2097152 bytes, etcd takes up to 1500000");
        }
    }

    private static Dcs open(String path) {
        String host = Servers.one().addresses().get(0).getHostString();
        return new Etcd3Provider()
                .open(new Scope(path, "odd", EtcdFixture.TTL), Map.of("host", host), EtcdFixture.CLOCK);
    }

    private static Foreign foreign() {
        return new Foreign(Servers.one().addresses().get(0));
    }
}

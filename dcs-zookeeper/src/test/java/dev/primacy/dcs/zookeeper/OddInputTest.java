// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.time.BootClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and values that nobody has thought of, and what foreign clients leave where ours should be. */
class OddInputTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final byte[] JUNK = {'{', (byte) 0xFF, 0, (byte) 0xC3, (byte) 0x28, '"'};

    private final ZooKeeperFixture fixture = new ZooKeeperFixture(Servers.ONE);
    private final Dcs dcs = fixture.open("a");

    @AfterEach
    void close() {
        dcs.close();
        fixture.close();
    }

    static List<String> oddNames() {
        return List.of(
                "a b",
                " ",
                "it's",
                "say \"x\"",
                "100%25",
                "..a",
                "a..",
                "ünïcødé-名前",
                "a\\b",
                "$(x)",
                "*",
                "n".repeat(1500));
    }

    @ParameterizedTest
    @MethodSource("oddNames")
    void oddNamesWorkInMembersAndScopes(String name) {
        try (Dcs odd = open("/service odd/" + name)) {
            odd.register(name, "{}", TIMEOUT);
            AcquireOutcome outcome = odd.acquire(LockClaim.free(name), TIMEOUT);
            Lock lock = ((AcquireOutcome.Acquired) outcome).lock();
            assertThat(odd.renew(lock, Optional.of("{}"), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
            Snapshot seen = odd.snapshot(TIMEOUT);
            assertThat(seen.members().keySet()).containsExactly(name);
            assertThat(seen.leader().orElseThrow().holder()).isEqualTo(name);
            assertThat(odd.release(lock, List.of(), TIMEOUT)).isInstanceOf(ReleaseOutcome.Released.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "tab\there", "elephant \uD83D\uDC18", "", "a/b"})
    void namesThatZooKeeperDoesNotTakeAreRejected(String name) {
        assertThatThrownBy(() -> dcs.register(name, "{}", TIMEOUT))
                .isInstanceOf(DcsException.Rejected.class)
                .hasMessageStartingWith("registering " + fixture.path() + "/members/" + name + ": ")
                .hasMessageContaining("name");
        assertThat(dcs.snapshot(TIMEOUT).members()).isEmpty();
    }

    @Test
    void aPathThatZooKeeperDoesNotTakeIsRejectedByEveryVerb() {
        for (String path : List.of("/service/\uD83D\uDC18", "/service/" + "n".repeat(2_000_000), "/service/../x")) {
            try (Dcs odd = open(path)) {
                assertRejected(() -> odd.snapshot(TIMEOUT));
                assertRejected(() -> odd.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT));
                assertRejected(() -> odd.acquire(LockClaim.free("x"), TIMEOUT));
                assertRejected(() -> odd.register("x", "{}", TIMEOUT));
            }
        }
    }

    private static void assertRejected(ThrowingCallable verb) {
        assertThatThrownBy(verb).isInstanceOf(DcsException.Rejected.class).hasMessageContaining("names must be");
    }

    @Test
    void valuesThatAreTooLongAreRejectedAndNothingElseSuffers() {
        String long2 = "x".repeat(2 << 20);
        String long1 = "x".repeat(900_000);
        assertTooLong(() -> dcs.write(RecordWrite.create(RecordKey.CONFIG, long2), TIMEOUT));
        assertTooLong(() -> dcs.register("m", long2, TIMEOUT));
        assertTooLong(() -> dcs.acquire(LockClaim.free(long2), TIMEOUT));
        // Each for itself would fit.
        List<RecordWrite> both =
                List.of(RecordWrite.blind(RecordKey.CONFIG, long1), RecordWrite.blind(RecordKey.HISTORY, long1));
        assertTooLong(() -> dcs.acquire(new LockClaim("m", Optional.empty(), both), TIMEOUT));
        Lock lock = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("m"), TIMEOUT)).lock();
        assertTooLong(() -> dcs.renew(lock, Optional.of(long2), TIMEOUT));
        assertTooLong(() -> dcs.release(lock, both, TIMEOUT));
        assertThat(dcs.renew(lock, Optional.of(long1), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
        assertThat(dcs.snapshot(TIMEOUT).records().keySet()).containsExactly(RecordKey.STATUS);
    }

    private static void assertTooLong(ThrowingCallable verb) {
        assertThatThrownBy(verb)
                .isInstanceOf(DcsException.Rejected.class)
                .hasMessageContaining("bytes")
                .hasMessageContaining("ZooKeeper takes up to 1000000");
    }

    @Test
    void foreignBytesUnderEachKeySpoilNothing() {
        for (String key : List.of(
                "initialize",
                "config",
                "status",
                "failover",
                "sync",
                "history",
                "failsafe",
                "optime/leader",
                "term",
                "members/x",
                "leader",
                "0/leader",
                "0/members/y",
                "Unknown",
                "unknown/deep/er",
                "members/x2/below")) {
            fixture.put(key, JUNK, CreateMode.PERSISTENT);
        }
        Snapshot seen = dcs.snapshot(TIMEOUT);
        assertThat(seen.members().keySet()).containsExactly("x", "x2");
        assertThat(seen.record(RecordKey.CONFIG).orElseThrow().value()).contains("\uFFFD");
        assertThat(seen.records().keySet())
                .contains(RecordKey.INITIALIZE, RecordKey.SYNC, new RecordKey("optime/leader"))
                .noneMatch(key -> key.path().startsWith("0") || key.path().startsWith("U"));
        // The member's record is taken over by a session.
        dcs.register("x", "{}", TIMEOUT);
        assertThat(dcs.snapshot(TIMEOUT).members())
                .hasEntrySatisfying("x", stored -> assertThat(stored.value()).isEqualTo("{}"));
        assertThatThrownBy(() -> dcs.register("x2", "{}", TIMEOUT))
                .isInstanceOf(DcsException.Rejected.class)
                .hasMessageContaining("NOTEMPTY")
                .hasMessageContaining("delete them");
    }

    @Test
    void aLockThatNoSessionOwnsIsNamedAndCanBeReplaced() {
        fixture.put("leader", "foreign".getBytes(UTF_8), CreateMode.PERSISTENT);
        AcquireOutcome refused = dcs.acquire(LockClaim.free("a"), TIMEOUT);
        assertThat(((AcquireOutcome.Refused) refused).reason())
                .isEqualTo(
                        "the lock is held by foreign, by a znode that no session owns and that never expires: if it is"
                                + " a leftover, delete it");
        Lock foreign = dcs.snapshot(TIMEOUT).leader().orElseThrow();
        assertThat(dcs.renew(foreign, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
        assertThat(dcs.acquire(new LockClaim("a", Optional.of(foreign), List.of()), TIMEOUT))
                .isInstanceOf(AcquireOutcome.Acquired.class);
    }

    @Test
    void membersThatHoldDataOrEndWithAForeignSession() throws Exception {
        fixture.put("members", JUNK, CreateMode.PERSISTENT);
        dcs.register("m", "{}", TIMEOUT);
        assertThat(dcs.snapshot(TIMEOUT).members().keySet()).containsExactly("m");
        try (Dcs other = open(fixture.path() + "-2");
                ZooKeeper foreign = fixture.foreign()) {
            other.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT);
            foreign.create(fixture.path() + "-2/members", JUNK, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.EPHEMERAL);
            assertThatThrownBy(() -> other.register("m", "{}", TIMEOUT))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageContaining("made by a foreign client; delete it");
            assertThat(other.snapshot(TIMEOUT).members()).isEmpty();
        }
    }

    private static Dcs open(String path) {
        return new ZooKeeperProvider()
                .open(
                        new Scope(path, "odd", ZooKeeperFixture.TTL),
                        Map.of("hosts", Servers.ONE.connectString(), "tick_time", EmbeddedZooKeeper.TICK_MILLIS),
                        BootClock.system());
    }
}

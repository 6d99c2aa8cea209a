// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.time.BootClock;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys as others leave them, and names that nobody expects. */
class ForeignKeysTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final byte[] JUNK = {'<', (byte) 0xC3, (byte) 0x28, (byte) 0xFF, 0, '>'};
    private static final InetSocketAddress SERVER = Servers.one().addresses().get(0);

    private final Foreign foreign = new Foreign(SERVER);

    @Test
    void aLeaderKeyWithoutASessionIsNobodysLock() {
        foreign.put("service/nobody/leader", JUNK);
        try (Dcs dcs = open("/service/nobody")) {
            assertThat(dcs.snapshot(TIMEOUT).leader()).isEmpty();
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
            Lock lock = acquire(dcs);
            assertThat(dcs.snapshot(TIMEOUT).leader()).hasValue(lock);
            assertThat(dcs.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
        }
        try (Dcs dcs = open("/service/nobody")) {
            assertThat(dcs.snapshot(TIMEOUT).leader()).isEmpty();
        }
    }

    @Test
    void aForeignValueOverTheLockEndsTheTenure() {
        try (Dcs dcs = open("/service/overwritten")) {
            Lock lock = acquire(dcs);
            foreign.put("service/overwritten/leader", "somebody".getBytes(StandardCharsets.UTF_8));
            assertThat(dcs.renew(lock, Optional.of("x"), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
        }
    }

    @Test
    void aMemberKeyWithoutASessionIsNoMemberAndIsTakenOver() {
        foreign.put("service/stray/members/node-1", JUNK);
        try (Dcs dcs = open("/service/stray")) {
            assertThat(dcs.snapshot(TIMEOUT).members()).isEmpty();
            dcs.register("node-1", "{}", TIMEOUT);
            assertThat(dcs.snapshot(TIMEOUT).members()).containsKey("node-1");
        }
        try (Dcs dcs = open("/service/stray")) {
            assertThat(dcs.snapshot(TIMEOUT).members()).isEmpty();
        }
    }

    @Test
    void junkSpoilsNothing() {
        for (String key : List.of(
                "initialize",
                "config",
                "status",
                "optime/leader",
                "failover",
                "history",
                "sync",
                "failsafe",
                "epoch",
                "Upper",
                "0/leader",
                "0/members/x",
                "1/config",
                "members/",
                "a/b/c",
                "folder/")) {
            foreign.put("service/junk/" + key, JUNK);
        }
        try (Dcs dcs = open("/service/junk")) {
            Lock lock = acquire(dcs);
            Snapshot seen = dcs.snapshot(TIMEOUT);
            assertThat(seen.leader()).hasValue(lock);
            assertThat(seen.members()).isEmpty();
            assertThat(seen.records()).hasSize(9);
            assertThat(seen.record(RecordKey.CONFIG).orElseThrow().value())
                    .startsWith("<")
                    .contains("\uFFFD")
                    .endsWith(">");
        }
    }

    @Test
    void scopesThatBeginAlikeAreTwo() {
        foreign.put("service/alike-2/config", JUNK);
        try (Dcs dcs = open("/service/alike")) {
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "a b",
                "it's \"quoted\"",
                "50%25 %2F",
                "ü\uD83D\uDC18",
                "?x=1&y#z",
                "\\",
                "a+b",
                "...",
                "LONG"
            })
    void anyNameWorks(String given) {
        String name = given.equals("LONG") ? "n".repeat(3000) : given;
        try (Dcs dcs = open("/odd " + name + "/scope " + name)) {
            Lock lock = acquire(dcs);
            dcs.register(name, name, TIMEOUT);
            dcs.write(RecordWrite.create(new RecordKey("odd/" + name), name), TIMEOUT);
            assertThat(dcs.renew(lock, Optional.of(name), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
            Snapshot seen = dcs.snapshot(TIMEOUT);
            assertThat(seen.leader()).hasValue(lock);
            assertThat(seen.members())
                    .hasEntrySatisfying(
                            name, member -> assertThat(member.value()).isEqualTo(name));
            assertThat(seen.record(new RecordKey("odd/" + name)).orElseThrow().value())
                    .isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/service/..", "/./demo"})
    void aPathThatCannotBeOneIsRefusedAtOnce(String path) {
        assertThatThrownBy(() -> open(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no path for a scope in Consul: ");
    }

    @Test
    void aValueOfTwoMegabytesIsRejected() {
        String value = "x".repeat(2 << 20);
        try (Dcs dcs = open("/service/large")) {
            assertThatThrownBy(() -> dcs.write(RecordWrite.blind(RecordKey.HISTORY, value), TIMEOUT))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessage("writing service/large/history: the value of service/large/history has 2097152 bytes,"
                            + " Consul takes up to 380000");
            assertThatThrownBy(() -> dcs.register("node", value, TIMEOUT)).isInstanceOf(DcsException.Rejected.class);
            LockClaim many = new LockClaim(
                    "a",
                    Optional.empty(),
                    List.of(
                            RecordWrite.blind(RecordKey.HISTORY, "x".repeat(300_000)),
                            RecordWrite.blind(RecordKey.CONFIG, "x".repeat(300_000))));
            assertThatThrownBy(() -> dcs.acquire(many, TIMEOUT))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageContaining("too large");
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
            assertThat(dcs.snapshot(TIMEOUT).leader()).isEmpty();
        }
    }

    private static Lock acquire(Dcs dcs) {
        AcquireOutcome outcome = dcs.acquire(LockClaim.free("a"), TIMEOUT);
        assertThat(outcome).isInstanceOf(AcquireOutcome.Acquired.class);
        return ((AcquireOutcome.Acquired) outcome).lock();
    }

    private static Dcs open(String path) {
        return new ConsulProvider()
                .open(
                        new DcsClient.Scope(path, "a", Duration.ofSeconds(30)),
                        Map.of("host", SERVER.getHostString()),
                        BootClock.system());
    }
}

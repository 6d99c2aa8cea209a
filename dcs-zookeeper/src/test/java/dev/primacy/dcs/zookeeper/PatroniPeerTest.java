// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Patroni does with its plain client, and how it looks from here. */
class PatroniPeerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ZooKeeperFixture fixture = new ZooKeeperFixture(Servers.ONE);
    private final Dcs dcs = fixture.open("a");

    @AfterEach
    void close() {
        dcs.close();
        fixture.close();
    }

    @Test
    void readsPatronisTree() throws Exception {
        try (ZooKeeper patroni = fixture.foreign()) {
            create(patroni, "leader", "node-1", CreateMode.EPHEMERAL);
            create(patroni, "members/node-1", "{\"state\":\"running\"}", CreateMode.EPHEMERAL);
            create(patroni, "config", "{\"ttl\":30}", CreateMode.PERSISTENT);
            create(patroni, "optime/leader", "67108960", CreateMode.PERSISTENT);
            create(patroni, "0/config", "{}", CreateMode.PERSISTENT);
            Snapshot seen = dcs.snapshot(TIMEOUT);
            Lock lock = seen.leader().orElseThrow();
            assertThat(lock.holder()).isEqualTo("node-1");
            assertThat(lock.session()).isEqualTo(Long.toHexString(patroni.getSessionId()));
            assertThat(seen.members().keySet()).containsExactly("node-1");
            assertThat(seen.records().keySet())
                    .containsExactlyInAnyOrder(RecordKey.CONFIG, new RecordKey("optime/leader"));
            assertThat(dcs.acquire(LockClaim.free("a"), TIMEOUT)).isInstanceOf(AcquireOutcome.Refused.class);
            assertThat(dcs.acquire(new LockClaim("a", Optional.of(lock), List.of()), TIMEOUT))
                    .isInstanceOf(AcquireOutcome.Acquired.class);
        }
    }

    /** Its znode has data version 0 like ours had, and it knows nothing of our term. */
    @Test
    void aLockThatPatroniTookInsteadIsLost() throws Exception {
        Lock lock = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("a"), TIMEOUT)).lock();
        try (ZooKeeper patroni = fixture.foreign()) {
            patroni.delete(fixture.path() + "/leader", -1);
            create(patroni, "leader", "a", CreateMode.EPHEMERAL);
            assertThat(dcs.renew(lock, Optional.of("late"), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
            assertThat(dcs.release(lock, List.of(), TIMEOUT)).isInstanceOf(ReleaseOutcome.Lost.class);
            Snapshot seen = dcs.snapshot(TIMEOUT);
            assertThat(seen.leader().orElseThrow().session()).isEqualTo(Long.toHexString(patroni.getSessionId()));
            assertThat(seen.records()).isEmpty();
        }
    }

    @Test
    void patroniFindsWhatItExpects() throws Exception {
        dcs.register("a", "{\"state\":\"running\"}", TIMEOUT);
        Lock lock = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("a"), TIMEOUT)).lock();
        dcs.renew(lock, Optional.of("{\"optime\":1}"), TIMEOUT);
        try (ZooKeeper patroni = fixture.foreign()) {
            assertThat(text(patroni, "leader")).isEqualTo("a");
            assertThat(text(patroni, "members/a")).isEqualTo("{\"state\":\"running\"}");
            assertThat(text(patroni, "status")).isEqualTo("{\"optime\":1}");
            assertThat(patroni.exists(fixture.path() + "/leader", false).getEphemeralOwner())
                    .isEqualTo(Long.parseLong(lock.session(), 16));
        }
    }

    private String text(ZooKeeper patroni, String key) throws Exception {
        return new String(patroni.getData(fixture.path() + "/" + key, false, null), UTF_8);
    }

    private void create(ZooKeeper patroni, String key, String value, CreateMode mode) throws Exception {
        fixture.makeParents(patroni, key);
        patroni.create(fixture.path() + "/" + key, value.getBytes(UTF_8), ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }
}

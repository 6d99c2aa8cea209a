// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.time.BootClock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/** How many writes the ensemble must agree on, which is what it has least of: each takes the next zxid. */
class CostTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int ROUNDS = 20;

    @Test
    void aRenewalOrALookIsOneWriteAndAnUnchangedMemberIsNone() {
        try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(1);
                Dcs leader = open(server);
                Dcs standby = open(server)) {
            Lock lock = ((AcquireOutcome.Acquired) leader.acquire(LockClaim.free("a"), TIMEOUT)).lock();
            leader.renew(lock, Optional.of("first"), TIMEOUT);
            standby.register("b", "{}", TIMEOUT);
            standby.snapshot(TIMEOUT);
            long start = ServerCounters.of(server).zxid();
            repeat(i -> leader.renew(lock, Optional.of("status " + i), TIMEOUT));
            assertThat(ServerCounters.of(server).zxid() - start).isEqualTo(ROUNDS);
            repeat(i -> leader.renew(lock, Optional.empty(), TIMEOUT));
            assertThat(ServerCounters.of(server).zxid() - start).isEqualTo(2 * ROUNDS);
            repeat(i -> standby.register("b", "{}", TIMEOUT));
            assertThat(ServerCounters.of(server).zxid() - start).isEqualTo(2 * ROUNDS);
            // Which a quorum has to agree on, or it might be old.
            repeat(i -> standby.snapshot(TIMEOUT));
            assertThat(ServerCounters.of(server).zxid() - start).isEqualTo(3 * ROUNDS);
        }
    }

    private static void repeat(IntConsumer step) {
        for (int i = 0; i < ROUNDS; i++) {
            step.accept(i);
        }
    }

    private static Dcs open(EmbeddedZooKeeper server) {
        return new ZooKeeperProvider()
                .open(
                        new Scope("/service/cost", "cost", Duration.ofSeconds(30)),
                        Map.of("hosts", server.connectString(), "tick_time", EmbeddedZooKeeper.TICK_MILLIS),
                        BootClock.system());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many clients fight for one lock in real time, while their sessions fall silent or are closed at random. However that
 * goes, no two of them may believe at one time that they hold it.
 */
public abstract class HistoryContract {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryContract.class);
    private static final int CLIENTS = 4;

    /** A new fixture, with an empty scope and a clock that runs by itself. */
    protected abstract DcsFixture fixture();

    /** For how long they fight: {@code -Dhistory.seconds}, 10 if not given. */
    private static Duration duration() {
        return Duration.ofSeconds(Long.getLong("history.seconds", 10));
    }

    @Test
    final void noTwoBelieveAtOneTimeThatTheyHoldTheLock() {
        long seed = Long.getLong("history.seed", new Random().nextLong());
        List<Belief> history = play(seed);
        List<Belief> byStart =
                history.stream().sorted(Comparator.comparing(Belief::from)).toList();
        for (int i = 1; i < byStart.size(); i++) {
            Belief earlier = byStart.get(i - 1);
            assertThat(byStart.get(i).from())
                    .as("history.seed=%d: %s, then %s", seed, earlier, byStart.get(i))
                    .isGreaterThanOrEqualTo(earlier.until());
        }
        LOG.info("history.seed={}: {} tenures, none of them overlap", seed, byStart.size());
        assertThat(byStart).as("history.seed=%d: tenures", seed).hasSizeGreaterThan(1);
    }

    private List<Belief> play(long seed) {
        Queue<Belief> history = new ConcurrentLinkedQueue<>();
        try (DcsFixture fixture = fixture()) {
            Duration ttl = fixture.ttl();
            LeaseTiming timing = new LeaseTiming(
                    ttl, ttl.dividedBy(10), ttl.dividedBy(3), 0.001, Duration.ofMillis(10), Duration.ZERO);
            MonotonicInstant end = fixture.clock().now().plus(duration());
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Contender contender = new Contender("client-" + i, fixture, timing, new Random(seed + i), history::add);
                clients.add(CompletableFuture.runAsync(
                        () -> contender.fightUntil(end), work -> Link.daemon("contender", work)));
            }
            clients.forEach(CompletableFuture::join);
        }
        return List.copyOf(history);
    }

    /** Somebody relied on the lock for this time. */
    record Belief(String client, long term, MonotonicInstant from, MonotonicInstant until) {}
}

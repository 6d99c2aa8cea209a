// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.server.StoreServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients fight for one lock and write the same records in real time, while sessions fall silent, networks fail and
 * servers are killed and frozen. However that goes, no two of them rely on the lock at one time, a lock that is relied on
 * is there, terms grow, and there is an order in which all that was read and written makes sense.
 *
 * <p>{@code -Dhistory.runs} histories are played, 1 if not given, {@code -Dhistory.lanes} at a time, each for {@code
 * -Dhistory.seconds}. {@code -Dhistory.seed} plays the one with the same faults and the same intentions again; how threads
 * and servers meet differs.
 */
public abstract class HistoryContract {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryContract.class);
    private static final int RUNS = Integer.getInteger("history.runs", 1);
    private static final int LANES = Math.min(RUNS, Integer.getInteger("history.lanes", 2));
    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("history.seconds", 8));

    private final AtomicInteger tenures = new AtomicInteger();
    private final AtomicLong operations = new AtomicLong();

    /** Servers for one history after another; {@link StoreServers#none} if there is nothing to disturb. */
    protected abstract StoreServers start();

    /** A new fixture on these servers, with an empty scope and a clock that runs by itself. */
    protected abstract DcsFixture fixture(StoreServers servers);

    @Test
    final void aCorrectStoreCouldHaveAnsweredLikeThat() {
        long first = Long.getLong("history.seed", new Random().nextLong());
        ConcurrentLinkedQueue<Long> seeds = new ConcurrentLinkedQueue<>(
                IntStream.range(0, RUNS).mapToObj(i -> first + i).toList());
        AtomicInteger played = new AtomicInteger();
        List<String> violations = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(LANES);
        try {
            List<CompletableFuture<List<String>>> lanes = IntStream.range(0, LANES)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> lane(seeds, played), threads))
                    .toList();
            lanes.forEach(lane -> violations.addAll(lane.join()));
        } finally {
            threads.shutdownNow();
        }
        assertThat(violations).isEmpty();
        // A history in which a fault lasts from the beginning to the end may show little; all of them must show
        // something.
        assertThat(tenures).as("tenures in all histories").hasPositiveValue();
        assertThat(operations).as("operations in all histories").hasValueGreaterThan(5L * RUNS);
    }

    private List<String> lane(ConcurrentLinkedQueue<Long> seeds, AtomicInteger played) {
        List<String> violations = new ArrayList<>();
        try (StoreServers servers = start()) {
            for (Long seed = seeds.poll(); seed != null; seed = seeds.poll()) {
                violations.addAll(play(seed, servers, played));
            }
        }
        return violations;
    }

    private List<String> play(long seed, StoreServers servers, AtomicInteger played) {
        List<String> faults = new ArrayList<>();
        History history;
        try (DcsFixture fixture = fixture(servers)) {
            history = new Play(fixture, servers).run(seed, LENGTH, faults::add);
        }
        List<String> violations = history.violations().stream()
                .map(violation -> "-Dhistory.seed=" + seed + ": " + violation + "\nfaults: " + faults)
                .toList();
        LOG.info(
                "{}: history {} of {}, -Dhistory.seed={}, {} faults: {}: {}",
                getClass().getSimpleName(),
                played.incrementAndGet(),
                RUNS,
                seed,
                faults.size(),
                history.summary(),
                violations.isEmpty() ? "no violation" : violations.size() + " VIOLATIONS");
        violations.forEach(violation -> LOG.error("{}", violation));
        tenures.addAndGet(history.tenures());
        operations.addAndGet(history.certain());
        return violations;
    }
}

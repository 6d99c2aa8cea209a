// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.simulation.Simulation.Outcome;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;

/** A few histories of each shape; {@code bin/simulate} plays as many as one likes. */
final class SimulationTest {
    @Test
    void aHistoryHasAsManyTroublesAsWereAskedFor() {
        for (int troubles : new int[] {1, 20, 100}) {
            assertThat(Scenario.of(7, 2, 2, troubles).troubles()).hasSize(troubles);
        }
        for (long seed = 0; seed < 100; seed++) {
            assertThat(Scenario.of(seed, 2, 2).troubles()).hasSizeBetween(20, 29);
        }
    }

    @Test
    void nothingIsViolated() throws InterruptedException {
        ExecutorService threads = Threads.pool();
        try {
            Tally all = new Tally();
            for (long seed = 0; seed < 60; seed++) {
                Outcome outcome = Simulation.run(Scenario.of(seed, 0, 0), threads);
                assertThat(outcome.violation()).as("seed " + seed).isEmpty();
                all.add(outcome.tally());
            }
            assertThat(all.events()).containsKeys("founded", "led", "group: switchover", "group: takeover");
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void oneSeedIsOneHistory() throws InterruptedException {
        ExecutorService threads = Threads.pool();
        try {
            Outcome first = Simulation.tell(Scenario.of(7, 2, 2), threads);
            Outcome again = Simulation.tell(Scenario.of(7, 2, 2), threads);
            assertThat(first.story()).isNotEmpty().isEqualTo(again.story());
            assertThat(Simulation.run(Scenario.of(7, 2, 2), threads).virtualNanos())
                    .isEqualTo(first.virtualNanos());
        } finally {
            threads.shutdown();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.simulation.Trouble.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ShrinkerTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final Trouble ONE = new Trouble(3 * SECOND + 7, Kind.AGENT_FROZEN, 0, SECOND + 5, 0);
    private static final Trouble OTHER = new Trouble(9 * SECOND + 7, Kind.NODE_CRASHES, 5, SECOND / 2, 0);

    private int runs;

    /** Two of thirty troubles matter, and only together; so do the site and the member that one of them befalls. */
    @Test
    void findsThePairThatMatters() throws InterruptedException {
        Scenario smallest = Shrinker.shrink(
                crowd(),
                scenario -> {
                    runs++;
                    return has(scenario, Kind.AGENT_FROZEN) && has(scenario, Kind.NODE_CRASHES);
                },
                1000);
        assertThat(smallest)
                .isEqualTo(new Scenario(
                        1,
                        2,
                        2,
                        0,
                        List.of(
                                new Trouble(3 * SECOND, Kind.AGENT_FROZEN, 0, SECOND, 0),
                                new Trouble(9 * SECOND, Kind.NODE_CRASHES, 3, 0, 0))));
        assertThat(runs).isLessThan(300);
    }

    @Test
    void needsNoTroubleIfNoneMatters() throws InterruptedException {
        Scenario smallest = Shrinker.shrink(crowd(), scenario -> scenario.badRequests() > 0, 1000);
        assertThat(smallest).isEqualTo(new Scenario(1, 1, 1, 0.1, List.of()));
    }

    @Test
    void stopsWhenThereWereEnoughRuns() throws InterruptedException {
        Scenario smallest = Shrinker.shrink(
                crowd(),
                scenario -> {
                    runs++;
                    return scenario.troubles().contains(ONE);
                },
                5);
        assertThat(runs).isEqualTo(5);
        assertThat(smallest.troubles()).contains(ONE);
    }

    /** Three sites of four. */
    private static Scenario crowd() {
        List<Trouble> troubles = new ArrayList<>();
        for (int i = 0; i < 28; i++) {
            troubles.add(new Trouble(i * SECOND, Kind.WRITE_BURST, i % 12, SECOND, 1));
        }
        troubles.add(4, ONE);
        troubles.add(20, OTHER);
        return new Scenario(1, 3, 4, 0.1, troubles);
    }

    private static boolean has(Scenario scenario, Kind kind) {
        return scenario.troubles().stream().anyMatch(trouble -> trouble.kind() == kind);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Whole groups of sites in virtual time. Run one seed alone with {@code GroupSimulation.run(seed)}. */
final class GroupSimulationTest {
    private static final int HISTORIES = Integer.getInteger("primacy.histories", 1200);

    @Test
    void manyHistoriesKeepEveryInvariant() {
        Group.Events all = new Group.Events();
        for (long seed = 0; seed < HISTORIES; seed++) {
            all.add(GroupSimulation.run(seed));
        }
        assertThat(all.takeovers).as(all.toString()).isGreaterThan(HISTORIES);
        assertThat(all.switchovers).as(all.toString()).isGreaterThan(HISTORIES / 4);
        assertThat(all.inheritances).as(all.toString()).isGreaterThan(HISTORIES / 4);
        assertThat(all.foundings).as(all.toString()).isGreaterThanOrEqualTo(HISTORIES);
    }

    /**
     * A site is promoted and dies before its new timeline shows. Another takes over from the old one and makes a timeline
     * of the same number. The first returns with more of its own, and is asked to take over in order.
     */
    @Test
    void siteThatReturnsWithATimelineOfTheSameNumberIsNotHandedTo() {
        GroupSimulation.run(9216);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void randomHistoriesToo(@ForAll long seed) {
        GroupSimulation.run(seed);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Whole groups of sites in virtual time. Run one seed alone with {@code GroupSimulation.run(seed)}. */
final class GroupSimulationTest {
    private static final int HISTORIES = Integer.getInteger("primacy.histories", 1200);
    private static final long TWIN_TIMELINES = 668;

    @Test
    void manyHistoriesKeepEveryInvariant() {
        Group.Events all = new Group.Events();
        for (long seed = 0; seed < HISTORIES; seed++) {
            all.add(GroupSimulation.run(seed));
        }
        assertThat(all.takeovers).as(all.toString()).isGreaterThan(HISTORIES);
        assertThat(all.switchovers).as(all.toString()).isGreaterThan(HISTORIES / 4);
        assertThat(all.inheritances).as(all.toString()).isGreaterThan(HISTORIES / 4);
        // What no takeover can see is let pass by the invariants, so it must stay rare.
        assertThat(all.unseenLosses).as(all.toString()).isLessThanOrEqualTo(1 + HISTORIES / 1000);
        assertThat(all.foundings).as(all.toString()).isGreaterThanOrEqualTo(HISTORIES);
    }

    /**
     * A site is promoted and dies before its new timeline shows. Another takes over from the old one and makes a timeline
     * of the same number. The first returns without being rewound, and is asked to take over in order: by numbers and
     * received bytes it could.
     */
    @Test
    void siteThatReturnsWithATimelineOfTheSameNumberIsNotHandedTo() {
        assertThatThrownBy(() -> GroupSimulation.run(TWIN_TIMELINES, Mutant.telling(BrokenFacts::trustingNumbers)))
                .hasMessageContaining("planned switchover lost data");
        GroupSimulation.run(TWIN_TIMELINES);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void randomHistoriesToo(@ForAll long seed) {
        GroupSimulation.run(seed);
    }
}

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
        // What no takeover can see is let pass by the invariants, so it must stay rare.
        assertThat(all.unseenLosses).as(all.toString()).isLessThanOrEqualTo(1 + HISTORIES / 1000);
        assertThat(all.foundings).as(all.toString()).isGreaterThanOrEqualTo(HISTORIES);
    }

    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void randomHistoriesToo(@ForAll long seed) {
        GroupSimulation.run(seed);
    }
}

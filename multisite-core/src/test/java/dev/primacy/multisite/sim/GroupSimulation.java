// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;

/** Runs one history: some time of trouble, then a quiet time in which the group must recover. */
final class GroupSimulation {
    private static final MonotonicInstant CALM = new MonotonicInstant(25_000_000_000L);
    /** Sessions lapse, an unfinished switchover is given up, the sites elect, a replica catches up. */
    private static final Duration QUIET = Duration.ofSeconds(25);

    private GroupSimulation() {}

    static Group.Events run(long seed) {
        return run(seed, Mutant.NONE);
    }

    /** The same with something broken. */
    static Group.Events run(long seed, Mutant mutant) {
        try {
            Group group = new Group(seed, CALM, mutant);
            group.time.runUntil(CALM);
            group.time.runUntil(group.time.now().plus(QUIET));
            if (group.writable().isEmpty()) {
                throw new AssertionError("nobody leads, " + QUIET.toSeconds() + " s after the last fault: "
                        + group.members.stream()
                                .map(member -> member + " " + member.database.mode() + " "
                                        + member.database.wal() + " "
                                        + member.standing().reason())
                                .toList());
            }
            return group.events;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}

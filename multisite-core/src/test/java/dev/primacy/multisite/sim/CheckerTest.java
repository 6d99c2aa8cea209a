// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Dcs;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A simulation that finds nothing proves something only if it finds what is there: whatever is broken must show. */
final class CheckerTest {
    private static final int ENOUGH = 3000;

    @ParameterizedTest
    @MethodSource("mutants")
    void whatIsBrokenIsFound(Mutant broken, String how) {
        assertThat(firstFailure(broken, how)).contains(how);
    }

    static Stream<Arguments> mutants() {
        return Stream.of(
                broken("release ignores whose lock it is", BrokenStores::releasingAnyLock, "more than one"),
                broken("acquire ignores the holder", BrokenStores::givingHeldLocks, "more than one"),
                broken("a proof that reaches too far", BrokenStores::provingTooMuch, "more than one"),
                broken("renew ignores the loss", BrokenStores::renewingLostLocks, "more than one"),
                broken("the stop position is hidden", BrokenStores::hidingWhereTheLeaderStopped, "lost data"),
                broken("the group's database is hidden", BrokenStores::hidingTheDatabase, "database"),
                broken(
                        "the status is hidden while a site leads",
                        BrokenStores::hidingWhatTheLeaderTold,
                        "too much was lost"),
                broken(
                        "a switchover trusts timeline numbers and received bytes",
                        Mutant.telling(BrokenFacts::trustingNumbers),
                        "planned switchover lost data"));
    }

    private static Arguments broken(String name, BiFunction<Dcs, Group, Dcs> store, String how) {
        return broken(name, Mutant.of(store), how);
    }

    private static Arguments broken(String name, Mutant mutant, String how) {
        return Arguments.of(Named.of(name, mutant), how);
    }

    /** What is broken may show in more than one way; it has to show in this one. */
    private static String firstFailure(Mutant broken, String how) {
        for (long seed = 0; seed < ENOUGH; seed++) {
            try {
                GroupSimulation.run(seed, broken);
            } catch (AssertionError e) {
                if (e.getMessage().contains(how)) {
                    return e.getMessage();
                }
            }
        }
        return "nothing was found in " + ENOUGH + " histories";
    }
}

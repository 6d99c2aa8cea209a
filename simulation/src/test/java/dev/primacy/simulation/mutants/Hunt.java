// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.mutants;

import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What histories say of a mutant.
 *
 * @param histories how many were played
 * @param violation of the last of them; empty if none violated anything
 */
record Hunt(int histories, Optional<String> violation) {
    /** Plays histories from {@code seed} on until one violates what the mutant is expected to, and does not without it, at most {@code within}. */
    static Hunt of(MutatedWorld world, Mutant mutant, long seed, int within) throws Exception {
        LongFunction<Optional<String>> histories = world.histories(mutant.sites(), mutant.members());
        LongFunction<Optional<String>> untouched =
                new MutatedWorld(Map.of()).histories(mutant.sites(), mutant.members());
        try (AutoCloseable end = (AutoCloseable) histories;
                AutoCloseable other = (AutoCloseable) untouched) {
            for (int i = 0; i < within; i++) {
                Optional<String> violation = histories.apply(seed + i).filter(mutant::expects);
                // What the code as it is violates in this history is not what the mutant did.
                if (violation.isPresent() && untouched.apply(seed + i).isEmpty()) {
                    return new Hunt(i + 1, violation);
                }
            }
            return new Hunt(within, Optional.empty());
        }
    }
}

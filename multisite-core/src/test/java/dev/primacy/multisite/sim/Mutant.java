// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.dcs.Dcs;
import dev.primacy.multisite.SiteFacts;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * What is broken on purpose between an agent and the rest.
 *
 * @param store what its view of the store is wrapped in
 * @param facts what becomes of the facts that it reports
 */
record Mutant(BiFunction<Dcs, Group, Dcs> store, UnaryOperator<SiteFacts> facts) {
    static final Mutant NONE = new Mutant((dcs, group) -> dcs, UnaryOperator.identity());

    static Mutant of(BiFunction<Dcs, Group, Dcs> store) {
        return new Mutant(store, UnaryOperator.identity());
    }

    static Mutant telling(UnaryOperator<SiteFacts> facts) {
        return new Mutant((dcs, group) -> dcs, facts);
    }
}

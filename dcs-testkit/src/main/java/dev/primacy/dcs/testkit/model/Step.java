// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.model;

import dev.primacy.dcs.RecordKey;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** One verb, in words that hold for any store: tenures and versions are named by when they were seen. */
sealed interface Step {
    /** Of two sessions. */
    boolean first();

    record Look(boolean first) implements Step {}

    record Change(boolean first, Edit edit) implements Step {}

    /**
     * Takes the lock.
     *
     * @param replacing how many tenures ago; empty: nobody's
     */
    record Take(boolean first, Optional<Integer> replacing, List<Edit> with) implements Step {}

    record Prolong(boolean first, int tenure, Optional<String> status) implements Step {}

    record Give(boolean first, int tenure, List<Edit> with) implements Step {}

    record Join(boolean first, String member, String value) implements Step {}

    /** What a write expects. */
    enum Expects {
        NOTHING,
        ABSENT,
        LAST_SEEN,
        FIRST_SEEN
    }

    /** One record's change; no value deletes it. */
    record Edit(RecordKey key, Expects expects, Optional<String> value) {}

    static Arbitrary<List<Step>> sequences() {
        Arbitrary<Boolean> who = Arbitraries.of(true, false);
        Arbitrary<String> value = Arbitraries.of("1", "2", "3", "");
        // Mostly the tenure of now; a deletion expects something, since deleting whatever is there has no use.
        Arbitrary<Integer> tenure = Arbitraries.of(0, 0, 0, 1, 2);
        Arbitrary<Edit> edit = Combinators.combine(
                        Arbitraries.of(RecordKey.CONFIG, RecordKey.SYNC, new RecordKey("optime/leader")),
                        Arbitraries.of(Expects.class),
                        value.optional(0.8))
                .as(Edit::new);
        Arbitrary<List<Edit>> with =
                edit.list().ofMaxSize(2).uniqueElements(Edit::key).filter(Step::isNoEmptyDeletion);
        return Arbitraries.<Step>frequencyOf(
                        Tuple.of(2, who.map(Look::new)),
                        Tuple.of(
                                4,
                                Combinators.combine(who, edit.filter(Step::deletesSomething))
                                        .as(Change::new)),
                        Tuple.of(
                                3,
                                Combinators.combine(who, tenure.optional(0.4), with)
                                        .as(Take::new)),
                        Tuple.of(
                                3,
                                Combinators.combine(who, tenure, value.optional())
                                        .as(Prolong::new)),
                        Tuple.of(2, Combinators.combine(who, tenure, with).as(Give::new)),
                        Tuple.of(
                                2,
                                Combinators.combine(who, Arbitraries.of("node-1", "node-2"), value)
                                        .as(Join::new)))
                .list()
                .ofMinSize(5)
                .ofMaxSize(40);
    }

    private static boolean isNoEmptyDeletion(List<Edit> edits) {
        return edits.stream().allMatch(Step::deletesSomething);
    }

    private static boolean deletesSomething(Edit edit) {
        return edit.value().isPresent() || edit.expects() != Expects.ABSENT;
    }
}

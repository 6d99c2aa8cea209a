// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.history;

import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether there is an order of the operations on one record in which each of them makes sense, and which no operation
 * leaves that ended before another began. The search is that of Wing and Gong, with Lowe's memory of what was tried.
 */
final class Linearizability {
    private static final int MOST_STATES = 3_000_000;

    private final List<Operation> operations;
    private final Set<Tried> tried = new HashSet<>();
    private BitSet furthest = new BitSet();

    private Linearizability(List<Operation> operations) {
        this.operations = operations.stream()
                .sorted(Comparator.comparing(Operation::invoked))
                .toList();
    }

    /**
     * What is wrong with operations on one record, which is absent in the beginning.
     *
     * @return empty if there is such an order
     */
    static Optional<String> problem(List<Operation> operations) {
        Linearizability search = new Linearizability(operations);
        return search.succeeds(new BitSet(), Optional.empty()) ? Optional.empty() : Optional.of(search.story());
    }

    private boolean succeeds(BitSet done, Optional<String> value) {
        if (done.cardinality() > furthest.cardinality()) {
            furthest = (BitSet) done.clone();
        }
        if (nextCertain(done) < 0) {
            return true;
        }
        if (tried.size() >= MOST_STATES || !tried.add(new Tried((BitSet) done.clone(), value))) {
            return false;
        }
        // What nobody heard the end of comes last: mostly it is not needed, and each doubles what there is to try.
        return anySucceeds(done, value, true) || anySucceeds(done, value, false);
    }

    private boolean anySucceeds(BitSet done, Optional<String> value, boolean certain) {
        for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
            Operation operation = operations.get(i);
            if (mustWait(done, operation)) {
                // So must all that began later.
                return false;
            }
            if (operation.isCertain() == certain) {
                Optional<Optional<String>> after = operation.action().on(value);
                done.set(i);
                if (after.isPresent() && succeeds(done, after.get())) {
                    return true;
                }
                done.clear(i);
            }
        }
        return false;
    }

    private boolean mustWait(BitSet done, Operation operation) {
        for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
            Operation other = operations.get(i);
            if (!other.invoked().isBefore(operation.invoked())) {
                return false;
            }
            if (other.endedBefore(operation)) {
                return true;
            }
        }
        return false;
    }

    private int nextCertain(BitSet done) {
        int i = done.nextClearBit(0);
        while (i < operations.size() && !operations.get(i).isCertain()) {
            i = done.nextClearBit(i + 1);
        }
        return i < operations.size() ? i : -1;
    }

    private String story() {
        int stuck = nextCertain(furthest);
        return (tried.size() >= MOST_STATES ? "gave up after " + MOST_STATES + " states" : "no order makes sense")
                + "; the search comes to the operations marked * and no further:\n"
                + operations.subList(Math.max(0, stuck - 15), Math.min(operations.size(), stuck + 10)).stream()
                        .map(operation -> (furthest.get(operations.indexOf(operation)) ? "* " : "  ") + operation)
                        .collect(Collectors.joining("\n"));
    }

    private record Tried(BitSet done, Optional<String> value) {}
}

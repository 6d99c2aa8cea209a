// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.act;

import dev.primacy.ha.decide.Memory;
import dev.primacy.ha.decide.Observation;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Work that runs beside the loop.
 *
 * @param name for people
 * @param needsRight whether it makes the server a primary, so that it must end when the right does
 * @param work what to do
 */
record LongAction(String name, boolean needsRight, Work work) {
    Observation.Action named() {
        return new Observation.Action(name, needsRight);
    }

    /** The work itself. */
    @FunctionalInterface
    interface Work {
        /**
         * Does it.
         *
         * @param term of the leader lock that was held when it began
         * @return what the member remembers of it
         */
        UnaryOperator<Memory> run(Optional<Long> term) throws InterruptedException;
    }
}

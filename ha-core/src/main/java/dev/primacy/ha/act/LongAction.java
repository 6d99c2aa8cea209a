// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.act;

import dev.primacy.ha.decide.Memory;
import dev.primacy.ha.decide.Observation;
import dev.primacy.postgres.Upstream;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Work that runs beside the loop.
 *
 * @param name for people
 * @param needsRight whether it makes the server a primary, so that it must end when the right does
 * @param asked the server that {@code question} is for; empty if nothing has to be asked first
 * @param question finds out what to do, changes nothing and heeds an interrupt, so that it can be given up
 */
record LongAction(String name, boolean needsRight, Optional<Upstream> asked, Supplier<Work> question) {
    LongAction(String name, boolean needsRight, Work work) {
        this(name, needsRight, Optional.empty(), () -> work);
    }

    Observation.Action named() {
        return new Observation.Action(name, needsRight, asked);
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

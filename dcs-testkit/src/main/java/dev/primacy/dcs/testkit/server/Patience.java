// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for servers as long as a loaded machine may take. */
final class Patience {
    private static final MonotonicClock CLOCK = BootClock.system();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration STEP = Duration.ofMillis(20);

    private Patience() {}

    /**
     * Asks again and again until the condition holds.
     *
     * @param what is waited for, for the message
     * @param logs of the servers, for the message
     * @throws IllegalStateException if it does not hold after 60 s
     */
    static void await(String what, BooleanSupplier condition, Supplier<String> logs) {
        MonotonicInstant end = CLOCK.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            if (CLOCK.now().isAfter(end)) {
                throw new IllegalStateException(
                        "waited " + LIMIT.toSeconds() + " s in vain until " + what + "; the logs:\n" + logs.get());
            }
            RealTime.pass(CLOCK, STEP);
        }
    }
}

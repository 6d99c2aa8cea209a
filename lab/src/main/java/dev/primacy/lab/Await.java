// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what can only be seen from outside, such as another process. */
public final class Await {
    private static final Duration STEP = Duration.ofMillis(10);

    private final MonotonicClock clock;

    public Await(MonotonicClock clock) {
        this.clock = clock;
    }

    /**
     * Waits until the condition holds.
     *
     * @param what for the message, for example {@code fra1 follows}
     * @throws LabException if it does not hold after {@code limit}, or the thread is interrupted
     */
    public void until(String what, Duration limit, BooleanSupplier condition) {
        if (!within(limit, condition)) {
            throw new LabException("waited " + limit.toSeconds() + " s in vain: " + what);
        }
    }

    /** Whether the condition came to hold within {@code limit}. */
    public boolean within(Duration limit, BooleanSupplier condition) {
        MonotonicInstant end = clock.now().plus(limit);
        while (!condition.getAsBoolean()) {
            if (clock.now().isAfter(end)) {
                return false;
            }
            pause(STEP);
        }
        return true;
    }

    /** Lets time pass: only where the passing of time itself is the point, as in a freeze longer than a lease. */
    public void pause(Duration length) {
        MonotonicInstant end = clock.now().plus(length);
        for (Duration left = length;
                left.compareTo(Duration.ZERO) > 0;
                left = clock.now().until(end)) {
            LockSupport.parkNanos(left.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw new LabException("interrupted");
            }
        }
    }
}

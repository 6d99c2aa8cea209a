// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what another process does, which tells nobody. */
final class Wait {
    static final MonotonicClock CLOCK = BootClock.system();

    private Wait() {}

    static void until(String what, Duration limit, Callable<Boolean> condition) throws Exception {
        MonotonicInstant end = CLOCK.now().plus(limit);
        while (!condition.call()) {
            if (CLOCK.now().isAfter(end)) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Lets time pass, for tests of what must not happen meanwhile. */
    static void until(MonotonicInstant instant) {
        while (CLOCK.now().isBefore(instant)) {
            LockSupport.parkNanos(CLOCK.now().until(instant).toNanos());
        }
    }
}

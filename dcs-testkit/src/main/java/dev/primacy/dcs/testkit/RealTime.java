// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** For fixtures whose clock runs by itself. */
public final class RealTime {
    private RealTime() {}

    /** Waits until that much time has passed on the clock, also when interrupted. */
    public static void pass(MonotonicClock clock, Duration time) {
        MonotonicInstant end = clock.now().plus(time);
        for (Duration left = time;
                !left.isNegative() && !left.isZero();
                left = clock.now().until(end)) {
            LockSupport.parkNanos(left.toNanos());
        }
    }
}

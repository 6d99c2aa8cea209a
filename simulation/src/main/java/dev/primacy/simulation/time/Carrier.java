// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.time;

import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that has the baton or waits for it. */
final class Carrier {
    private static final ThreadLocal<@Nullable Carrier> CURRENT = new ThreadLocal<>();

    private volatile boolean woken;
    private volatile @Nullable Thread thread;

    static Carrier current() {
        return Objects.requireNonNull(CURRENT.get(), "only events may sleep");
    }

    void begin() {
        thread = Thread.currentThread();
        CURRENT.set(this);
    }

    void wake() {
        woken = true;
        LockSupport.unpark(thread);
    }

    void await() {
        while (!woken) {
            LockSupport.park(this);
            // An interrupt would make every further park return at once.
            Thread.interrupted();
        }
        woken = false;
    }
}

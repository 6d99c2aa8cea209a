// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time passes when it is told to. */
final class VirtualClock implements MonotonicClock {
    private final AtomicLong nanos = new AtomicLong(1_000_000_000L);

    @Override
    public MonotonicInstant now() {
        return new MonotonicInstant(nanos.get());
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}

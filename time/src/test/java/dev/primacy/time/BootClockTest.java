// SPDX-License-Identifier: Apache-2.0
package dev.primacy.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BootClockTest {
    private static final long TICK = 10_000_000L;

    /** A suspended host: the monotonic clock stood still, the boot clock did not. */
    @Test
    void countsTheTimeTheHostSlept() {
        AtomicLong monotonic = new AtomicLong(5_000_000_000L);
        AtomicLong boot = new AtomicLong(5_000_000_000L);
        BootClock clock = new BootClock(monotonic::get, boot::get);
        MonotonicInstant before = clock.now();
        boot.addAndGet(Duration.ofHours(1).toNanos());
        monotonic.incrementAndGet();
        assertThat(before.until(clock.now())).isGreaterThanOrEqualTo(Duration.ofHours(1));
    }

    @Property
    void neverGoesBackAndNeverRunsAheadOfBootTime(
            @ForAll @Size(min = 1, max = 50) List<@LongRange(min = 0, max = 50_000_000L) Long> steps,
            @ForAll @Size(min = 1, max = 50) List<@LongRange(min = 0, max = 3_000_000_000L) Long> sleeps) {
        AtomicLong monotonic = new AtomicLong(1_000_000_000L);
        AtomicLong boot = new AtomicLong(1_000_000_000L);
        BootClock clock = new BootClock(monotonic::get, () -> boot.get() / TICK * TICK);
        MonotonicInstant last = clock.now();
        for (int i = 0; i < steps.size(); i++) {
            monotonic.addAndGet(steps.get(i));
            boot.addAndGet(steps.get(i) + sleeps.get(i % sleeps.size()));
            MonotonicInstant now = clock.now();
            assertThat(now).isGreaterThanOrEqualTo(last);
            assertThat(now.nanos()).isBetween(boot.get() - 2 * TICK, boot.get());
            last = now;
        }
    }

    /** Threads that are interrupted read the clock too; what they do must not stop it for the others. */
    @Test
    void anInterruptedReaderDoesNotStopTheClock() {
        BootClock clock = BootClock.system();
        MonotonicInstant first = clock.now();
        Thread.currentThread().interrupt();
        try {
            assertThat(clock.now()).isGreaterThanOrEqualTo(first);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(clock.now()).isGreaterThanOrEqualTo(first);
    }

    @Test
    void theHostsOwnClockRuns() {
        BootClock clock = BootClock.system();
        MonotonicInstant first = clock.now();
        assertThat(clock.now()).isGreaterThanOrEqualTo(first);
    }
}

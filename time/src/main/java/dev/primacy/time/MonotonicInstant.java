// SPDX-License-Identifier: Apache-2.0
package dev.primacy.time;

import java.time.Duration;

/**
 * A point on a {@link MonotonicClock}. It has no calendar meaning, and cannot be mixed up with
 * {@link java.time.Instant}, which nothing that decides may use.
 *
 * @param nanos nanoseconds since the clock's own origin; for {@link BootClock} that is the boot of the host
 */
public record MonotonicInstant(long nanos) implements Comparable<MonotonicInstant> {
    public MonotonicInstant plus(Duration duration) {
        return new MonotonicInstant(Math.addExact(nanos, duration.toNanos()));
    }

    public MonotonicInstant minus(Duration duration) {
        return new MonotonicInstant(Math.subtractExact(nanos, duration.toNanos()));
    }

    /** The time from this instant to {@code later}; negative if that is earlier. */
    public Duration until(MonotonicInstant later) {
        return Duration.ofNanos(Math.subtractExact(later.nanos, nanos));
    }

    public boolean isBefore(MonotonicInstant other) {
        return nanos < other.nanos;
    }

    public boolean isAfter(MonotonicInstant other) {
        return nanos > other.nanos;
    }

    /** The earlier of the two. */
    public MonotonicInstant earlier(MonotonicInstant other) {
        return other.nanos < nanos ? other : this;
    }

    /** Whole milliseconds since the clock's origin, rounded down: what is handed to processes outside the JVM. */
    public long millis() {
        return Math.floorDiv(nanos, 1_000_000L);
    }

    @Override
    public int compareTo(MonotonicInstant other) {
        return Long.compare(nanos, other.nanos);
    }
}

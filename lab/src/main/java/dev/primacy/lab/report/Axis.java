// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.report;

import dev.primacy.lab.verdict.Interval;
import dev.primacy.time.MonotonicInstant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Where moments are on the picture.
 *
 * @param time what is shown
 * @param left where it begins
 * @param right where it ends
 */
record Axis(Interval time, double left, double right) {
    private static final double NANOS = 1e9;

    double x(MonotonicInstant instant) {
        double share = time.from().until(instant).toNanos()
                / (double) Math.max(1, time.length().toNanos());
        return left + Math.max(0, Math.min(1, share)) * (right - left);
    }

    double width(Interval interval) {
        return x(interval.to()) - x(interval.from());
    }

    /** Seconds since the begin. */
    double seconds(MonotonicInstant instant) {
        return time.from().until(instant).toNanos() / NANOS;
    }

    MonotonicInstant at(long seconds) {
        return time.from().plus(java.time.Duration.ofSeconds(seconds));
    }

    /** Round seconds, about ten of them. */
    List<Integer> ticks() {
        double length = time.length().toNanos() / NANOS;
        int step = Stream.of(1, 2, 5, 10, 20, 30, 60, 120, 300)
                .filter(candidate -> length / candidate <= 14)
                .findFirst()
                .orElse(600);
        return IntStream.rangeClosed(0, (int) (length / step))
                .mapToObj(i -> i * step)
                .toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.verdict;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A piece of time, both ends included.
 *
 * @param from the earlier end
 * @param to the later end
 */
public record Interval(MonotonicInstant from, MonotonicInstant to) {
    public Interval {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("ends " + to.until(from) + " before it begins");
        }
    }

    public Duration length() {
        return from.until(to);
    }

    public boolean contains(MonotonicInstant instant) {
        return !instant.isBefore(from) && !instant.isAfter(to);
    }

    /** What both have in common, if anything. */
    public Optional<Interval> common(Interval other) {
        MonotonicInstant start = from.isAfter(other.from) ? from : other.from;
        MonotonicInstant end = to.earlier(other.to);
        return end.isBefore(start) ? Optional.empty() : Optional.of(new Interval(start, end));
    }

    /** The same time as intervals that do not touch, in order. */
    static List<Interval> merged(List<Interval> intervals) {
        List<Interval> result = new ArrayList<>();
        intervals.stream().sorted(Comparator.comparing(Interval::from)).forEach(next -> {
            Interval last = result.isEmpty() ? null : result.get(result.size() - 1);
            if (last == null || next.from.isAfter(last.to)) {
                result.add(next);
            } else if (next.to.isAfter(last.to)) {
                result.set(result.size() - 1, new Interval(last.from, next.to));
            }
        });
        return result;
    }
}

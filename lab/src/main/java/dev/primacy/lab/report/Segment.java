// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.report;

import dev.primacy.lab.verdict.Interval;
import dev.primacy.time.MonotonicInstant;
import java.util.ArrayList;
import java.util.List;

/**
 * Time in which a value stayed the same.
 *
 * @param value the value
 * @param time from its first sight to the first sight of the next
 */
record Segment<T>(T value, Interval time) {
    /** A value at a moment. */
    record Seen<T>(MonotonicInstant at, T value) {}

    /**
     * Joins equal neighbours.
     *
     * @param seen in order of time
     * @param end where the last one ends
     */
    static <T> List<Segment<T>> of(List<Seen<T>> seen, MonotonicInstant end) {
        List<Segment<T>> segments = new ArrayList<>();
        for (int i = 0; i < seen.size(); ) {
            Seen<T> first = seen.get(i);
            while (i < seen.size() && seen.get(i).value().equals(first.value())) {
                i++;
            }
            MonotonicInstant until = i < seen.size() ? seen.get(i).at() : end;
            if (until.isAfter(first.at())) {
                segments.add(new Segment<>(first.value(), new Interval(first.at(), until)));
            }
        }
        return segments;
    }
}

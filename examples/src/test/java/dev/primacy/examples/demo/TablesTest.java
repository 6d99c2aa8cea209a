// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.lab.verdict.Incident;
import dev.primacy.lab.verdict.Interval;
import dev.primacy.lab.verdict.Outcome;
import dev.primacy.lab.verdict.Verdict;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablesTest {
    private final Verdict verdict = new Verdict(
            List.of(outcome("a", 400, 0), outcome("a", 1300, 2), outcome("e", 900, 0), outcome("a", 500, 0)),
            5000,
            2,
            Duration.ofNanos(1),
            1 << 20);

    @Test
    void oneLineForEachEvent() {
        assertThat(Tables.outcomes(verdict))
                .hasSize(5)
                .contains("(a) title              1,300               1,000           2                        1");
    }

    @Test
    void mediansByKindOfEvent() {
        assertThat(Tables.medians(verdict))
                .hasSize(3)
                .contains("(a)        3                  500     400   1,300           2                        1");
    }

    private static Outcome outcome(String key, int outage, int lost) {
        Interval time = new Interval(at(0), at(outage));
        return new Outcome(new Incident(key, "title", false, time), time, 1000, lost, lost, Duration.ofNanos(1));
    }

    private static MonotonicInstant at(int millis) {
        return new MonotonicInstant(millis * 1_000_000L);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.demo;

import dev.primacy.time.Allowed;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Locale;

/** Tells people what goes on, one line a step. */
@Allowed("a program's printer")
final class Console {
    private final MonotonicClock clock;
    private final MonotonicInstant start;

    Console(MonotonicClock clock) {
        this.clock = clock;
        this.start = clock.now();
    }

    /** A line with the time since the start. */
    void step(String format, Object... values) {
        line("%6.1f s  %s", start.until(clock.now()).toMillis() / 1000.0, text(format, values));
    }

    /** A line as it is. */
    void line(String format, Object... values) {
        System.out.println(text(format, values));
    }

    void problem(String text) {
        System.out.flush();
        System.err.println(text);
    }

    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static String millis(Duration duration) {
        return text("%,.0f ms", duration.toNanos() / 1e6);
    }
}

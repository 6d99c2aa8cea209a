// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells, on a thread of its own, when deadlines have come that are put off again and again. What is left of a wait of the JVM
 * passes also while its container is paused, so that it tells as soon as the pause is over. May be used by any thread.
 */
final class DeadlineAlarm implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadlineAlarm.class);
    private static final Duration UNTIL_WOKEN = Duration.ofDays(1);

    private final MonotonicClock clock;
    private final Runnable onDeadline;
    private final Loop loop;
    private List<MonotonicInstant> coming = List.of();

    /** Waits for nothing yet. */
    DeadlineAlarm(MonotonicClock clock, Runnable onDeadline) {
        this.clock = clock;
        this.onDeadline = onDeadline;
        this.loop = new ThreadLoops((name, problem) -> LOG.warn("{}", name, problem))
                .start("primacy deadline", this::tellWhatHasCome);
    }

    /**
     * Tells of these deadlines instead of all that were set before.
     *
     * @param deadlines in order; none is nothing to tell of
     */
    synchronized void set(List<MonotonicInstant> deadlines) {
        // One that was put off is no news for who waits for the earlier time: renewals wake nobody.
        if (!deadlines.isEmpty() && (coming.isEmpty() || deadlines.get(0).isBefore(coming.get(0)))) {
            loop.wake();
        }
        coming = deadlines;
    }

    private Duration tellWhatHasCome() {
        Duration left = takeNext();
        if (left.compareTo(Duration.ZERO) > 0) {
            return left;
        }
        onDeadline.run();
        return Duration.ZERO;
    }

    /** How long it is until the next deadline; takes away one that has come. */
    private synchronized Duration takeNext() {
        if (coming.isEmpty()) {
            return UNTIL_WOKEN;
        }
        Duration left = clock.now().until(coming.get(0));
        if (left.compareTo(Duration.ZERO) <= 0) {
            coming = coming.subList(1, coming.size());
        }
        return left;
    }

    /** Tells of nothing any more. */
    @Override
    public void close() {
        loop.close();
    }
}

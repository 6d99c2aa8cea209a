// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells, on a thread of its own, when deadlines have come that are put off again and again. What is left of a wait of the JVM
 * passes also while its container is paused, so that it tells as soon as the pause is over. May be used by any thread.
 */
final class DeadlineAlarm {
    private final MonotonicClock clock;
    private final Runnable onDeadline;
    private final ReentrantLock lock = new ReentrantLock();
    /** There is less to wait for than was thought. */
    private final Condition sooner = lock.newCondition();

    private List<MonotonicInstant> coming = List.of();
    private boolean ended;

    private DeadlineAlarm(MonotonicClock clock, Runnable onDeadline) {
        this.clock = clock;
        this.onDeadline = onDeadline;
    }

    /** Waits for nothing yet. */
    static DeadlineAlarm start(MonotonicClock clock, Runnable onDeadline) {
        DeadlineAlarm alarm = new DeadlineAlarm(clock, onDeadline);
        Daemon.start("deadline", alarm::run);
        return alarm;
    }

    /**
     * Tells of these deadlines instead of all that were set before.
     *
     * @param deadlines in order; none is nothing to tell of
     */
    void set(List<MonotonicInstant> deadlines) {
        lock.lock();
        try {
            // One that was put off is no news for who waits for the earlier time: renewals wake nobody.
            if (!deadlines.isEmpty() && (coming.isEmpty() || deadlines.get(0).isBefore(coming.get(0)))) {
                sooner.signal();
            }
            coming = deadlines;
        } finally {
            lock.unlock();
        }
    }

    /** Tells of nothing any more. */
    void end() {
        lock.lock();
        try {
            ended = true;
            sooner.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (awaitDeadline()) {
            onDeadline.run();
        }
    }

    /** False if it has ended. */
    private boolean awaitDeadline() {
        lock.lock();
        try {
            while (!ended) {
                if (coming.isEmpty()) {
                    sooner.await();
                } else {
                    long left = clock.now().until(coming.get(0)).toNanos();
                    if (left <= 0) {
                        coming = coming.subList(1, coming.size());
                        return true;
                    }
                    sooner.awaitNanos(left);
                }
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}

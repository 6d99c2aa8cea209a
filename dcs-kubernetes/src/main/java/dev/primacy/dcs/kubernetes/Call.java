// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.dcs.DcsException;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One verb under way: what it does, and how much of its time is left. */
final class Call {
    private final String doing;
    private final MonotonicClock clock;
    private final Duration timeout;
    private final MonotonicInstant end;
    private final Set<String> waitedFor = new HashSet<>();

    /**
     * The verb starts now.
     *
     * @param doing what it does and on which object, for people
     */
    Call(String doing, MonotonicClock clock, Duration timeout) {
        this.doing = doing;
        this.clock = clock;
        this.timeout = timeout;
        this.end = clock.now().plus(timeout);
    }

    private Call(Call whole, MonotonicInstant end) {
        this.doing = whole.doing;
        this.clock = whole.clock;
        this.timeout = whole.timeout;
        this.end = end;
    }

    /** The same, with an earlier end. */
    Call until(MonotonicInstant earlier) {
        return new Call(this, end.earlier(earlier));
    }

    MonotonicInstant now() {
        return clock.now();
    }

    Duration left() {
        return clock.now().until(end);
    }

    /** Lets a moment pass; false if there is no time for another try after it. */
    boolean pause(Duration time) {
        if (left().compareTo(time) <= 0 || Thread.currentThread().isInterrupted()) {
            return false;
        }
        LockSupport.parkNanos(time.toNanos());
        return true;
    }

    /** Whether this is the first time that the verb meets the thing, so that it may be given a moment to end by itself. */
    boolean meets(String thing) {
        return waitedFor.add(thing);
    }

    DcsException.Unreachable unreachable(String why, @Nullable Throwable cause) {
        return new DcsException.Unreachable(message(why), cause);
    }

    DcsException.OutcomeUnknown unknown(String why, @Nullable Throwable cause) {
        return new DcsException.OutcomeUnknown(message(why) + "; it may have happened", cause);
    }

    DcsException.Rejected rejected(String why, @Nullable Throwable cause) {
        return new DcsException.Rejected(message(why), cause);
    }

    private String message(String why) {
        return doing + " (within " + timeout.toMillis() + " ms): " + why;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.DcsException;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One verb under way: what it does, and how much of its time is left. */
final class Call {
    private final String doing;
    private final String agent;
    private final MonotonicClock clock;
    private final Duration timeout;
    private final MonotonicInstant start;

    /**
     * The verb starts now.
     *
     * @param doing what it does and on which key, for people
     * @param agent where, for people
     */
    Call(String doing, String agent, MonotonicClock clock, Duration timeout) {
        this.doing = doing;
        this.agent = agent;
        this.clock = clock;
        this.timeout = timeout;
        this.start = clock.now();
    }

    MonotonicInstant start() {
        return start;
    }

    MonotonicInstant now() {
        return clock.now();
    }

    Duration left() {
        return clock.now().until(start.plus(timeout));
    }

    /** For what follows a request that took effect: whatever goes wrong now, the caller may not conclude that nothing happened. */
    <T> T afterEffect(Supplier<T> rest) {
        try {
            return rest.get();
        } catch (DcsException.Unreachable | DcsException.Rejected e) {
            throw new DcsException.OutcomeUnknown(e.getMessage() + "; it may have happened already", e);
        }
    }

    /** Without a usable answer, what was seen decides. */
    DcsException unanswered(boolean mayHaveHappened, String seen, @Nullable Throwable cause) {
        String message = doing + ": " + seen + " from Consul (" + agent + ") within " + timeout.toMillis() / 1000.0
                + " s; check that it runs and is reachable";
        return mayHaveHappened
                ? new DcsException.OutcomeUnknown(message, cause)
                : new DcsException.Unreachable(message, cause);
    }

    /** The answer says that it could not be done now. */
    DcsException failed(boolean mayHaveHappened, String why, @Nullable Throwable cause) {
        String message = doing + ": Consul (" + agent + ") answered " + why;
        return mayHaveHappened
                ? new DcsException.OutcomeUnknown(message, cause)
                : new DcsException.Unreachable(message, cause);
    }

    DcsException.Rejected rejected(String why, @Nullable Throwable cause) {
        return new DcsException.Rejected(doing + ": " + why, cause);
    }
}

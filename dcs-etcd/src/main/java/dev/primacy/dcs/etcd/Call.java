// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.DcsException;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One verb under way: what it does, and how much of its time is left. */
final class Call {
    private final String doing;
    private final Store store;
    private final Duration timeout;
    private final MonotonicInstant end;

    /**
     * The verb starts now.
     *
     * @param doing what it does and on which key, for people
     */
    Call(String doing, Store store, Duration timeout) {
        this.doing = doing;
        this.store = store;
        this.timeout = timeout;
        this.end = store.clock().now().plus(timeout);
    }

    Duration left() {
        return store.clock().now().until(end);
    }

    MonotonicInstant end() {
        return end;
    }

    boolean isOver() {
        return left().isNegative() || left().isZero();
    }

    /** Sends a request and waits for its answer. */
    <Q, R> Answer<R> ask(Request<Q, R> request) {
        return send(request).await();
    }

    /** Sends a request; the answer must be waited for. */
    <Q, R> Pending<Q, R> send(Request<Q, R> request) {
        return new Pending<>(this, store, request);
    }

    /** The same verb's call in other words. */
    Call instead(String otherDoing) {
        return new Call(otherDoing, store, left());
    }

    DcsException.Unreachable unreachable(String seen, @Nullable Throwable cause) {
        return new DcsException.Unreachable(unanswered(seen), cause);
    }

    DcsException.OutcomeUnknown unknown(String seen, @Nullable Throwable cause) {
        return new DcsException.OutcomeUnknown(unanswered(seen) + ". It may have happened", cause);
    }

    DcsException.Rejected rejected(String why, @Nullable Throwable cause) {
        return new DcsException.Rejected(doing + ": " + why, cause);
    }

    private String unanswered(String seen) {
        return String.format(
                Locale.ROOT,
                "%s: no usable answer from etcd (%s) within %.1f s; check that it runs and is reachable%s",
                doing,
                store.endpoints(),
                timeout.toMillis() / 1000.0,
                seen.isEmpty() ? "" : ". Seen: " + seen);
    }
}

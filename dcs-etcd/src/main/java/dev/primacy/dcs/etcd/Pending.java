// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.etcd.Request.Effect;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request that was sent. When a server fails it the next one is tried, as long as that is safe and there is time. A server
 * that is silent gets its share of the time only.
 */
final class Pending<Q, R> {
    private static final Duration LEAST_SHARE = Duration.ofMillis(300);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Call call;
    private final Store store;
    private final Request<Q, R> request;
    private final Set<Endpoint> tried = new HashSet<>();
    private Attempt<Q, R> attempt;
    private MonotonicInstant unsent;
    private MonotonicInstant end;
    /** What went wrong, each thing once. */
    private final Set<String> seen = new LinkedHashSet<>();

    private boolean unanswered;
    private boolean loggedIn;
    private int untrusted;

    Pending(Call call, Store store, Request<Q, R> request) {
        this.call = call;
        this.store = store;
        this.request = request;
        this.attempt = begin();
        this.unsent = unsentPatience();
        this.end = answerPatience();
    }

    private Attempt<Q, R> begin() {
        store.awaitEndpoints(call);
        String token = request.isLogin() ? "" : store.credentials().token(call);
        Endpoint endpoint = store.endpoints().next(tried);
        tried.add(endpoint);
        return new Attempt<>(store, endpoint, request, token);
    }

    /** Until when to wait, if what is left is divided among all that may still be tried, and into so many parts at least. */
    private MonotonicInstant patience(int parts) {
        int others = Math.max(0, store.endpoints().all().size() - tried.size());
        Duration share = call.left().dividedBy(Math.max(others + 1, parts));
        MonotonicInstant now = store.clock().now();
        return now.plus(share.compareTo(LEAST_SHARE) < 0 ? LEAST_SHARE : share).earlier(call.end());
    }

    /** A new connection may come further than one that hangs, also through a proxy or after a network has changed. */
    private MonotonicInstant unsentPatience() {
        return patience(3);
    }

    /** A change that is repeated may get no better answer than that it is unknown, so the only server is waited for. */
    private MonotonicInstant answerPatience() {
        return switch (request.effect()) {
            case NONE -> patience(2);
            case REPEATABLE -> patience(1);
            case ONCE -> call.end();
        };
    }

    /**
     * Waits for the answer.
     *
     * @throws Declined if it says that there is no such lease, or that the store knows no users
     */
    Answer<R> await() {
        try {
            while (true) {
                Attempt.Outcome<R> outcome = attempt.await(unsent, end);
                if (outcome.value().isPresent()) {
                    return new Answer<>(outcome.value().get(), attempt.endpoint(), attempt.sent(), unanswered);
                }
                recover(outcome.failure().orElseThrow());
                attempt = begin();
                unsent = unsentPatience();
                end = answerPatience();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            unanswered |= request.writes();
            seen.add("interrupted while waiting for an answer");
            throw gaveUp(e);
        }
    }

    /** Throws unless the request may be tried again. */
    private void recover(Failure failure) throws InterruptedException {
        unanswered |= failure.kind() == Failure.Kind.UNANSWERED && request.writes();
        seen.add(failure.seen());
        switch (failure.kind()) {
            case NOT_TAKEN, UNANSWERED -> store.failed(attempt.endpoint());
            case UNTRUSTED -> {
                store.failed(attempt.endpoint());
                untrusted++;
            }
            case TOKEN -> renewToken(failure);
            case LEASE_GONE, NO_USERS -> throw unanswered ? gaveUp(failure.cause()) : new Declined(failure);
            case REFUSED -> throw refused(failure);
        }
        if (untrusted >= store.endpoints().all().size()) {
            throw refused(failure);
        }
        if (call.isOver() || store.isClosed() || (unanswered && request.effect() == Effect.ONCE)) {
            throw gaveUp(failure.cause());
        }
        if (tried.containsAll(store.endpoints().all())) {
            tried.clear();
            if (failure.kind() != Failure.Kind.TOKEN) {
                store.pause(PAUSE);
            }
        }
    }

    private void renewToken(Failure failure) {
        if (loggedIn) {
            throw refused(failure);
        }
        loggedIn = true;
        store.credentials().forget(attempt.token());
        tried.remove(attempt.endpoint());
    }

    private DcsException refused(Failure failure) {
        return unanswered ? gaveUp(failure.cause()) : call.rejected(failure.seen() + failure.advice(), failure.cause());
    }

    private DcsException gaveUp(@Nullable Throwable cause) {
        String all = String.join("; ", seen);
        return unanswered ? call.unknown(all, cause) : call.unreachable(all, cause);
    }
}

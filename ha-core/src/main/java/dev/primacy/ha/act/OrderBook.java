// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.act;

import dev.primacy.ha.OrderAnswer;
import dev.primacy.ha.decide.Order;
import dev.primacy.ha.decide.Orders;
import dev.primacy.ha.decide.ScheduledRestart;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Orders from when they are given to when they are answered: one that waits, one that is carried out. For any thread. */
public final class OrderBook implements AutoCloseable {
    private @Nullable Given waiting;
    private @Nullable Given begun;
    private @Nullable ScheduledRestart scheduled;
    private boolean closed;

    /** Takes an order, or denies it at once if another waits. */
    public synchronized CompletableFuture<OrderAnswer> put(Order order) {
        if (closed) {
            return denied("the agent is being stopped");
        }
        Given before = waiting;
        if (before != null && !before.answer.isDone()) {
            return denied(before.order.action() + " already in progress");
        }
        Given given = new Given(order, new CompletableFuture<>());
        waiting = given;
        return given.answer;
    }

    private static CompletableFuture<OrderAnswer> denied(String why) {
        return CompletableFuture.completedFuture(new OrderAnswer(false, why));
    }

    /** What is asked for and was not begun. */
    public synchronized Orders read() {
        if (waiting != null && waiting.answer.isDone()) {
            // Nobody waits for it any more.
            waiting = null;
        }
        return new Orders(Optional.ofNullable(waiting).map(Given::order), Optional.ofNullable(scheduled));
    }

    /** Schedules a restart, if there is none. */
    public synchronized boolean schedule(ScheduledRestart restart) {
        if (scheduled != null) {
            return false;
        }
        scheduled = restart;
        return true;
    }

    /** Forgets the scheduled restart, and whether there was one. */
    public synchronized boolean unschedule() {
        boolean was = scheduled != null;
        scheduled = null;
        return was;
    }

    /** The order that waits is carried out now; where none waits, the scheduled restart is. */
    synchronized void begin() {
        Given now = waiting;
        waiting = null;
        begun = now;
        if (now == null) {
            scheduled = null;
        } else if (now.order instanceof Order.Reinitialize) {
            now.answer.complete(new OrderAnswer(true, "reinitialize started"));
        }
    }

    synchronized void deny(String why) {
        Given denied = waiting;
        waiting = null;
        if (denied != null) {
            denied.answer.complete(new OrderAnswer(false, why));
        }
    }

    /** Answers the order that is carried out. The first answer counts. */
    synchronized void answer(OrderAnswer answer) {
        if (begun != null) {
            begun.answer.complete(answer);
        }
    }

    /** A long action has ended, which may have been an order. */
    synchronized void ended(Optional<String> problem) {
        Given ended = begun;
        if (ended != null) {
            String action = ended.order.action();
            String done = action.equals(Order.RESTART) ? "restarted successfully" : action + " done";
            answer(problem.map(why -> new OrderAnswer(false, action + " failed: " + why))
                    .orElseGet(() -> new OrderAnswer(true, done)));
            begun = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        deny("the agent is being stopped");
        answer(new OrderAnswer(false, "the agent is being stopped"));
    }

    private record Given(Order order, CompletableFuture<OrderAnswer> answer) {}
}

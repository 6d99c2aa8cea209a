// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.act;

import dev.primacy.ha.decide.Memory;
import dev.primacy.ha.decide.Observation;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Long actions, one at a time, on a worker; what they teach waits for the loop, whose thread calls this. */
final class LongActions {
    private static final Logger LOG = LoggerFactory.getLogger(LongActions.class);

    private final OrderBook orders;
    private final ExecutorService worker;
    private final Runnable onDone;
    private volatile @Nullable Running running;
    private volatile UnaryOperator<Memory> lesson = UnaryOperator.identity();

    LongActions(OrderBook orders, ExecutorService worker, Runnable onDone) {
        this.orders = orders;
        this.worker = worker;
        this.onDone = onDone;
    }

    Optional<Observation.Action> running() {
        return Optional.ofNullable(running).map(Running::action);
    }

    /** Folds what was taught since the last call into {@code memory}. */
    Memory learn(Memory memory) {
        synchronized (this) {
            UnaryOperator<Memory> learnt = lesson;
            lesson = UnaryOperator.identity();
            return learnt.apply(memory);
        }
    }

    /**
     * Begins {@code action}; none may be running.
     *
     * @param term of the leader lock that is held now
     */
    void start(LongAction action, Optional<Long> term) {
        // The worker may be done before submit returns, so the name is there before it starts.
        Running next = new Running(action.named());
        running = next;
        next.future = worker.submit(() -> run(next, action, term));
    }

    private void run(Running self, LongAction action, Optional<Long> term) {
        if (!self.moves(Phase.QUEUED, Phase.ASKING)) {
            return;
        }
        try {
            LongAction.Work work = action.question().get();
            if (self.moves(Phase.ASKING, Phase.WORKING)) {
                UnaryOperator<Memory> taught = work.run(term);
                teach(memory -> taught.apply(memory.lastAction(Optional.empty())));
                orders.ended(Optional.empty());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failed(action.name(), "it was cancelled");
        } catch (RuntimeException e) {
            if (self.phase.get() != Phase.GIVEN_UP) {
                LOG.error("{} failed: {}", action.name(), e.getMessage());
                LOG.debug("{} failed", action.name(), e);
                failed(action.name(), String.valueOf(e.getMessage()));
            }
        } finally {
            end();
        }
    }

    private void failed(String name, String why) {
        teach(memory -> memory.lastAction(Optional.of(name)));
        orders.ended(Optional.of(why));
    }

    private void end() {
        running = null;
        onDone.run();
    }

    /** Interrupts the long action; its end is told as usual. */
    void cancel() {
        Running current = running;
        if (current == null) {
            return;
        }
        if (current.moves(Phase.QUEUED, Phase.GIVEN_UP)) {
            // The worker has not begun it, and would not tell of its end.
            failed(current.action.name(), "it was cancelled");
            end();
        } else if (current.future != null) {
            current.future.cancel(true);
        }
    }

    /** Ends the long action if it has changed nothing yet. That is no failure, after which it would be put off. */
    void giveUp() {
        Running current = running;
        if (current == null) {
            return;
        }
        if (current.moves(Phase.QUEUED, Phase.GIVEN_UP)) {
            end();
        } else if (current.moves(Phase.ASKING, Phase.GIVEN_UP) && current.future != null) {
            current.future.cancel(true);
        }
    }

    /** Has the loop remember something. */
    void teach(UnaryOperator<Memory> change) {
        synchronized (this) {
            UnaryOperator<Memory> before = lesson;
            lesson = memory -> change.apply(before.apply(memory));
        }
    }

    private enum Phase {
        QUEUED,
        ASKING,
        WORKING,
        GIVEN_UP
    }

    private static final class Running {
        private final Observation.Action action;
        /** Moved by the worker and by who ends the action: whoever is first. */
        private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.QUEUED);

        private volatile @Nullable Future<?> future;

        Running(Observation.Action action) {
            this.action = action;
        }

        boolean moves(Phase from, Phase to) {
            return phase.compareAndSet(from, to);
        }

        Observation.Action action() {
            return phase.get() == Phase.WORKING ? action.begun() : action;
        }
    }
}

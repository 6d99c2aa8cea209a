// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import dev.primacy.dcs.DcsException;
import dev.primacy.time.Loop;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A clock that jumps from one due step to the next, and runs the steps of all processes on one thread. */
final class VirtualTime implements MonotonicClock {
    private final List<VirtualLoop> loops = new ArrayList<>();
    private final Runnable afterStep;
    private MonotonicInstant now = new MonotonicInstant(Duration.ofHours(1).toNanos());

    /**
     * Time in which nothing is due yet.
     *
     * @param afterStep called after every step
     */
    VirtualTime(Runnable afterStep) {
        this.afterStep = afterStep;
    }

    @Override
    public MonotonicInstant now() {
        return now;
    }

    void pass(Duration duration) {
        MonotonicInstant end = now.plus(duration);
        while (runNext(end)) {
            // Each turn is one step.
        }
        now = end;
    }

    /** Does something once, later. */
    Loop at(MonotonicInstant due, Runnable task) {
        VirtualLoop once = new VirtualLoop(() -> Duration.ZERO);
        once.due = due;
        once.step = () -> {
            once.close();
            task.run();
            return Duration.ZERO;
        };
        loops.add(once);
        return once;
    }

    private boolean runNext(MonotonicInstant end) {
        VirtualLoop next = null;
        for (VirtualLoop loop : loops) {
            if (!loop.running && (next == null || loop.due.isBefore(next.due))) {
                next = loop;
            }
        }
        if (next == null || next.due.isAfter(end)) {
            return false;
        }
        now = next.due.isAfter(now) ? next.due : now;
        next.run();
        afterStep.run();
        return true;
    }

    /** The process ends here, in the middle of a step. */
    static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** The loops of one process, which may end without a word. */
    final class Agent implements Loops {
        private final List<VirtualLoop> mine = new ArrayList<>();
        private Runnable onDeath = () -> {};

        @Override
        public Loop start(String name, Loop.Step step) {
            VirtualLoop loop = new VirtualLoop(step);
            loop.onDeath = onDeath;
            loops.add(loop);
            mine.add(loop);
            return loop;
        }

        /** What is to be done when the process dies in the middle of a step. */
        void onDeath(Runnable action) {
            onDeath = action;
        }

        void kill() {
            loops.removeAll(mine);
        }
    }

    private final class VirtualLoop implements Loop {
        private Step step;
        private MonotonicInstant due = now;
        private boolean woken;
        /** Also while time passes in the midst of its step. */
        private boolean running;

        private Runnable onDeath = () -> {};

        VirtualLoop(Step step) {
            this.step = step;
        }

        private void run() {
            woken = false;
            running = true;
            try {
                Duration wait = step.run();
                due = woken ? now : now.plus(wait);
            } catch (Death e) {
                onDeath.run();
            } catch (DcsException e) {
                // As in production: reported, and tried again.
                due = now.plus(Duration.ofSeconds(1));
            } catch (Exception e) {
                throw new AssertionError("a round failed", e);
            } finally {
                running = false;
            }
        }

        @Override
        public void wake() {
            woken = true;
            due = now.isBefore(due) ? now : due;
        }

        @Override
        public void close() {
            loops.remove(this);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.dcs.DcsException;
import dev.primacy.time.Loop;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Time that stands still while anything runs, and then jumps to what is due next. One thread runs all loops of all
 * agents, in an order that the seed fixes. Code that waits for an answer calls {@link #elapse}: meanwhile the others run,
 * on the same stack, so that steps interleave at every request as they do with threads.
 */
final class VirtualTime {
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final int JITTER_NANOS = 2_000_000;

    final Random random;
    private final List<VirtualLoop> loops = new ArrayList<>();
    private Runnable afterStep = () -> {};
    private MonotonicInstant now = new MonotonicInstant(0);
    private long steps;

    VirtualTime(Random random) {
        this.random = random;
    }

    MonotonicInstant now() {
        return now;
    }

    long steps() {
        return steps;
    }

    /** Has {@code check} called after every step of every loop. */
    void afterEachStep(Runnable check) {
        afterStep = check;
    }

    Loops loops(Agent owner) {
        return (name, step) -> add(new VirtualLoop(owner, step, now.plus(jitter())));
    }

    /** Runs something once, later, whatever became of the agent that asked for it. */
    void later(Duration delay, Runnable task) {
        VirtualLoop once = new VirtualLoop(new Agent("network", this, 1, 0), () -> Duration.ZERO, now.plus(delay));
        once.step = () -> {
            once.close();
            task.run();
            return Duration.ZERO;
        };
        add(once);
    }

    void runUntil(MonotonicInstant end) {
        while (runNext(end)) {
            // Each turn is one step.
        }
        now = end.isAfter(now) ? end : now;
    }

    /** Lets time pass for code of {@code agent}, which goes on when its agent runs again. */
    void elapse(Agent agent, Duration duration) {
        runUntil(now.plus(duration));
        while (agent.pausedUntil().isAfter(now)) {
            runUntil(agent.pausedUntil());
        }
        if (!agent.isAlive()) {
            throw new Crashed();
        }
    }

    /** A random time up to {@code longest}. */
    Duration upTo(Duration longest) {
        return Duration.ofNanos((long) (random.nextDouble() * longest.toNanos()));
    }

    private Duration jitter() {
        return Duration.ofNanos(random.nextInt(JITTER_NANOS));
    }

    private VirtualLoop add(VirtualLoop loop) {
        loops.add(loop);
        return loop;
    }

    private boolean runNext(MonotonicInstant end) {
        VirtualLoop next = null;
        for (VirtualLoop loop : loops) {
            if (!loop.running && (next == null || loop.dueAt().isBefore(next.dueAt()))) {
                next = loop;
            }
        }
        if (next == null || next.dueAt().isAfter(end)) {
            return false;
        }
        now = next.dueAt().isAfter(now) ? next.dueAt() : now;
        next.run();
        steps++;
        afterStep.run();
        return true;
    }

    /** The agent died while this code of it waited. */
    static final class Crashed extends RuntimeException {}

    private final class VirtualLoop implements Loop {
        private final Agent owner;
        private Step step;
        private MonotonicInstant due;
        private boolean running;
        private boolean woken;

        VirtualLoop(Agent owner, Step step, MonotonicInstant due) {
            this.owner = owner;
            this.step = step;
            this.due = due;
        }

        MonotonicInstant dueAt() {
            return owner.pausedUntil().isAfter(due) ? owner.pausedUntil() : due;
        }

        void run() {
            running = true;
            woken = false;
            Duration wait = AFTER_FAILURE;
            try {
                wait = step.run();
            } catch (DcsException | Crashed e) {
                // As on a real thread: reported, and tried again.
            } catch (Exception e) {
                throw new AssertionError("a loop of " + owner + " failed", e);
            } finally {
                running = false;
                due = now.plus(woken ? jitter() : wait.plus(jitter()));
            }
        }

        @Override
        public void wake() {
            woken = true;
            MonotonicInstant soon = now.plus(jitter());
            if (!running && soon.isBefore(due)) {
                due = soon;
            }
        }

        @Override
        public void close() {
            loops.remove(this);
        }
    }
}

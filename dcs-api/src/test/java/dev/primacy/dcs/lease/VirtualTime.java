// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.lease;

import dev.primacy.time.Loop;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A clock that stands until it is moved, and loops that run when it gets to them. */
final class VirtualTime implements MonotonicClock, Loops {
    private final List<VirtualLoop> loops = new ArrayList<>();
    private MonotonicInstant now = new MonotonicInstant(5_000_000_000L);

    @Override
    public MonotonicInstant now() {
        return now;
    }

    @Override
    public Loop start(String name, Loop.Step step) {
        VirtualLoop loop = new VirtualLoop(step);
        loops.add(loop);
        return loop;
    }

    /** Lets time pass, and runs what is due on the way. */
    void pass(Duration time) {
        MonotonicInstant end = now.plus(time);
        for (MonotonicInstant next = next(); !next.isAfter(end); next = next()) {
            now = now.isBefore(next) ? next : now;
            loops.forEach(VirtualLoop::runIfDue);
        }
        now = now.isBefore(end) ? end : now;
    }

    /** Time passes and nothing runs, as when the process is stopped. */
    void freeze(Duration time) {
        now = now.plus(time);
    }

    private MonotonicInstant next() {
        return loops.stream()
                .map(loop -> loop.due)
                .reduce(MonotonicInstant::earlier)
                .orElseThrow();
    }

    private final class VirtualLoop implements Loop {
        private final Step step;
        private MonotonicInstant due = now;
        private boolean closed;

        VirtualLoop(Step step) {
            this.step = step;
        }

        private void runIfDue() {
            if (closed || due.isAfter(now)) {
                return;
            }
            due = new MonotonicInstant(Long.MAX_VALUE);
            try {
                Duration wait = step.run();
                due = due.earlier(now.plus(wait));
            } catch (Exception e) {
                throw new AssertionError("a round failed", e);
            }
        }

        @Override
        public void wake() {
            due = now;
        }

        @Override
        public void close() {
            closed = true;
            due = new MonotonicInstant(Long.MAX_VALUE);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.time;

import dev.primacy.simulation.time.VirtualTime.Event;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a program's long work beside its loops. A task that is cancelled while it waits goes on at once, and is told. */
public final class Worker extends AbstractExecutorService {
    private final VirtualTime time;
    private final Program program;
    private @Nullable Task<?> running;
    private boolean shutdown;

    public Worker(VirtualTime time, Program program) {
        this.time = time;
        this.program = program;
    }

    /** Lets time pass for the task that runs, if it is one of this worker that asks. */
    public void elapse(long nanos) {
        Task<?> task = running;
        if (task == null || !task.isCurrent()) {
            program.elapse(nanos);
            return;
        }
        if (!task.interrupted) {
            program.elapse(nanos, sleep -> task.sleep = sleep);
            task.sleep = null;
        }
    }

    /** Whether the task that asks was cancelled. */
    public boolean isInterrupted() {
        Task<?> task = running;
        return task != null && task.isCurrent() && task.interrupted;
    }

    @Override
    public void execute(Runnable task) {
        program.soon(() -> {
            if (task instanceof Task<?> mine) {
                running = mine;
                mine.carrier = Carrier.current();
            }
            try {
                task.run();
            } finally {
                running = null;
            }
        });
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable work, T value) {
        return new Task<>(work, value);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> work) {
        return new Task<>(work);
    }

    @Override
    public void shutdown() {
        shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }

    private final class Task<T> extends FutureTask<T> {
        private @Nullable Carrier carrier;
        private @Nullable Event sleep;
        private boolean interrupted;

        Task(Runnable work, T value) {
            super(work, value);
        }

        Task(Callable<T> work) {
            super(work);
        }

        boolean isCurrent() {
            return carrier == Carrier.current();
        }

        /** The work goes on to its end, as an interrupted thread's does. */
        @Override
        public boolean cancel(boolean mayInterrupt) {
            interrupted = true;
            Event waiting = sleep;
            if (waiting != null) {
                time.hasten(waiting);
            }
            return true;
        }
    }
}

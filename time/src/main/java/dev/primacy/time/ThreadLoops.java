// SPDX-License-Identifier: Apache-2.0
package dev.primacy.time;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/** Loops on daemon threads, one each. */
public final class ThreadLoops implements Loops {
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final BiConsumer<String, Throwable> onFailure;

    /**
     * Loops that report what a round throws.
     *
     * @param onFailure gets the loop's name and what was thrown, on the loop's thread
     */
    public ThreadLoops(BiConsumer<String, Throwable> onFailure) {
        this.onFailure = onFailure;
    }

    @Override
    public Loop start(String name, Loop.Step step) {
        ThreadLoop loop = new ThreadLoop(name, step);
        loop.thread.start();
        return loop;
    }

    private final class ThreadLoop implements Loop {
        private final Step step;
        private final Thread thread;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private boolean woken;
        private boolean closed;

        ThreadLoop(String name, Step step) {
            this.step = step;
            this.thread = new Thread(this::run, name);
            this.thread.setDaemon(true);
        }

        private void run() {
            try {
                boolean open = true;
                while (open) {
                    open = await(round());
                }
            } catch (InterruptedException e) {
                // Only close() interrupts; the thread ends here.
                Thread.currentThread().interrupt();
            }
        }

        /** The one catch-all: a loop that died silently would leave a lease unrenewed or a primary unfenced. */
        @SuppressWarnings("CatchAndPrintStackTrace")
        private Duration round() throws InterruptedException {
            try {
                return step.run();
            } catch (InterruptedException e) {
                if (isClosed()) {
                    throw e;
                }
                onFailure.accept(thread.getName(), e);
            } catch (Throwable e) {
                if (!isClosed()) {
                    onFailure.accept(thread.getName(), e);
                }
            }
            return AFTER_FAILURE;
        }

        private boolean await(Duration longest) throws InterruptedException {
            lock.lock();
            try {
                long left = longest.toNanos();
                while (!woken && !closed && left > 0) {
                    left = changed.awaitNanos(left);
                }
                woken = false;
                return !closed;
            } finally {
                lock.unlock();
            }
        }

        private boolean isClosed() {
            lock.lock();
            try {
                return closed;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void wake() {
            lock.lock();
            try {
                woken = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                closed = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            if (Thread.currentThread().equals(thread)) {
                return;
            }
            thread.interrupt();
            try {
                thread.join(TimeUnit.NANOSECONDS.toMillis(CLOSE_PATIENCE.toNanos()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

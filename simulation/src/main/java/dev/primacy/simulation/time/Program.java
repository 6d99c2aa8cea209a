// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.time;

import dev.primacy.dcs.DcsException;
import dev.primacy.postgres.PostgresException;
import dev.primacy.simulation.time.VirtualTime.Event;
import dev.primacy.time.Loop;
import dev.primacy.time.Loops;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One run of a program: its loops, in which it may be frozen at any point where it waits, and its death. */
public final class Program implements Loops {
    private static final long AFTER_FAILURE = Duration.ofSeconds(1).toNanos();
    private static final int JITTER = 2_000_000;
    private static final long BETWEEN_TRIES = 5_000_000;
    private static final int SPIN = 400;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final VirtualTime time;
    private final Random random;
    private final LongSupplier frozenUntil;
    private final Consumer<String> onBug;
    private boolean alive = true;
    private long pausedUntil;
    private String hanging = "";
    private long hungSince = -1;
    private long hungUntil;
    private int rounds;

    /**
     * A program that has just been started.
     *
     * @param frozenUntil of the machine that it runs on
     * @param onBug told what no correct program does: a round that fails with more than a refusal, or a loop that spins
     */
    public Program(VirtualTime time, Random random, LongSupplier frozenUntil, Consumer<String> onBug) {
        this.time = time;
        this.random = random;
        this.frozenUntil = frozenUntil;
        this.onBug = onBug;
    }

    public boolean isAlive() {
        return alive;
    }

    /** Until when it does nothing; a time that has passed if it runs. */
    public long pausedUntil() {
        return Math.max(pausedUntil, frozenUntil.getAsLong());
    }

    public boolean runs() {
        return alive && pausedUntil() <= time.now();
    }

    /** Whether a loop is in the middle of a round. */
    public boolean isBusy() {
        return rounds > 0;
    }

    public void pause(long until) {
        pausedUntil = Math.max(pausedUntil, until);
    }

    /** One of its loops hangs, and the others go on. */
    public void hang(String loop, long until) {
        hanging = loop;
        hungUntil = Math.max(hungUntil, until);
    }

    /** For how long a round has been due that hangs, in nanoseconds; 0 if none does. */
    public long hungFor() {
        return hungSince < 0 ? 0 : time.now() - hungSince;
    }

    /** It ends without a word, wherever it is. */
    public void kill() {
        alive = false;
    }

    /** Lets time pass for code of this program, which goes on when the program runs. */
    public void elapse(long nanos) {
        elapse(nanos, sleep -> {});
    }

    /**
     * The same.
     *
     * @param sleep told the event that ends it, to hasten it
     */
    public void elapse(long nanos, Consumer<Event> sleep) {
        requireAlive();
        time.sleepUntil(time.now() + nanos, sleep);
        while (alive && pausedUntil() > time.now()) {
            time.sleepUntil(pausedUntil(), event -> {});
        }
        requireAlive();
    }

    /** A dead program does nothing: called by all that it could do something with. */
    public void requireAlive() {
        if (!alive || time.isOver()) {
            throw new Dead();
        }
    }

    @Override
    public Loop start(String name, Loop.Step step) {
        SimulatedLoop loop = new SimulatedLoop(name, step);
        loop.schedule(time.now() + jitter());
        return loop;
    }

    @Override
    public Lock lock() {
        return new VirtualLock();
    }

    /** Runs {@code task} as soon as the program runs. */
    public void soon(Runnable task) {
        time.at(Math.max(time.now(), pausedUntil()) + jitter(), () -> {
            if (!alive) {
                return;
            }
            if (pausedUntil() > time.now()) {
                soon(task);
                return;
            }
            try {
                task.run();
            } catch (Dead e) {
                // It died in the middle.
            }
        });
    }

    private long jitter() {
        return random.nextInt(JITTER);
    }

    /** Thrown into code of a program that is dead. */
    public static final class Dead extends Error {
        private static final long serialVersionUID = 1;

        Dead() {
            super("the program has ended", null, false, false);
        }
    }

    private final class VirtualLock extends ReentrantLock {
        private static final long serialVersionUID = 1;

        @Override
        public void lock() {
            while (!tryLock()) {
                elapse(BETWEEN_TRIES);
            }
        }
    }

    private final class SimulatedLoop implements Loop {
        private final String name;
        private final Step step;
        private @Nullable Event due;
        private boolean running;
        private boolean woken;
        private boolean closed;
        private long second;
        private int roundsInSecond;

        SimulatedLoop(String name, Step step) {
            this.name = name;
            this.step = step;
        }

        private void schedule(long when) {
            Event before = due;
            if (before != null) {
                before.cancel();
            }
            due = time.at(when, this::fire);
        }

        private void fire() {
            due = null;
            if (closed || !alive) {
                return;
            }
            if (pausedUntil() > time.now()) {
                schedule(pausedUntil() + jitter());
                return;
            }
            if (name.equals(hanging) && hungUntil > time.now()) {
                hungSince = hungSince < 0 ? time.now() : hungSince;
                schedule(hungUntil + jitter());
                return;
            }
            hungSince = name.equals(hanging) ? -1 : hungSince;
            countRound();
            running = true;
            Program.this.rounds++;
            woken = false;
            long wait = AFTER_FAILURE;
            try {
                wait = Math.max(0, step.run().toNanos());
            } catch (DcsException | PostgresException e) {
                // As on a real thread: told to people, and tried again.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Dead e) {
                return;
            } catch (Exception e) {
                onBug.accept("a round of " + name + " failed: " + e);
            } finally {
                running = false;
                Program.this.rounds--;
            }
            if (!closed && alive) {
                schedule(time.now() + jitter() + (woken ? 0 : wait));
            }
        }

        private void countRound() {
            long now = time.now() / SECOND;
            roundsInSecond = now == second ? roundsInSecond + 1 : 1;
            second = now;
            if (roundsInSecond > SPIN) {
                onBug.accept("loop " + name + " spins: " + roundsInSecond + " rounds in a second");
            }
        }

        @Override
        public void wake() {
            woken = true;
            Event next = due;
            if (!running && !closed) {
                long soon = Math.max(time.now(), pausedUntil()) + jitter();
                if (next == null || soon < next.at()) {
                    schedule(soon);
                }
            }
        }

        @Override
        public void close() {
            closed = true;
            if (due != null) {
                due.cancel();
            }
        }
    }
}

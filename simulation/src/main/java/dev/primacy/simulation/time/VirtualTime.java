// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.time;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Time that stands still while anything runs, and then jumps to what is due next. Events of one moment run in the order in
 * which they were asked for, so a history depends on nothing but its seed.
 *
 * <p>Code that waits calls {@link #sleepUntil}. If nothing else is due before, time just passes; else the code keeps its
 * stack on the thread that it is on, and another thread goes on with the events. One thread runs at any moment: whoever
 * holds the baton.
 */
public final class VirtualTime {
    /** How much faster or slower than this a clock runs at most. */
    public static final double RATES = 0.0005;

    /** Of real time, for one history, which takes milliseconds. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Duration longest;
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final Deque<Carrier> idle = new ArrayDeque<>();
    private final List<Carrier> sleeping = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private Runnable afterEach = () -> {};
    private long now;
    private long asked;
    private long ran;
    private boolean over;
    private @Nullable Throwable failure;
    private Executor spawn = task -> {
        throw new IllegalStateException("time does not run yet");
    };

    public VirtualTime() {
        this(LONGEST);
    }

    /** Time that gives up when its events have not ended after {@code longest}. */
    VirtualTime(Duration longest) {
        this.longest = longest;
    }

    /** Nanoseconds since the beginning of the history. */
    public long now() {
        return now;
    }

    /** How many events have run. */
    public long events() {
        return ran;
    }

    /** Has {@code check} called after every event. */
    public void afterEach(Runnable check) {
        afterEach = check;
    }

    /** Runs {@code action} at {@code when}, or now if that has passed. */
    public Event at(long when, Runnable action) {
        return add(new Event(Math.max(when, now), asked++, action, null));
    }

    private Event add(Event event) {
        queue.add(event);
        return event;
    }

    /** Ends the history after the event that runs now. */
    public void end() {
        over = true;
    }

    /** Whether the history has ended: what runs still only clears its stack. */
    public boolean isOver() {
        return over;
    }

    /**
     * Returns at {@code when}, or earlier if the event was moved by {@link #hasten}.
     *
     * @param sleep told the event that ends the sleep, before it begins
     */
    public void sleepUntil(long when, Consumer<Event> sleep) {
        if (over) {
            throw new Over();
        }
        Event next = next();
        if (next == null || next.at > when) {
            now = Math.max(now, when);
            return;
        }
        Carrier me = Carrier.current();
        Event wake = add(new Event(Math.max(when, now), asked++, () -> {}, me));
        sleep.accept(wake);
        sleeping.add(me);
        passBaton();
        me.await();
        if (over) {
            throw new Over();
        }
    }

    /** Ends a sleep now, if it has not ended. */
    public void hasten(Event sleep) {
        if (!sleep.cancelled && sleep.carrier != null) {
            sleep.cancel();
            add(new Event(now, asked++, () -> {}, sleep.carrier));
        }
    }

    /**
     * Runs events until {@link #end}, on threads of {@code threads}; returns when the stacks of all that sleep are clear.
     *
     * @throws IllegalStateException with the cause if an event threw something, or if the events take longer than any history
     *     should: then a thread waits for one that only a later event would wake
     */
    public void run(Executor threads) throws InterruptedException {
        this.spawn = threads;
        passBaton();
        if (!ended.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new IllegalStateException("virtual time stands still at " + now);
        }
        if (failure != null) {
            throw new IllegalStateException("an event failed", failure);
        }
    }

    private @Nullable Event next() {
        Event next = queue.peek();
        while (next != null && next.cancelled) {
            queue.poll();
            next = queue.peek();
        }
        return next;
    }

    private void passBaton() {
        Carrier other = idle.poll();
        if (other != null) {
            other.wake();
        } else {
            Carrier fresh = new Carrier();
            spawn.execute(() -> {
                fresh.begin();
                drive(fresh);
            });
        }
    }

    private void drive(Carrier me) {
        while (!over) {
            Event event = next();
            if (event == null) {
                failure = new IllegalStateException("nothing is due any more, and the history has not ended");
                over = true;
                break;
            }
            queue.poll();
            now = event.at;
            ran++;
            if (event.carrier != null) {
                // Hastened afterwards, it would wake the carrier out of a later sleep, and then once more.
                event.cancel();
                sleeping.remove(event.carrier);
                idle.push(me);
                event.carrier.wake();
                me.await();
            } else {
                runOne(event);
            }
        }
        // One after the other clears its stack and ends.
        if (!sleeping.isEmpty()) {
            sleeping.remove(sleeping.size() - 1).wake();
        } else if (!idle.isEmpty()) {
            idle.pop().wake();
        } else {
            ended.countDown();
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private void runOne(Event event) {
        try {
            event.action.run();
            if (!over) {
                afterEach.run();
            }
        } catch (Over e) {
            // The history has ended meanwhile.
        } catch (Throwable e) {
            failure = failure == null ? e : failure;
            over = true;
        }
        // Whoever was interrupted has dealt with it; the thread's next piece of code was not meant.
        Thread.interrupted();
    }

    /** Something that is due. */
    public static final class Event implements Comparable<Event> {
        private final long at;
        private final long order;
        private final Runnable action;
        private final @Nullable Carrier carrier;
        private boolean cancelled;

        private Event(long at, long order, Runnable action, @Nullable Carrier carrier) {
            this.at = at;
            this.order = order;
            this.action = action;
            this.carrier = carrier;
        }

        public long at() {
            return at;
        }

        /** It does not happen. */
        public void cancel() {
            cancelled = true;
        }

        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    /** Thrown into code that sleeps when the history ends. */
    public static final class Over extends Error {
        private static final long serialVersionUID = 1;

        Over() {
            super("the history is over", null, false, false);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several fences as one: all must confirm, one after the other, so the earliest of their deadlines is the server's end. */
final class Fences implements Postgres.Guard {
    private static final Logger LOG = LoggerFactory.getLogger(Fences.class);

    private final MonotonicClock clock;
    private final List<Fence> all;
    /** So that a deadline that is being set when {@link #disarm} is called does not outlive it. */
    private final ReentrantLock lock = new ReentrantLock();

    private boolean closed;
    private volatile Optional<MonotonicInstant> softDeadline = Optional.empty();

    /**
     * Sets no deadline yet.
     *
     * @param all in the order in which they are asked; the quickest first, since a slow one holds those after it up
     */
    Fences(MonotonicClock clock, List<Fence> all) {
        this.clock = clock;
        this.all = List.copyOf(all);
    }

    @Override
    public void open() {
        lock.lock();
        try {
            closed = false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout) {
        lock.lock();
        try {
            MonotonicInstant end = clock.now().plus(timeout);
            boolean confirmed = !closed && all.stream().allMatch(fence -> confirms(fence, soft, hard, end));
            softDeadline = confirmed ? Optional.of(soft) : Optional.empty();
            return confirmed;
        } finally {
            lock.unlock();
        }
    }

    private boolean confirms(Fence fence, MonotonicInstant soft, MonotonicInstant hard, MonotonicInstant end) {
        try {
            return fence.arm(soft, hard, clock.now().until(end));
        } catch (PostgresException e) {
            LOG.error("Fencing is not sure: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public void disarm() {
        lock.lock();
        try {
            closed = true;
            softDeadline = Optional.empty();
            for (Fence fence : all) {
                disarm(fence);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void disarm(Fence fence) {
        try {
            fence.disarm();
        } catch (PostgresException e) {
            LOG.error("A fence stays: {}", e.getMessage());
        }
    }

    /** Throws unless a deadline that all have confirmed is still ahead. */
    void requireArmed(String verb) {
        if (softDeadline.filter(clock.now()::isBefore).isEmpty()) {
            throw new PostgresException(
                    verb + " refused: the guard is not armed, nothing would end this primary in time");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.ThreadLoops;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets each session give its signs of life; one thread for all, from the first of them on. */
final class SignsOfLife {
    private static final Logger LOG = LoggerFactory.getLogger(SignsOfLife.class);
    private static final int PER_TICK = 3;

    private final Duration tick;
    private final MonotonicClock clock;
    private final Set<OwnSession> sessions = new HashSet<>();
    private @Nullable Loop loop;
    private boolean closed;

    SignsOfLife(Duration tick, MonotonicClock clock) {
        this.tick = tick;
        this.clock = clock;
    }

    synchronized void add(OwnSession session) {
        if (!closed && sessions.add(session) && loop == null) {
            loop = new ThreadLoops((name, problem) -> LOG.warn("{}: {}", name, problem.toString()))
                    .start("zookeeper-signs", this::give);
        }
    }

    synchronized void remove(OwnSession session) {
        sessions.remove(session);
    }

    synchronized void wake() {
        if (loop != null) {
            loop.wake();
        }
    }

    private synchronized Duration give() {
        sessions.forEach(session -> session.giveSignOfLife(clock.now()));
        return tick.dividedBy(PER_TICK);
    }

    void close() {
        Loop last;
        synchronized (this) {
            closed = true;
            last = loop;
        }
        // Outside, since a round that runs wants the monitor too.
        if (last != null) {
            last.close();
        }
    }
}

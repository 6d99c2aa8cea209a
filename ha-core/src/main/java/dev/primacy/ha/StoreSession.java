// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The session of one member in its cluster's store. It becomes another one when the cluster's {@code ttl} changes, which
 * the ttl of a session cannot. Verbs may be called by any thread, and go to the session of the moment.
 */
public final class StoreSession implements Dcs {
    private final Function<Duration, Dcs> open;
    private final List<Watching> watches = new ArrayList<>();
    private final List<Retired> retired = new ArrayList<>();
    private volatile Dcs current;
    /** Opened for a ttl that does not hold yet. */
    private @Nullable Dcs next;

    private Duration nextTtl;
    private boolean closed;

    /**
     * Opens the first session.
     *
     * @param open opens a session with a ttl, without waiting for the store
     */
    public StoreSession(Function<Duration, Dcs> open, Duration ttl) {
        this.open = open;
        this.current = open.apply(ttl);
        this.nextTtl = ttl;
    }

    /** A session with that ttl: the one that was opened for it before, or a new one. */
    synchronized Dcs next(Duration ttl) {
        Dcs known = next;
        if (known != null && nextTtl.equals(ttl)) {
            return known;
        }
        if (known != null) {
            // It may have a lock that an unanswered claim took.
            retired.add(new Retired(known, new MonotonicInstant(Long.MAX_VALUE)));
        }
        Dcs opened = open.apply(ttl);
        next = opened;
        nextTtl = ttl;
        return opened;
    }

    /**
     * Makes what {@link #next} gave last the session of the moment.
     *
     * @param closeOldAt when the one before may be closed, and with it what it carries may vanish
     */
    synchronized void goOver(MonotonicInstant closeOldAt) {
        Dcs old = current;
        Dcs opened = next;
        if (opened == null) {
            throw new IllegalStateException("there is no session to go over to");
        }
        current = opened;
        next = null;
        watches.forEach(watching -> watching.moveTo(opened));
        retired.replaceAll(session -> new Retired(session.dcs, session.closeAt.earlier(closeOldAt)));
        retired.add(new Retired(old, closeOldAt));
    }

    /** Closes the sessions whose time is over. */
    void closeRetired(MonotonicInstant now) {
        List<Dcs> over = new ArrayList<>();
        synchronized (this) {
            for (Iterator<Retired> all = retired.iterator(); all.hasNext(); ) {
                Retired session = all.next();
                if (session.closeAt.isBefore(now)) {
                    all.remove();
                    over.add(session.dcs);
                }
            }
        }
        over.forEach(Dcs::close);
    }

    @Override
    public DcsCapabilities capabilities() {
        return current.capabilities();
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        return current.snapshot(timeout);
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        return current.write(write, timeout);
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        return current.acquire(claim, timeout);
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        return current.renew(held, status, timeout);
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        return current.release(held, with, timeout);
    }

    @Override
    public void register(String name, String value, Duration timeout) {
        current.register(name, value, timeout);
    }

    @Override
    public synchronized Watch watch(Runnable hint) {
        Watching watching = new Watching(hint, current.watch(hint));
        watches.add(watching);
        return () -> end(watching);
    }

    private synchronized void end(Watching watching) {
        watches.remove(watching);
        watching.watch.close();
    }

    /** Closes all sessions. */
    @Override
    public void close() {
        List<Dcs> all = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            retired.forEach(session -> all.add(session.dcs));
            if (next != null) {
                all.add(next);
            }
            all.add(current);
        }
        all.forEach(Dcs::close);
    }

    private record Retired(Dcs dcs, MonotonicInstant closeAt) {}

    private static final class Watching {
        private final Runnable hint;
        private Watch watch;

        Watching(Runnable hint, Watch watch) {
            this.hint = hint;
            this.watch = watch;
        }

        void moveTo(Dcs session) {
            watch.close();
            watch = session.watch(hint);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.memory;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.record.WalPositions;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArraySet;
import org.jspecify.annotations.Nullable;

/**
 * One scope in memory, shared by any number of sessions. What a session carries ends exactly its ttl after its last verb,
 * by the injected clock. Sessions expire when somebody looks, or when {@link #expire} is called.
 */
public final class MemoryStore {
    private final MonotonicClock clock;
    private final Map<String, Session> sessions = new HashMap<>();
    private final Map<String, Owned> members = new TreeMap<>();
    private final MemoryRecords records = new MemoryRecords();
    private final Set<Runnable> watchers = new CopyOnWriteArraySet<>();
    private Optional<Lock> leader = Optional.empty();
    /** Until something changes. */
    private @Nullable Snapshot lastSeen;

    private long openedSessions;
    /** Signs of life put ends off, so this may be too early, and never too late. */
    private MonotonicInstant noneEndsBefore = new MonotonicInstant(Long.MAX_VALUE);

    public MemoryStore(MonotonicClock clock) {
        this.clock = clock;
    }

    /** Opens a session; a name may be used by several. */
    public Dcs open(String name, Duration ttl) {
        return new MemoryDcs(this, name, ttl);
    }

    /** Ends the sessions whose time is over. */
    public void expire() {
        if (expireNow()) {
            changed();
        }
    }

    /** When the session that has {@code lock} ends if nothing more is heard of it; empty if it has ended. */
    public synchronized Optional<MonotonicInstant> endOf(Lock lock) {
        return Optional.ofNullable(sessions.get(lock.session())).map(session -> session.end);
    }

    /** Before when no session ends. */
    public synchronized MonotonicInstant noneEndsBefore() {
        return noneEndsBefore;
    }

    MonotonicClock clock() {
        return clock;
    }

    synchronized String openSession(String name, Duration ttl) {
        String id = name + "#" + ++openedSessions;
        Session opened = new Session(ttl, clock.now().plus(ttl));
        sessions.put(id, opened);
        noneEndsBefore = noneEndsBefore.earlier(opened.end);
        return id;
    }

    /** Whether the session lives; if so this is a sign of life of it. */
    synchronized boolean touch(String session) {
        expireNow();
        Session known = sessions.get(session);
        if (known != null) {
            known.end = clock.now().plus(known.ttl);
        }
        return known != null;
    }

    synchronized void endSession(String session) {
        if (sessions.remove(session) != null) {
            dropOwnedBy(session);
        }
    }

    synchronized Snapshot snapshot() {
        expireNow();
        Snapshot known = lastSeen;
        if (known == null) {
            TreeMap<String, Stored> values = new TreeMap<>();
            members.forEach((name, owned) -> values.put(name, owned.stored));
            known = new Snapshot(leader, values, records.view());
            lastSeen = known;
        }
        return known;
    }

    synchronized WriteOutcome write(RecordWrite write) {
        lastSeen = null;
        return records.write(write);
    }

    synchronized AcquireOutcome acquire(String session, LockClaim claim, MonotonicInstant proven) {
        requireAlive(session);
        if (!leader.equals(claim.replacing())) {
            return new AcquireOutcome.Refused(holder());
        }
        Optional<String> refused = records.writeAll(claim.with());
        if (refused.isPresent()) {
            return new AcquireOutcome.Refused(refused.get());
        }
        long revision = records.nextRevision();
        Lock lock = new Lock(claim.holder(), session, revision, new Version(revision));
        leader = Optional.of(lock);
        lastSeen = null;
        return new AcquireOutcome.Acquired(lock, proven);
    }

    RenewOutcome renew(String session, Lock held, Optional<String> status, MonotonicInstant proven) {
        boolean tells;
        synchronized (this) {
            if (!isHeldBy(session, held)) {
                return new RenewOutcome.Lost(holder());
            }
            tells = status.filter(value -> tells(records.read(RecordKey.STATUS), value))
                    .isPresent();
            status.ifPresent(value -> write(RecordWrite.blind(RecordKey.STATUS, value)));
        }
        if (tells) {
            changed();
        }
        return new RenewOutcome.Renewed(proven);
    }

    /** Whether somebody who watches may want to know. */
    private static boolean tells(Optional<Stored> before, String now) {
        return before.filter(stored -> WalPositions.onlyMoved(stored.value(), now))
                .isEmpty();
    }

    synchronized ReleaseOutcome release(String session, Lock held, List<RecordWrite> with) {
        if (!isHeldBy(session, held)) {
            return new ReleaseOutcome.Lost(holder());
        }
        Optional<String> refused = records.writeAll(with);
        if (refused.isPresent()) {
            return new ReleaseOutcome.Refused(refused.get());
        }
        leader = Optional.empty();
        lastSeen = null;
        return new ReleaseOutcome.Released();
    }

    void register(String session, String name, String value) {
        boolean tells;
        synchronized (this) {
            requireAlive(session);
            Owned before =
                    members.put(name, new Owned(session, new Stored(value, new Version(records.nextRevision()))));
            lastSeen = null;
            tells = tells(Optional.ofNullable(before).map(Owned::stored), value);
        }
        if (tells) {
            changed();
        }
    }

    void watch(Runnable hint) {
        watchers.add(hint);
    }

    void unwatch(Runnable hint) {
        watchers.remove(hint);
    }

    /** Tells the watchers; called without the monitor, since they may call back. */
    void changed() {
        watchers.forEach(Runnable::run);
    }

    /** What a session carries that was closed in the meantime would never vanish. */
    private void requireAlive(String session) {
        if (!sessions.containsKey(session)) {
            throw new DcsException.Unreachable("session " + session + " ended while it was used", null);
        }
    }

    private boolean isHeldBy(String session, Lock held) {
        return held.session().equals(session) && leader.filter(held::equals).isPresent();
    }

    private String holder() {
        return "the lock is held by " + leader.map(Lock::holder).orElse("nobody");
    }

    private synchronized boolean expireNow() {
        MonotonicInstant now = clock.now();
        if (now.isBefore(noneEndsBefore)) {
            return false;
        }
        List<String> over = new ArrayList<>();
        noneEndsBefore = new MonotonicInstant(Long.MAX_VALUE);
        sessions.forEach((id, session) -> {
            if (now.isBefore(session.end)) {
                noneEndsBefore = noneEndsBefore.earlier(session.end);
            } else {
                over.add(id);
            }
        });
        over.forEach(this::endSession);
        return !over.isEmpty();
    }

    private void dropOwnedBy(String session) {
        lastSeen = null;
        leader = leader.filter(lock -> !lock.session().equals(session));
        members.values().removeIf(owned -> owned.session.equals(session));
    }

    private static final class Session {
        private final Duration ttl;
        private MonotonicInstant end;

        Session(Duration ttl, MonotonicInstant end) {
            this.ttl = ttl;
            this.end = end;
        }
    }

    private record Owned(String session, Stored stored) {}
}

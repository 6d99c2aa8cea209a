// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.store;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.simulation.time.VirtualTime;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The servers of one store, as one place that answers, or not. */
public final class Store {
    private static final Duration LONG_TIME = Duration.ofHours(10);

    private static final long SHORTEST_TTL = Duration.ofSeconds(5).toNanos();
    private static final long MOMENT = Duration.ofMillis(1).toNanos();
    private static final double FAR = 1e18;

    private final StoreKind kind;
    private final int place;
    private final VirtualTime time;
    private final double rate;
    private final MemoryStore sessions;
    private final ObservedStore observed = new ObservedStore(this::changed);
    private final Dcs observer;
    private final List<Runnable> watchers = new ArrayList<>();
    private final List<Runnable> observers = new ArrayList<>();
    private long frozenUntil;
    private long stood;

    /**
     * A store without content.
     *
     * @param place where it is
     * @param rate how fast its clock runs
     */
    public Store(StoreKind kind, int place, VirtualTime time, double rate) {
        this.kind = kind;
        this.place = place;
        this.time = time;
        this.rate = rate;
        this.sessions = new MemoryStore(() -> new MonotonicInstant((long) ((time.now() - stood) * rate)));
        this.observer = kind.isObserved()
                ? observed.open("observer", LONG_TIME, () -> new MonotonicInstant(0))
                : sessions.open("observer", LONG_TIME);
        observer.watch(this::changed);
    }

    public StoreKind kind() {
        return kind;
    }

    public int place() {
        return place;
    }

    double rate() {
        return rate;
    }

    /** Has {@code watcher} called after every change that programs are told of. */
    void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    /** Has {@code observer} called after every change. */
    public void observe(Runnable observer) {
        observers.add(observer);
    }

    /** Something changed, perhaps only WAL positions. */
    void moved() {
        observers.forEach(Runnable::run);
    }

    private void changed() {
        moved();
        for (Runnable watcher : List.copyOf(watchers)) {
            watcher.run();
        }
    }

    /** Its servers do nothing for a while, then go on with what has come in. */
    public void freeze(long until) {
        if (until > frozenUntil) {
            // Time that servers do not see is no time that sessions have missed: the next leader begins to count anew.
            stood += until - Math.max(frozenUntil, time.now());
            frozenUntil = until;
        }
    }

    /** Its servers elect another leader: every session gets its time again. */
    public void restart(Duration ttl) {
        stood += ttl.toNanos();
    }

    long frozenUntil() {
        return frozenUntil;
    }

    /** Ends the sessions whose time is over, now and from now on when it is. */
    public void expireInTime() {
        expire();
        // A session that is opened meanwhile may be the next to end.
        time.at(
                Math.min(time.now() + SHORTEST_TTL, Math.max(time.now() + MOMENT, realTime(sessions.noneEndsBefore()))),
                this::expireInTime);
    }

    void expire() {
        if (time.now() >= frozenUntil) {
            sessions.expire();
        }
    }

    private long realTime(MonotonicInstant instant) {
        return (long) Math.min(Math.ceil(instant.nanos() / rate) + stood, FAR);
    }

    /** What is in it now, whoever looks. */
    public Snapshot truth() {
        return kind.isObserved() ? observed.truth() : observer.snapshot(LONG_TIME);
    }

    /** A person writes a record. */
    public void put(RecordKey key, String value) {
        var unused = observer.write(RecordWrite.blind(key, value), LONG_TIME);
    }

    /** Before when nobody else can have {@code lock}, if nothing more is heard of its holder. */
    public long keptUntil(Lock lock) {
        if (kind.isObserved()) {
            return time.now() + (long) (observed.keptFor() / (1 + VirtualTime.RATES));
        }
        return sessions.endOf(lock)
                .map(end -> realTime(end.minus(kind.expiryGrain())))
                .orElse(0L);
    }

    Dcs open(String name, Duration ttl, MonotonicClock clock) {
        return kind.isObserved() ? observed.open(name, ttl, clock) : sessions.open(name, ttl.plus(kind.expiryGrain()));
    }
}

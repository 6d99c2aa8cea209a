// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.store;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.AcquireOutcome.Acquired;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.RenewOutcome.Renewed;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.simulation.store.Network.Fate;
import dev.primacy.simulation.time.Program;
import dev.primacy.simulation.time.VirtualTime;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * A store as one program sees it over the network. Requests take time, get lost, or are carried out although no answer
 * comes, also much later or twice; hints are dropped; the session may be replaced unnoticed.
 */
public final class StoreClient implements Dcs {
    private static final long LATEST = Duration.ofSeconds(4).toNanos();

    private final Store store;
    private final String name;
    private final Duration ttl;
    private final int place;
    private final Program program;
    private final MonotonicClock clock;
    private final VirtualTime time;
    private final Network network;
    private Dcs session;

    /**
     * A client with a session of its own.
     *
     * @param place where it is
     * @param clock of its machine
     */
    public StoreClient(
            Store store,
            String name,
            Duration ttl,
            int place,
            Program program,
            MonotonicClock clock,
            VirtualTime time,
            Network network) {
        this.store = store;
        this.name = name;
        this.ttl = ttl;
        this.place = place;
        this.program = program;
        this.clock = clock;
        this.time = time;
        this.network = network;
        this.session = store.open(name, ttl, clock);
    }

    /** The client gets a new session; the store still waits for signs of life of the old one. */
    public void loseSession() {
        session = store.open(name, ttl, clock);
    }

    @Override
    public DcsCapabilities capabilities() {
        return session.capabilities();
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        return request(timeout, false, false, () -> {
            Snapshot first = session.snapshot(timeout);
            if (!store.kind().isTorn()) {
                return first;
            }
            long between = network.way(place, store.place(), timeout.toNanos() / 4);
            if (between == 0) {
                return first;
            }
            program.elapse(between);
            return torn(first, session.snapshot(timeout));
        });
    }

    /** Each piece is of one of two moments, both after the call began. */
    private Snapshot torn(Snapshot first, Snapshot second) {
        Map<RecordKey, Stored> records = new HashMap<>();
        TreeSet<String> keys = new TreeSet<>();
        first.records().keySet().forEach(key -> keys.add(key.path()));
        second.records().keySet().forEach(key -> keys.add(key.path()));
        for (String path : keys) {
            RecordKey key = new RecordKey(path);
            either(first, second).record(key).ifPresent(stored -> records.put(key, stored));
        }
        return new Snapshot(
                either(first, second).leader(), either(first, second).members(), records);
    }

    private Snapshot either(Snapshot first, Snapshot second) {
        return network.upTo(2) < 1 ? first : second;
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        return request(timeout, true, write.expected() instanceof Expected.At, () -> session.write(write, timeout));
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        MonotonicInstant sent = proof();
        AcquireOutcome outcome = request(timeout, true, false, () -> session.acquire(claim, timeout));
        return outcome instanceof Acquired acquired ? new Acquired(acquired.lock(), sent) : outcome;
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        MonotonicInstant sent = proof();
        RenewOutcome outcome = request(timeout, true, true, () -> {
            RenewOutcome answer = session.renew(held, status, timeout);
            status.ifPresent(told -> store.moved());
            return answer;
        });
        return outcome instanceof Renewed ? new Renewed(sent) : outcome;
    }

    private MonotonicInstant proof() {
        return clock.now()
                .minus(Duration.ofNanos(network.upTo(store.kind().proofAge().toNanos())));
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        return request(timeout, true, false, () -> session.release(held, with, timeout));
    }

    @Override
    public void register(String member, String value, Duration timeout) {
        request(timeout, true, false, () -> {
            session.register(member, value, timeout);
            store.moved();
            return member;
        });
    }

    @Override
    public Watch watch(Runnable hint) {
        Runnable unreliable = () -> {
            if (program.isAlive() && !network.isCut(store.place(), place) && !network.losesHint()) {
                hint.run();
            }
        };
        store.watch(unreliable);
        return () -> store.unwatch(unreliable);
    }

    @Override
    public void close() {
        program.requireAlive();
        session.close();
    }

    private <T> T request(Duration timeout, boolean changes, boolean mayRepeat, Supplier<T> verb) {
        program.requireAlive();
        long deadline = time.now() + timeout.toNanos();
        Fate fate = network.fate();
        if (fate == Fate.REFUSED) {
            throw new DcsException.Unreachable("no connection", null);
        }
        if (fate == Fate.REQUEST_LOST || network.isCut(place, store.place())) {
            throw unanswered(deadline, changes);
        }
        long there = network.way(place, store.place(), timeout.toNanos());
        long thaw = store.frozenUntil();
        if (thaw > time.now() + there) {
            there = thaw - time.now() + network.upTo(10_000_000);
        }
        if (fate == Fate.APPLIED_LATE || time.now() + there > deadline) {
            applyLater(Math.max(time.now() + there, time.now() + network.upTo(LATEST)), changes, verb);
            throw unanswered(deadline, changes);
        }
        if (there > 0) {
            program.elapse(there);
        }
        store.expire();
        T answer = verb.get();
        if (fate == Fate.DUPLICATED && mayRepeat) {
            applyLater(time.now() + network.upTo(LATEST), true, verb);
        }
        long back = network.way(store.place(), place, timeout.toNanos());
        if (fate == Fate.REPLY_LOST || network.isCut(store.place(), place) || time.now() + back > deadline) {
            throw unanswered(deadline, changes);
        }
        if (back > 0) {
            program.elapse(back);
        }
        return answer;
    }

    /** Nobody hears of it. */
    private void applyLater(long when, boolean changes, Supplier<?> verb) {
        if (changes) {
            time.at(Math.max(when, store.frozenUntil()), () -> {
                store.expire();
                try {
                    applied(verb.get());
                } catch (DcsException e) {
                    // The session is closed by now.
                }
            });
        }
    }

    private static void applied(Object answer) {
        Objects.requireNonNull(answer);
    }

    private DcsException unanswered(long deadline, boolean changes) {
        program.elapse(Math.max(0, deadline - time.now()));
        return changes
                ? new DcsException.OutcomeUnknown("no answer in time", null)
                : new DcsException.Unreachable("no answer in time", null);
    }
}

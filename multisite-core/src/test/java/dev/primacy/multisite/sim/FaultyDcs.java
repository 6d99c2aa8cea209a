// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.AcquireOutcome.Acquired;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.RenewOutcome.Renewed;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.multisite.sim.Faults.Fate;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The store as an agent sees it over a bad network. Requests take time, get lost, or are carried out although no answer
 * comes, also a little later; a snapshot is read piece by piece; hints are dropped; a session may be replaced unnoticed.
 */
final class FaultyDcs implements Dcs {
    private static final Duration LATEST = Duration.ofMillis(800);

    private final VirtualTime time;
    private final Agent agent;
    private final Faults faults;
    private final Supplier<Dcs> sessions;
    private Dcs session;
    private MonotonicInstant cutUntil = new MonotonicInstant(0);

    FaultyDcs(VirtualTime time, Agent agent, Faults faults, Supplier<Dcs> sessions) {
        this.time = time;
        this.agent = agent;
        this.faults = faults;
        this.sessions = sessions;
        this.session = sessions.get();
    }

    /** Nothing gets through for a while. */
    void cut(Duration duration) {
        cutUntil = time.now().plus(duration);
    }

    /** The client got a new session; the store still waits for signs of life of the old one. */
    void loseSession() {
        session = sessions.get();
    }

    @Override
    public DcsCapabilities capabilities() {
        return session.capabilities();
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        return request(timeout, false, () -> {
            Snapshot first = session.snapshot(timeout);
            time.elapse(agent, faults.way(timeout));
            return torn(first, session.snapshot(timeout));
        });
    }

    /** Each piece is from one of two moments, both after the call began. */
    private Snapshot torn(Snapshot first, Snapshot second) {
        Map<RecordKey, Stored> records = new HashMap<>();
        Set<String> keys = new TreeSet<>();
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
        return time.random.nextBoolean() ? first : second;
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        return request(timeout, true, () -> session.write(write, timeout));
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        MonotonicInstant sent = agent.clock().now();
        AcquireOutcome outcome = request(timeout, true, () -> session.acquire(claim, timeout));
        return outcome instanceof Acquired acquired ? new Acquired(acquired.lock(), sent) : outcome;
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        MonotonicInstant sent = agent.clock().now();
        RenewOutcome outcome = request(timeout, true, () -> session.renew(held, status, timeout));
        return outcome instanceof Renewed ? new Renewed(sent) : outcome;
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        return request(timeout, true, () -> session.release(held, with, timeout));
    }

    @Override
    public void register(String name, String value, Duration timeout) {
        request(timeout, true, () -> {
            session.register(name, value, timeout);
            return name;
        });
    }

    @Override
    public Watch watch(Runnable hint) {
        return session.watch(() -> {
            if (agent.isAlive() && !faults.dropsHint()) {
                hint.run();
            }
        });
    }

    @Override
    public void close() {
        session.close();
    }

    private <T> T request(Duration timeout, boolean changes, Supplier<T> verb) {
        Fate fate = time.now().isBefore(cutUntil) ? Fate.REQUEST_LOST : faults.fate();
        time.elapse(agent, faults.way(timeout));
        if (fate == Fate.UNREACHABLE) {
            throw new DcsException.Unreachable("no connection", null);
        }
        if (fate == Fate.ANSWERED || (fate == Fate.REPLY_LOST && changes)) {
            T answer = verb.get();
            time.elapse(agent, faults.way(timeout));
            if (fate == Fate.ANSWERED) {
                return answer;
            }
        } else if (fate == Fate.APPLIED_LATE && changes) {
            time.later(time.upTo(LATEST), () -> applied(verb.get()));
        }
        time.elapse(agent, time.upTo(timeout));
        throw changes
                ? new DcsException.OutcomeUnknown("no answer in time", null)
                : new DcsException.Unreachable("no answer in time", null);
    }

    /** Nobody hears of it. */
    private static void applied(Object answer) {
        Objects.requireNonNull(answer);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.time.Loop;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One scope, through one session. Each verb is one transaction that decides on what it has read itself. */
final class JdbcDcs implements Dcs {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcDcs.class);
    private static final int MAX_VALUE_BYTES = 1 << 20;
    private static final int SIGNS_PER_TTL = 4;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Scope scope;
    private final Database database;
    private final MonotonicClock clock;
    private final Runnable onClose;
    private final Liveness liveness = new Liveness();
    private final Set<Loop> watches = ConcurrentHashMap.newKeySet();
    private final Loops loops = new ThreadLoops((name, problem) -> LOG.debug("{}: {}", name, problem.toString()));
    private final AtomicBoolean closed = new AtomicBoolean();
    /** The session's id at the store; empty before it is first needed. */
    private volatile String session = "";

    private volatile MonotonicInstant signDue = new MonotonicInstant(Long.MAX_VALUE);

    JdbcDcs(Scope scope, Database database, MonotonicClock clock, Runnable onClose) {
        this.scope = scope;
        this.database = database;
        this.clock = clock;
        this.onClose = onClose;
    }

    @Override
    public DcsCapabilities capabilities() {
        return new DcsCapabilities(scope.ttl(), MAX_VALUE_BYTES, true);
    }

    /** Reads without waiting for who writes, unless a session is over and must be ended, or ours needs a sign of life. */
    @Override
    public Snapshot snapshot(Duration timeout) {
        requireOpen("reading");
        MonotonicInstant start = clock.now();
        ScopeRows rows = database.run(
                "reading " + scope.path(), false, timeout, connection -> ScopeRows.read(connection, scope.path()));
        MonotonicInstant now = clock.now();
        boolean due = rows.sessions().containsKey(session) && !now.isBefore(signDue);
        if (!due && liveness.over(rows.sessions(), now).isEmpty()) {
            return rows.snapshot();
        }
        return change("reading", false, timeout.minus(start.until(now)), change -> {
            // Callers do not register again what has not changed: that they look must be enough.
            if (change.rows().sessions().containsKey(session)) {
                giveSignOfLife(change);
            }
            return change.rows().snapshot();
        });
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        requireFit(List.of(write));
        return change(
                "writing " + write.key() + " of",
                timeout,
                change -> change.rows().allow(write)
                        ? new WriteOutcome.Done(change.apply(write))
                        : new WriteOutcome.Conflict(change.rows().record(write.key())));
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        requireFit(claim.with());
        return change("acquiring the lock of", timeout, change -> {
            // The whole tenure is compared, not the holder's name: the same name may have got the lock anew.
            if (!change.rows().leader().equals(claim.replacing())) {
                return new AcquireOutcome.Refused("the lock is held by " + holder(change));
            }
            Optional<String> refusal = refusal(change, claim.with());
            if (refusal.isPresent()) {
                return new AcquireOutcome.Refused(refusal.get());
            }
            giveSignOfLife(change);
            applyAll(change, claim.with());
            Version version = change.put(ScopeRows.LEADER, claim.holder(), session);
            return new AcquireOutcome.Acquired(
                    new Lock(claim.holder(), session, version.value(), version), change.proven());
        });
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        List<RecordWrite> with = status.map(value -> RecordWrite.blind(RecordKey.STATUS, value)).stream()
                .toList();
        requireFit(with);
        return change("renewing the lock of", timeout, change -> {
            if (!isOurs(change, held)) {
                return new RenewOutcome.Lost("the lock is held by " + holder(change));
            }
            giveSignOfLife(change);
            applyAll(change, with);
            return new RenewOutcome.Renewed(change.proven());
        });
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        requireFit(with);
        return change("releasing the lock of", timeout, change -> {
            if (!isOurs(change, held)) {
                return new ReleaseOutcome.Lost("the lock is held by " + holder(change));
            }
            Optional<String> refusal = refusal(change, with);
            if (refusal.isPresent()) {
                return new ReleaseOutcome.Refused(refusal.get());
            }
            applyAll(change, with);
            change.delete(ScopeRows.LEADER);
            return new ReleaseOutcome.Released();
        });
    }

    @Override
    public void register(String name, String value, Duration timeout) {
        requireFit("member '" + name + "'", value);
        change("registering " + name + " in", timeout, change -> {
            giveSignOfLife(change);
            return change.put(ScopeRows.MEMBERS + name, value, session);
        });
    }

    /** Polls. A change of the rows could also be told by NOTIFY, but not the passing of a ttl. */
    @Override
    public Watch watch(Runnable hint) {
        AtomicReference<Optional<Snapshot>> last = new AtomicReference<>(Optional.empty());
        Loop loop = loops.start("jdbc-watch " + scope.session(), () -> {
            // Forgotten while it reads, so that the first look after a failure hints too.
            Optional<Snapshot> before = last.getAndSet(Optional.empty());
            Optional<Snapshot> now = Optional.of(snapshot(PATIENCE));
            last.set(now);
            if (!now.equals(before)) {
                hint.run();
            }
            return POLL;
        });
        watches.add(loop);
        return () -> {
            watches.remove(loop);
            loop.close();
        };
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        watches.forEach(Loop::close);
        try {
            if (!session.isEmpty()) {
                change("closing", true, PATIENCE, change -> {
                    change.end(List.of(session));
                    return true;
                });
            }
        } catch (DcsException e) {
            LOG.debug("{}; the session ends when its ttl is over", e.getMessage());
        } finally {
            onClose.run();
        }
    }

    /** What a verb does in its transaction. */
    @FunctionalInterface
    private interface Verb<T> {
        T run(Change change) throws SQLException;
    }

    private <T> T change(String doing, Duration timeout, Verb<T> verb) {
        requireOpen(doing);
        return change(doing, true, timeout, verb);
    }

    private <T> T change(String doing, boolean writes, Duration timeout, Verb<T> verb) {
        return database.run(doing + " " + scope.path(), writes, timeout, connection -> {
            Change change = Change.begin(connection, scope, timeout, clock.now());
            // Beats were read in this very turn: who gave a sign of life since then waits for this one's end, and finds
            // its session gone.
            List<String> over = liveness.over(change.rows().sessions(), clock.now());
            if (!over.isEmpty()) {
                change.end(over);
                change = new Change(connection, scope, ScopeRows.read(connection, scope.path()), change.proven());
            }
            return verb.run(change);
        });
    }

    private void giveSignOfLife(Change change) throws SQLException {
        // Known before the commit: if its answer gets lost, what was taken is still this session's.
        session = change.signOfLife(session);
        signDue = change.proven().plus(scope.ttl().dividedBy(SIGNS_PER_TTL));
    }

    private boolean isOurs(Change change, Lock held) {
        return held.session().equals(session)
                && change.rows().leader().filter(held::equals).isPresent();
    }

    private static String holder(Change change) {
        return change.rows().leader().map(Lock::holder).orElse("nobody");
    }

    private static Optional<String> refusal(Change change, List<RecordWrite> with) {
        return with.stream()
                .filter(write -> !change.rows().allow(write))
                .findFirst()
                .map(write -> "'" + write.key() + "' was changed by somebody else");
    }

    private static void applyAll(Change change, List<RecordWrite> with) throws SQLException {
        for (RecordWrite write : with) {
            change.apply(write);
        }
    }

    private void requireOpen(String doing) {
        if (closed.get()) {
            throw new DcsException.Unreachable(doing + " " + scope.path() + ": the session is closed", null);
        }
    }

    private static void requireFit(List<RecordWrite> writes) {
        for (RecordWrite write : writes) {
            requireFit("'" + write.key() + "'", write.value().orElse(""));
        }
    }

    private static void requireFit(String what, String value) {
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_VALUE_BYTES) {
            throw new DcsException.Rejected(
                    what + ": a value of " + bytes + " bytes; the limit is " + MAX_VALUE_BYTES, null);
        }
    }
}

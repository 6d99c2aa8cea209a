// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.postgres;

import dev.primacy.postgres.Divergence;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.Postgres;
import dev.primacy.postgres.PostgresException;
import dev.primacy.postgres.PostgresStatus;
import dev.primacy.postgres.TimelineHistory;
import dev.primacy.postgres.Upstream;
import dev.primacy.simulation.postgres.Server.Mode;
import dev.primacy.simulation.time.Program;
import dev.primacy.simulation.time.Worker;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/** A server as one run of an agent drives it: every verb takes time, and may be interrupted. */
public final class AgentPostgres implements Postgres, Postgres.Guard {
    private static final long MILLISECOND = 1_000_000;

    private final Server server;
    private final Program program;
    private final Worker worker;
    private final ToLongFunction<MonotonicInstant> realTime;
    private final BooleanSupplier guardFails;

    /**
     * The verbs of one agent.
     *
     * @param realTime when the clock of this machine shows an instant
     * @param guardFails whether the guard does not confirm this time
     */
    public AgentPostgres(
            Server server,
            Program program,
            Worker worker,
            ToLongFunction<MonotonicInstant> realTime,
            BooleanSupplier guardFails) {
        this.server = server;
        this.program = program;
        this.worker = worker;
        this.realTime = realTime;
        this.guardFails = guardFails;
    }

    @Override
    public PostgresStatus status(Duration timeout) {
        program.requireAlive();
        if (server.hangs()) {
            worker.elapse(timeout.toNanos());
        }
        return server.status();
    }

    @Override
    public void initialize() {
        requireMode("initdb", Mode.NO_DATA);
        passes(server.lasts(500, 3000));
        requireMode("initdb", Mode.NO_DATA);
        server.initialize();
    }

    @Override
    public void discardUnused(String systemIdentifier) {
        requireUnused(systemIdentifier);
        passes(server.lasts(5, 500));
        requireUnused(systemIdentifier);
        server.discardUnused();
    }

    @Override
    public void discard(String systemIdentifier, Upstream heir) {
        if (server.mode() == Mode.NO_DATA) {
            return;
        }
        requireMode("discarding", Mode.STOPPED);
        Optional<String> expected = Optional.of(systemIdentifier);
        if (!reach(heir).systemIdentifier().equals(expected)
                || !server.systemIdentifier().equals(expected)) {
            throw new PostgresException("discarding refused: " + server + " or " + heir + " is another database");
        }
        passes(server.lasts(5, 500));
        requireMode("discarding", Mode.STOPPED);
        server.wipe();
    }

    @Override
    public void reload() {
        program.requireAlive();
        if (server.hangs() || !server.serves()) {
            throw new PostgresException("no answer");
        }
    }

    private void requireUnused(String systemIdentifier) {
        requireMode("discarding", Mode.STOPPED);
        if (!server.isUnused() || !server.systemIdentifier().equals(Optional.of(systemIdentifier))) {
            throw new PostgresException("discarding refused: " + server + " is another database or was used");
        }
    }

    @Override
    public boolean startPrimary(Duration timeout) {
        requireArmed("starting a primary");
        return start(true, Optional.empty(), timeout);
    }

    @Override
    public boolean startStandby(Optional<Upstream> upstream, Duration timeout) {
        return start(false, upstream, timeout);
    }

    private boolean start(boolean primary, Optional<Upstream> upstream, Duration timeout) {
        requireMode("starting", Mode.STOPPED);
        long needed = server.start(primary, upstream, program);
        await(needed, timeout);
        if (server.mode() == Mode.STOPPED) {
            throw new PostgresException("PostgreSQL ended while it started");
        }
        return server.mode() != Mode.STARTING;
    }

    @Override
    public void follow(Upstream upstream) {
        requireMode("following", Mode.STANDBY);
        server.follow(upstream);
    }

    @Override
    public void promote(Duration timeout) {
        requireMode("promoting", Mode.STANDBY);
        requireArmed("promoting");
        await(server.promote(), timeout);
        if (server.mode() != Mode.PRIMARY) {
            throw new PostgresException("the promotion was not done in time");
        }
    }

    /** Waits; an interrupt ends what was begun. */
    private void await(long needed, Duration timeout) {
        // A moment more, so that what is to happen at that time has happened.
        worker.elapse(Math.min(needed, timeout.toNanos()) + 1);
        if (worker.isInterrupted()) {
            server.crash();
            throw new PostgresException("interrupted");
        }
    }

    @Override
    public void stop(StopMode mode, Duration timeout) {
        program.requireAlive();
        if (!server.hasProcess()) {
            return;
        }
        if (mode == StopMode.FAST) {
            long needed = server.stopFast();
            worker.elapse(Math.min(needed, timeout.toNanos()) + 1);
        } else {
            worker.elapse(MILLISECOND);
        }
        server.crash();
    }

    @Override
    public void cloneFrom(Upstream upstream) {
        requireMode("copying", Mode.NO_DATA);
        reach(upstream);
        passes(server.lasts(1000, 15_000));
        requireMode("copying", Mode.NO_DATA);
        server.copy(reach(upstream));
    }

    @Override
    public Divergence compare(Upstream upstream) {
        program.requireAlive();
        Optional<Server> there = server.reachable(upstream);
        if (there.isEmpty()) {
            passes(server.lasts(1, 3000));
            return new Divergence.Unknown("no answer from " + upstream);
        }
        passes(server.lasts(1, 40));
        return there.filter(Server::serves)
                .map(this::against)
                .orElseGet(() -> new Divergence.Unknown("no answer from " + upstream));
    }

    /** By numbers, as PostgreSQL's history files have them. */
    private Divergence against(Server there) {
        String local = server.systemIdentifier().orElse("");
        String other = there.systemIdentifier().orElse("");
        if (!local.equals(other)) {
            return new Divergence.OtherSystem(local, other);
        }
        if (server.isFreshCopy()) {
            return new Divergence.InHistory();
        }
        Wal here = server.wal();
        Wal theirs = there.wal();
        boolean primary = there.mode() == Mode.PRIMARY;
        Optional<Wal.Fork> found = here.fork(theirs);
        if (found.isEmpty()) {
            return new Divergence.Diverged(0, Lsn.ZERO, new Lsn(here.end()), primary);
        }
        Wal.Fork fork = found.get();
        if (fork.lsn().isEmpty()) {
            return primary && here.end() > theirs.end()
                    ? new Divergence.Unknown("the upstream has lost WAL")
                    : new Divergence.InHistory();
        }
        long lsn = fork.lsn().get();
        Divergence diverged = new Divergence.Diverged(fork.timeline(), new Lsn(lsn), new Lsn(here.end()), primary);
        if (fork.timeline() == here.timeline()) {
            return here.end() > lsn ? diverged : new Divergence.InHistory();
        }
        return fork.timeline() == theirs.timeline() && theirs.end() <= lsn
                ? new Divergence.Unknown("the upstream is behind")
                : diverged;
    }

    @Override
    public void rewind(Upstream upstream) {
        requireMode("rewinding", Mode.STOPPED);
        Divergence divergence = compare(upstream);
        if (divergence instanceof Divergence.InHistory) {
            return;
        }
        if (!(divergence instanceof Divergence.Diverged diverged) || !diverged.upstreamIsPrimary()) {
            throw new PostgresException("rewind refused: " + divergence);
        }
        if (!server.canRewind()) {
            throw new PostgresException("pg_rewind failed");
        }
        passes(server.lasts(300, 8000));
        requireMode("rewinding", Mode.STOPPED);
        Server source = reach(upstream);
        if (source.mode() != Mode.PRIMARY) {
            throw new PostgresException("the source is no primary any more");
        }
        server.rewound(source);
    }

    private Server reach(Upstream upstream) {
        return server.reachable(upstream)
                .filter(Server::serves)
                .orElseThrow(() -> new PostgresException("no answer from " + upstream));
    }

    private void passes(long nanos) {
        worker.elapse(nanos);
        if (worker.isInterrupted()) {
            throw new PostgresException("interrupted");
        }
    }

    @Override
    public Optional<TimelineHistory> history(int timeline) {
        program.requireAlive();
        return server.wal().history();
    }

    @Override
    public void ensureSlots(Set<String> names) {
        program.requireAlive();
        if (server.hangs() || !server.serves()) {
            throw new PostgresException("no answer");
        }
        server.ensureSlots(names);
    }

    @Override
    public void checkpoint() {
        passes(server.lasts(5, 500));
    }

    @Override
    public boolean adopted() {
        return server.hasProcess() && server.starter() != program;
    }

    @Override
    public Guard guard() {
        return this;
    }

    @Override
    public boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout) {
        program.requireAlive();
        if (guardFails.getAsBoolean()) {
            worker.elapse(timeout.toNanos());
            return false;
        }
        if (adopted()) {
            return false;
        }
        server.arm(realTime.applyAsLong(soft), realTime.applyAsLong(hard));
        return true;
    }

    @Override
    public void disarm() {
        program.requireAlive();
        server.disarm();
    }

    private void requireArmed(String verb) {
        if (!server.isArmed()) {
            throw new PostgresException(verb + " refused: the guard is not armed");
        }
    }

    private void requireMode(String verb, Mode mode) {
        program.requireAlive();
        if (server.mode() != mode) {
            throw new PostgresException(verb + " refused: the server is " + server.mode());
        }
    }

    @Override
    public void onExit(Runnable listener) {
        server.onExit(listener);
    }

    @Override
    public void close() {
        // There is nothing to let go of.
    }
}

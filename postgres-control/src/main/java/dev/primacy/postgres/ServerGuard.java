// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The guard of the servers that this process starts: a {@link GuardProcess}, replaced when it has died. */
final class ServerGuard implements Postgres.Guard, AutoCloseable {
    private final MonotonicClock clock;
    private final GuardScript script;
    private final ServerProcesses processes;
    private final Runnable prepareLog;
    private final Runnable onServerEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable GuardProcess process;
    private volatile Optional<MonotonicInstant> softDeadline = Optional.empty();

    ServerGuard(
            MonotonicClock clock,
            GuardScript script,
            ServerProcesses processes,
            Runnable prepareLog,
            Runnable onServerEnd) {
        this.clock = clock;
        this.script = script;
        this.processes = processes;
        this.prepareLog = prepareLog;
        this.onServerEnd = onServerEnd;
    }

    @Override
    public boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout) {
        try {
            GuardProcess guard = process();
            boolean confirmed = !isForeign(guard) && guard.arm(soft, hard, timeout);
            softDeadline = confirmed ? Optional.of(soft) : Optional.empty();
            return confirmed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            softDeadline = Optional.empty();
            return false;
        }
    }

    @Override
    public void disarm() {
        softDeadline = Optional.empty();
        existing().ifPresent(GuardProcess::disarm);
    }

    /** Throws unless a deadline is set and still ahead. */
    void requireArmed(String verb) {
        if (softDeadline.filter(clock.now()::isBefore).isEmpty()) {
            throw new PostgresException(
                    verb + " refused: the guard is not armed, nothing would end this primary in time");
        }
    }

    void run(boolean primary) throws InterruptedException {
        process().run(primary);
    }

    boolean runsServer() {
        return existing().filter(GuardProcess::runsServer).isPresent();
    }

    boolean awaitServerEnd(Duration timeout) throws InterruptedException {
        Optional<GuardProcess> guard = existing();
        return guard.isEmpty() || guard.get().awaitServerEnd(timeout);
    }

    /** Whether a server runs that this guard did not start, and so cannot be trusted to end. */
    boolean isForeign() {
        return isForeign(existing().orElse(null));
    }

    private boolean isForeign(@Nullable GuardProcess guard) {
        return !(guard != null && guard.runsServer()) && processes.postmaster().isPresent();
    }

    private Optional<GuardProcess> existing() {
        lock.lock();
        try {
            return Optional.ofNullable(process);
        } finally {
            lock.unlock();
        }
    }

    private GuardProcess process() {
        lock.lock();
        try {
            GuardProcess current = process;
            if (current == null || current.isGone()) {
                prepareLog.run();
                current = GuardProcess.start(script, onServerEnd, script::killServer);
                process = current;
            }
            return current;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        existing().ifPresent(GuardProcess::close);
    }
}

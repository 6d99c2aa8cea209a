// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The guard of the servers that this process starts: a {@link GuardProcess}, replaced when it has died. */
final class ServerGuard implements Fence, AutoCloseable {
    private final GuardScript script;
    private final MonotonicClock clock;
    private final ServerProcesses processes;
    private final Runnable prepareLog;
    private final Runnable onServerEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable GuardProcess process;

    ServerGuard(
            GuardScript script,
            MonotonicClock clock,
            ServerProcesses processes,
            Runnable prepareLog,
            Runnable onServerEnd) {
        this.script = script;
        this.clock = clock;
        this.processes = processes;
        this.prepareLog = prepareLog;
        this.onServerEnd = onServerEnd;
    }

    @Override
    public boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout) {
        try {
            GuardProcess guard = process();
            return !isForeign(guard) && guard.arm(soft, hard, timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void disarm() {
        existing().ifPresent(GuardProcess::disarm);
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
                current = GuardProcess.start(script, clock, onServerEnd, script::killServer);
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

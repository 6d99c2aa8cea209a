// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Watches for the end of servers that another agent's guard runs; the kernel tells that to parents only. */
final class AdoptedServers implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private final Runnable onEnd;
    private final Set<ProcessHandle> watched = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    AdoptedServers(Runnable onEnd) {
        this.onEnd = onEnd;
    }

    void watch(ProcessHandle postmaster) {
        if (watched.add(postmaster)) {
            Daemon.start("adopted server", () -> await(postmaster));
        }
    }

    private void await(ProcessHandle postmaster) {
        while (!closed && ServerProcesses.runs(postmaster)) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        watched.remove(postmaster);
        if (!closed) {
            onEnd.run();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.postgres.Postgres.StopMode;
import dev.primacy.postgres.ServerSession.Problem;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Starts and ends the server's process. */
final class ServerLifecycle implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration END_OF_KILLED = Duration.ofSeconds(10);

    private final PostgresSettings settings;
    private final MonotonicClock clock;
    private final Programs programs;
    private final ServerGuard guard;
    private final ServerProcesses processes;
    private final GuardScript script;
    private final ServerSession session;
    private final ServerLog log;
    private final ExitListeners listeners;
    private final AdoptedServers adopted;

    ServerLifecycle(
            PostgresSettings settings,
            MonotonicClock clock,
            Programs programs,
            ServerGuard guard,
            ServerProcesses processes,
            GuardScript script,
            ServerSession session,
            ServerLog log,
            ExitListeners listeners) {
        this.settings = settings;
        this.clock = clock;
        this.programs = programs;
        this.guard = guard;
        this.processes = processes;
        this.script = script;
        this.session = session;
        this.log = log;
        this.listeners = listeners;
        this.adopted = new AdoptedServers(listeners::report);
    }

    boolean isRunning() {
        if (guard.runsServer()) {
            return true;
        }
        Optional<ProcessHandle> other = processes.postmaster();
        other.ifPresent(adopted::watch);
        return other.isPresent();
    }

    void requireStopped(String verb) {
        if (isRunning()) {
            throw new PostgresException(verb + " refused: a server runs on " + settings.dataDir() + "; stop it first");
        }
    }

    /** Waits until the server accepts connections; throws if it ends before. */
    boolean start(boolean primary, Duration timeout) {
        MonotonicInstant until = clock.now().plus(timeout);
        requireFreePort();
        try {
            processes.removeStalePidFile();
            log.prepare();
            long logged = log.size();
            guard.run(primary);
            while (!processes.isReady() || !accepts()) {
                if (guard.awaitServerEnd(LOOK_EVERY)) {
                    throw new PostgresException("the server ended while it started:\n" + log.since(logged));
                }
                if (!clock.now().isBefore(until)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new PostgresException("cannot remove the lock file of a dead server in " + settings.dataDir(), e);
        } catch (InterruptedException e) {
            throw LocalPostgres.interrupted("start", e);
        }
    }

    private boolean accepts() throws InterruptedException {
        try {
            session.ask(ANSWER, Promotion::isRecovering);
            return true;
        } catch (SQLException e) {
            if (Problem.of(e) == Problem.NO_ENTRY) {
                throw new PostgresException(
                        "the server runs, but does not let " + settings.superuser()
                                + " in (postgresql.authentication.superuser): " + e.getMessage(),
                        e);
            }
            return false;
        }
    }

    void requireFreePort() {
        for (String address : settings.listenAddresses()) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(
                        address.equals("*")
                                ? new InetSocketAddress(settings.port())
                                : new InetSocketAddress(InetAddress.getByName(address), settings.port()));
            } catch (IOException e) {
                String what =
                        e instanceof java.net.BindException && e.toString().contains("in use")
                                ? "is in use"
                                : "of " + address + " cannot be listened on: " + e.getMessage();
                throw new PostgresException("port " + settings.port() + " (postgresql.listen) " + what, e);
            }
        }
    }

    /** Nothing of the server runs on return, whoever started it and whatever state it is in. */
    void stop(StopMode mode, Duration timeout) {
        Optional<ProcessHandle> postmaster = processes.postmaster();
        if (postmaster.isEmpty() && !guard.runsServer()) {
            return;
        }
        try {
            boolean ended =
                    postmaster.isPresent() && signal(mode, postmaster.get()) && awaitEnd(postmaster.get(), timeout);
            if (!ended) {
                script.killServer();
                postmaster.ifPresent(process -> process.destroyForcibly());
                if (!guard.awaitServerEnd(END_OF_KILLED)) {
                    throw new PostgresException("the server on " + settings.dataDir() + " was killed and does not end");
                }
            }
            // Backends of a postmaster that died live on for a moment.
            script.killServer();
        } catch (InterruptedException e) {
            throw LocalPostgres.interrupted("stop", e);
        }
    }

    private boolean signal(StopMode mode, ProcessHandle postmaster) {
        String signal = mode == StopMode.FAST ? "INT" : "QUIT";
        return programs.run("pg_ctl", "kill", signal, Long.toString(postmaster.pid()))
                        .status()
                == 0;
    }

    private boolean awaitEnd(ProcessHandle postmaster, Duration timeout) throws InterruptedException {
        if (guard.runsServer()) {
            return guard.awaitServerEnd(timeout);
        }
        MonotonicInstant until = clock.now().plus(timeout);
        while (ServerProcesses.runs(postmaster)) {
            if (!clock.now().isBefore(until)) {
                return false;
            }
            pause();
        }
        return true;
    }

    /** The kernel tells the end of a process to its parent only. */
    private static void pause() throws InterruptedException {
        LockSupport.parkNanos(LOOK_EVERY.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    void onExit(Runnable listener) {
        listeners.add(listener);
        // Looking for a server that is there already begins the watch for its end.
        isRunning();
    }

    @Override
    public void close() {
        listeners.clear();
        adopted.close();
    }
}

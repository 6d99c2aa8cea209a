// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.postgres.FencingSettings.Mode;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.time.MonotonicClock;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A PostgreSQL server on this host. */
public final class LocalPostgres implements Postgres {
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final PostgresSettings settings;
    private final MonotonicClock clock;
    private final Sessions sessions;
    private final ServerSession session;
    private final DataDirectory data;
    private final ConfigFiles config;
    private final Rewinding rewinding;
    private final ServerGuard guard;
    private final Fences fences;
    private final ServerLifecycle lifecycle;
    private final StatusReader reader;

    /** With nothing but the guard process to fence it. */
    public LocalPostgres(PostgresSettings settings, MonotonicClock clock) {
        this(settings, FencingSettings.GUARD_ONLY, clock);
    }

    /**
     * Touches nothing yet.
     *
     * @param fencing what fences the server beside the guard process
     * @param clock must count from the boot of this host, as {@link dev.primacy.time.BootClock} does: the guard compares
     *     its instants with {@code /proc/uptime}
     * @throws PostgresException with everything that {@link PostgresSettings#check} found
     */
    public LocalPostgres(PostgresSettings settings, FencingSettings fencing, MonotonicClock clock) {
        List<String> problems = settings.check();
        if (!problems.isEmpty()) {
            throw new PostgresException(String.join("; ", problems));
        }
        this.settings = settings;
        this.clock = clock;
        Path path = settings.dataDir();
        OsUser user = OsUser.of(settings.osUser());
        Programs programs = new Programs(settings.binDir(), user);
        OwnedFiles files = new OwnedFiles(user);
        ServerLog log = new ServerLog(files, path.resolveSibling(path.getFileName() + ".log"));
        Optional<FenceCommand> command = fencing.command()
                .filter(of -> of.mode() != Mode.OFF)
                .map(of -> new FenceCommand(of, user, clock, settings.clusterName(), settings.memberName()));
        GuardScript script = new GuardScript(
                user,
                path,
                settings.binDir().resolve("postgres"),
                log.path(),
                command.map(FenceCommand::onFence).orElse(List.of()));
        ServerProcesses processes = new ServerProcesses(path, script);
        ExitListeners listeners = new ExitListeners();
        this.sessions = new Sessions(settings);
        this.session = new ServerSession(sessions);
        this.data = new DataDirectory(settings, programs, files);
        this.config = new ConfigFiles(settings, files);
        this.rewinding = new Rewinding(settings, programs, sessions, data, config, new WalKeeper(files, path));
        this.guard = new ServerGuard(script, clock, processes, log::prepare, listeners::report);
        List<Fence> all = new ArrayList<>(List.of(guard));
        if (fencing.kernelLease() != Mode.OFF) {
            all.add(inMode(fencing.kernelLease(), new KernelLease(settings.port(), clock)));
        }
        if (fencing.watchdog().mode() != Mode.OFF) {
            all.add(inMode(fencing.watchdog().mode(), new Watchdog(fencing.watchdog(), clock)));
        }
        command.ifPresent(of -> all.add(inMode(of.settings().mode(), of)));
        this.fences = new Fences(clock, all);
        this.lifecycle =
                new ServerLifecycle(settings, clock, programs, guard, processes, script, session, log, listeners);
        this.reader = new StatusReader(data, config, session, lifecycle);
    }

    private static Fence inMode(Mode mode, Fence fence) {
        return mode == Mode.REQUIRED ? fence : new BestEffort(fence);
    }

    /**
     * Refuses to begin on a port that something else listens on.
     *
     * @throws PostgresException with the port and its setting; if a server runs on this data directory the port is its own
     */
    public void requireFreePort() {
        if (!lifecycle.isRunning()) {
            lifecycle.requireFreePort();
        }
    }

    @Override
    public PostgresStatus status(Duration timeout) {
        return reader.status(timeout);
    }

    @Override
    public void initialize() {
        data.initialize();
        write("configuration", config::writePrimary);
    }

    @Override
    public void discardUnused(String systemIdentifier) {
        lifecycle.requireStopped("discard");
        data.discardUnused(systemIdentifier);
    }

    @Override
    public void discard(String systemIdentifier, Upstream heir) {
        lifecycle.requireStopped("discard");
        String there;
        try {
            there = UpstreamServer.ask(sessions, heir).systemIdentifier();
        } catch (SQLException e) {
            throw new PostgresException(
                    "discard refused: cannot ask " + heir + " whether it has this database: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted("discard", e);
        }
        if (!there.equals(systemIdentifier)) {
            throw new PostgresException(
                    "discard refused: " + heir + " has system identifier " + there + ", and not " + systemIdentifier);
        }
        data.discard(systemIdentifier);
    }

    @Override
    public void reload() {
        ask("reload", connection -> {
            Optional<Upstream> upstream = status(ANSWER).server().flatMap(PostgresStatus.Server::upstream);
            ControlFile control = data.control();
            boolean primary = !Promotion.isRecovering(connection);
            write("configuration", () -> {
                if (primary) {
                    config.writePrimary();
                } else {
                    config.writeStandby(upstream, control);
                }
            });
            reread(connection);
            return true;
        });
    }

    /**
     * Goes by other parameters and access rules from the next start or {@link #reload} on.
     *
     * @param next of which nothing else counts
     */
    public void configure(PostgresSettings next) {
        config.configure(next);
    }

    private static void reread(Connection connection) throws SQLException {
        try (PreparedStatement reload = connection.prepareStatement("SELECT pg_reload_conf()")) {
            reload.execute();
        }
    }

    @Override
    public boolean startPrimary(Duration timeout) {
        fences.requireArmed("start as primary");
        lifecycle.requireStopped("start as primary");
        data.control();
        write("configuration", config::writePrimary);
        data.beginUse();
        return lifecycle.start(true, timeout);
    }

    @Override
    public boolean startStandby(Optional<Upstream> upstream, Duration timeout) {
        lifecycle.requireStopped("start as standby");
        ControlFile control = data.control();
        write("configuration", () -> config.writeStandby(upstream, control));
        data.beginUse();
        return lifecycle.start(false, timeout);
    }

    @Override
    public void follow(Upstream upstream) {
        ask("follow " + upstream, connection -> {
            if (!Promotion.isRecovering(connection)) {
                throw new PostgresException("cannot follow " + upstream + ": this server is a primary; stop it first");
            }
            ControlFile control = data.control();
            write("configuration", () -> config.writeStandby(Optional.of(upstream), control));
            reread(connection);
            return true;
        });
    }

    @Override
    public void promote(Duration timeout) {
        fences.requireArmed("promote");
        if (adopted()) {
            throw new PostgresException("promote refused: this server was not started by this guard; restart it first");
        }
        new Promotion(sessions, clock).run(timeout);
    }

    @Override
    public void stop(StopMode mode, Duration timeout) {
        lifecycle.stop(mode, timeout);
    }

    @Override
    public void cloneFrom(Upstream upstream) {
        Optional<String> slot;
        try {
            slot = UpstreamServer.freeSlot(sessions, upstream);
        } catch (SQLException e) {
            throw new PostgresException("cannot clone from " + upstream + ": " + e.getMessage(), e);
        }
        data.cloneFrom(upstream, slot);
        write("configuration", () -> config.writeStandby(Optional.of(upstream), data.control()));
    }

    @Override
    public Divergence compare(Upstream upstream) {
        PostgresStatus status = status(ANSWER);
        // The files of a server that runs and cannot be asked are still on the move.
        if (status.state() == State.STARTING || status.state() == State.UNRESPONSIVE) {
            return new Divergence.Unknown("the server here is " + status.state());
        }
        try {
            return rewinding.compare(upstream, status);
        } catch (InterruptedException e) {
            throw interrupted("compare", e);
        }
    }

    @Override
    public void rewind(Upstream upstream) {
        lifecycle.requireStopped("rewind");
        try {
            rewinding.rewind(upstream, status(ANSWER));
        } catch (InterruptedException e) {
            throw interrupted("rewind", e);
        }
    }

    @Override
    public Optional<TimelineHistory> history(int timeline) {
        return data.history(timeline);
    }

    @Override
    public void ensureSlots(Set<String> names) {
        String sql = "SELECT pg_create_physical_replication_slot(wanted, true) FROM unnest(?) wanted"
                + " WHERE wanted NOT IN (SELECT slot_name FROM pg_replication_slots)";
        ask("create slots " + names, connection -> {
            try (PreparedStatement create = connection.prepareStatement(sql)) {
                create.setArray(1, connection.createArrayOf("text", names.toArray()));
                create.execute();
            }
            return true;
        });
    }

    @Override
    public void checkpoint() {
        try (Connection connection = sessions.local(ANSWER)) {
            UpstreamServer.checkpoint(connection);
        } catch (SQLException e) {
            throw new PostgresException("checkpoint failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted("checkpoint", e);
        }
    }

    @Override
    public boolean adopted() {
        return guard.isForeign();
    }

    @Override
    public Guard guard() {
        return fences;
    }

    @Override
    public void onExit(Runnable listener) {
        lifecycle.onExit(listener);
    }

    @Override
    public void close() {
        lifecycle.close();
        guard.close();
        session.close();
    }

    static PostgresException interrupted(String verb, InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new PostgresException(verb + " was interrupted", cause);
    }

    private <T> T ask(String verb, ServerSession.Work<T> work) {
        try {
            return session.ask(ANSWER, work);
        } catch (SQLException e) {
            throw new PostgresException("cannot " + verb + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw interrupted(verb, e);
        }
    }

    /** Something that writes files. */
    private interface Writing {
        void run() throws IOException;
    }

    private void write(String what, Writing writing) {
        try {
            writing.run();
        } catch (IOException e) {
            throw new PostgresException(
                    "cannot write the " + what + " in " + settings.dataDir() + ": " + e.getMessage(), e);
        }
    }
}

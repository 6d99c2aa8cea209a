// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares histories, and takes this one back to where it left another. */
final class Rewinding {
    private static final Logger LOG = LoggerFactory.getLogger(Rewinding.class);

    private final PostgresSettings settings;
    private final Programs programs;
    private final Sessions sessions;
    private final DataDirectory data;
    private final ConfigFiles config;
    private final WalKeeper keeper;
    private final LocalHistory local;

    Rewinding(
            PostgresSettings settings,
            Programs programs,
            Sessions sessions,
            DataDirectory data,
            ConfigFiles config,
            WalKeeper keeper) {
        this.settings = settings;
        this.programs = programs;
        this.sessions = sessions;
        this.data = data;
        this.config = config;
        this.keeper = keeper;
        this.local = new LocalHistory(settings.dataDir(), programs);
    }

    /**
     * Compares.
     *
     * @param running what the local server says, if it runs
     */
    Divergence compare(Upstream upstream, PostgresStatus running) throws InterruptedException {
        UpstreamServer there;
        try {
            there = UpstreamServer.ask(sessions, upstream);
        } catch (SQLException e) {
            return new Divergence.Unknown("cannot ask " + upstream + ": " + e.getMessage());
        }
        try {
            return running.server().isPresent()
                    ? compareRunning(running, running.server().get(), there)
                    : compareStopped(data.control(), there);
        } catch (IOException e) {
            throw new PostgresException("cannot read the timeline history in " + settings.dataDir(), e);
        }
    }

    private Divergence compareRunning(PostgresStatus status, PostgresStatus.Server here, UpstreamServer there)
            throws IOException {
        String system = status.control().orElseThrow().systemIdentifier();
        if (!system.equals(there.systemIdentifier())) {
            return new Divergence.OtherSystem(system, there.systemIdentifier());
        }
        return local.history(here.timeline(), there.history())
                .against(there.history(), here.written(), there.end(), there.primary());
    }

    private Divergence compareStopped(ControlFile control, UpstreamServer there) throws IOException {
        if (!control.systemIdentifier().equals(there.systemIdentifier())) {
            return new Divergence.OtherSystem(control.systemIdentifier(), there.systemIdentifier());
        }
        if (Files.exists(settings.dataDir().resolve("backup_label"))) {
            // A copy that never ran has no WAL of its own; pg_waldump would wait for segments it was not given.
            return new Divergence.InHistory();
        }
        History here = local.history(control.timeline(), there.history());
        // Records before the fork are shared; the first one from there on proves that the histories parted.
        Lsn from = here.fork(there.history())
                .filter(fork ->
                        fork.timeline() == here.timeline() && !fork.lsn().equals(History.OPEN))
                .map(fork -> fork.lsn().later(control.end()))
                .orElse(control.end());
        Lsn end = local.end(here.timeline(), from, control.walSegmentBytes());
        return here.against(there.history(), end, there.end(), there.primary());
    }

    /** Rewinds the stopped server, if need be. */
    void rewind(Upstream upstream, PostgresStatus stopped) throws InterruptedException {
        Divergence divergence = compare(upstream, stopped);
        if (divergence instanceof Divergence.OtherSystem other) {
            throw new PostgresException("rewind refused: " + upstream + " is another database (system identifier "
                    + other.upstream() + ") than " + settings.dataDir() + " (" + other.local() + ")");
        }
        if (divergence instanceof Divergence.Unknown unknown) {
            throw new PostgresException("cannot rewind to " + upstream + ": " + unknown.reason());
        }
        if (divergence instanceof Divergence.Diverged diverged && !diverged.upstreamIsPrimary()) {
            throw new PostgresException("rewind refused: " + upstream
                    + " is a standby, whose own history may be the one" + " that parted; name a running primary");
        }
        try {
            if (divergence instanceof Divergence.Diverged diverged) {
                rewind(upstream, diverged);
            }
            config.writeStandby(Optional.of(upstream), data.control());
        } catch (IOException e) {
            throw new PostgresException("rewind of " + settings.dataDir() + " failed: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new PostgresException("cannot have " + upstream + " run a checkpoint: " + e.getMessage(), e);
        }
    }

    private void rewind(Upstream upstream, Divergence.Diverged diverged)
            throws IOException, SQLException, InterruptedException {
        ControlFile control = data.control();
        LOG.warn(
                "kept the WAL that the rewind loses in {}",
                keeper.keep(diverged, control.timeline(), control.walSegmentBytes()));
        UpstreamServer.checkpoint(sessions, upstream);
        Map<String, String> source = new LinkedHashMap<>();
        source.put("host", upstream.host());
        source.put("port", Integer.toString(upstream.port()));
        source.put("user", settings.superuser().username());
        source.put("dbname", "postgres");
        source.put("connect_timeout", "10");
        // The files must be fit for the recovery of a crashed server, which pg_rewind runs first; it then replaces
        // them.
        config.writePrimary();
        String base = config.base();
        programs.run(
                        DataDirectory.passwordOf(settings.superuser()),
                        "",
                        "pg_rewind",
                        List.of("--target-pgdata=" + settings.dataDir(), "--source-server=" + Quoting.conninfo(source)))
                .orThrow();
        config.writeBase(base);
    }
}

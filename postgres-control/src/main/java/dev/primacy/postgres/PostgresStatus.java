// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a server at one moment.
 *
 * @param state of the data directory and the process
 * @param control what {@code pg_controldata} says; empty without data
 * @param server what the running server says; present exactly in {@link State#RUNNING}
 */
public record PostgresStatus(State state, Optional<ControlData> control, Optional<Server> server) {
    public PostgresStatus {
        if (server.isPresent() != (state == State.RUNNING)) {
            throw new IllegalArgumentException("a server's answer belongs to " + State.RUNNING + ", not " + state);
        }
    }

    /** State of the data directory and the process. */
    public enum State {
        /** The data directory is absent or empty. */
        NO_DATA,
        /** There is something in the data directory that is no usable database. */
        BROKEN_DATA,
        /** A database without a process. */
        STOPPED,
        /** The process runs and does not take connections yet, or is on its way down. */
        STARTING,
        /** The server answers. */
        RUNNING,
        /** The process runs, and gave no answer in time. */
        UNRESPONSIVE
    }

    /**
     * The control file.
     *
     * @param systemIdentifier decimal text
     * @param clusterState for example {@code in production}, {@code shut down}, {@code in archive recovery}
     * @param timeline of the latest checkpoint
     * @param checkpoint position of the latest checkpoint record; of the shutdown checkpoint after a clean stop
     * @param standby whether a standby signal file is there: the next start follows
     * @param unused whether the database was created by {@link Postgres#initialize} and no server was ever started on it,
     *     so that nobody can have written to it; never so of a copy
     */
    public record ControlData(
            String systemIdentifier,
            String clusterState,
            int timeline,
            Lsn checkpoint,
            boolean standby,
            boolean unused) {
        /** Whether the last run was that of a primary that ended cleanly. */
        public boolean primaryShutDownCleanly() {
            return clusterState.equals("shut down");
        }
    }

    /**
     * A running server's answer.
     *
     * @param primary whether it is out of recovery and accepts writes
     * @param timeline of a primary: its own; of a standby: the one it receives, else the one it replays
     * @param written of a primary: flushed to disk here; of a standby: received or replayed, whichever is further
     * @param replayed of a standby: replayed; of a primary as {@code written}
     * @param upstream the server that the standby is set up to follow
     * @param streaming whether the WAL receiver streams now
     * @param standbys application names of those that stream from here now, with what they have flushed
     * @param version for example 150018
     * @param started start time of the server as it prints it
     * @param pendingRestart names of settings that were changed and need a restart
     */
    public record Server(
            boolean primary,
            int timeline,
            Lsn written,
            Lsn replayed,
            Optional<Upstream> upstream,
            boolean streaming,
            List<Standby> standbys,
            int version,
            String started,
            List<String> pendingRestart) {
        /**
         * This answer, with the timeline that the same run of the server has shown before if that is later. A standby
         * tells its timeline exactly only while it receives; in the moment after its upstream went away, which is when
         * others ask, it would show that of its last restart point.
         */
        Server afterwards(@Nullable Server before) {
            if (before == null || primary || !before.started.equals(started) || before.timeline <= timeline) {
                return this;
            }
            return new Server(
                    false,
                    before.timeline,
                    written,
                    replayed,
                    upstream,
                    streaming,
                    standbys,
                    version,
                    started,
                    pendingRestart);
        }
    }

    /**
     * A connected standby.
     *
     * @param name its {@code application_name}
     * @param state for example {@code streaming}
     * @param flushed what it has confirmed to be on its disk
     * @param slot through which it streams
     */
    public record Standby(String name, String state, Lsn flushed, Optional<String> slot) {}
}

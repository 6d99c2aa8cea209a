// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/**
 * What another server says of itself.
 *
 * @param systemIdentifier decimal text
 * @param history its timelines
 * @param end how far it got on the last of them
 * @param primary whether it is out of recovery
 */
record UpstreamServer(String systemIdentifier, History history, Lsn end, boolean primary) {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** Checkpoints of big servers write for long. */
    private static final Duration CHECKPOINT = Duration.ofMinutes(30);

    /** An interrupt gives up. */
    static UpstreamServer ask(Sessions sessions, Upstream upstream) throws SQLException, InterruptedException {
        try (Connection connection = sessions.replication(upstream, ANSWER)) {
            return Sessions.interruptibly(connection, () -> ask(connection));
        } catch (SQLException e) {
            // What the driver makes of an interrupt while it connects.
            if (Thread.interrupted()) {
                throw (InterruptedException) new InterruptedException().initCause(e);
            }
            throw e;
        }
    }

    private static UpstreamServer ask(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean primary = first(statement, "SELECT pg_is_in_recovery()").equals("f");
            try (ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
                row.next();
                String system = row.getString("systemid");
                int timeline = row.getInt("timeline");
                Lsn end = Lsn.parse(row.getString("xlogpos"));
                return new UpstreamServer(system, history(connection, timeline), end, primary);
            }
        }
    }

    private static History history(Connection connection, int timeline) throws SQLException {
        // The first timeline has no history file.
        if (timeline == 1) {
            return History.parse(1, "");
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
            row.next();
            return History.parse(timeline, row.getString("content"));
        }
    }

    /**
     * Has the upstream write its timeline into its control file, where pg_rewind looks for it before PostgreSQL 16. An
     * interrupt gives up.
     */
    static void checkpoint(Sessions sessions, Upstream upstream) throws SQLException, InterruptedException {
        try (Connection connection = sessions.remote(upstream, ANSWER)) {
            checkpoint(connection);
        }
    }

    static void checkpoint(Connection connection) throws SQLException, InterruptedException {
        Sessions.limit(connection, CHECKPOINT);
        Sessions.interruptibly(connection, () -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("CHECKPOINT");
            }
        });
    }

    /** The upstream's slot, if it is there and nobody streams through it. */
    static Optional<String> freeSlot(Sessions sessions, Upstream upstream) throws SQLException {
        if (upstream.slot().isEmpty()) {
            return Optional.empty();
        }
        String sql =
                "SELECT count(*) FROM pg_replication_slots WHERE slot_name = ? AND slot_type = 'physical' AND NOT active";
        try (Connection connection = sessions.remote(upstream, ANSWER);
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, upstream.slot().get());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1) == 1 ? upstream.slot() : Optional.empty();
            }
        }
    }

    private static String first(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}

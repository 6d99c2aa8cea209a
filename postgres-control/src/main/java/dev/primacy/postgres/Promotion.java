// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a running standby a primary. */
record Promotion(Sessions sessions, MonotonicClock clock) {
    private static final Logger LOG = LoggerFactory.getLogger(Promotion.class);
    /** PostgreSQL's own wait looks ten times a second only; clients wait for this. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    void run(Duration timeout) {
        try (Connection connection = sessions.local(timeout);
                Statement statement = connection.createStatement()) {
            if (!isRecovering(connection)) {
                return;
            }
            statement.execute("SELECT pg_promote(false)");
            String look = "SELECT pg_sleep(" + LOOK_EVERY.toMillis() / 1000.0 + ")";
            MonotonicInstant end = clock.now().plus(timeout);
            while (isRecovering(connection)) {
                boolean late = !clock.now().isBefore(end);
                if (late || Thread.currentThread().isInterrupted()) {
                    throw new PostgresException("the server was asked to promote and is still in recovery "
                            + (late ? "after " + timeout.toMillis() + " ms" : "at an interrupt") + "; see its log");
                }
                statement.execute(look);
            }
        } catch (SQLException e) {
            throw new PostgresException("promotion failed: " + e.getMessage(), e);
        }
        Daemon.start("checkpoint", this::checkpoint);
    }

    static boolean isRecovering(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private void checkpoint() {
        try (Connection connection = sessions.local(Duration.ofSeconds(10))) {
            UpstreamServer.checkpoint(connection);
        } catch (SQLException e) {
            LOG.warn("the checkpoint after the promotion failed; the next one will do: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

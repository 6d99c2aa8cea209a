// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Version;
import dev.primacy.time.MonotonicInstant;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that changes a scope. Nobody else changes the scope meanwhile, so what {@link #rows} shows holds until the
 * end.
 *
 * @param proven before anything was sent; a sign of life in this transaction is seen by others only after its end
 */
record Change(Connection connection, Scope scope, ScopeRows rows, MonotonicInstant proven) {
    /**
     * Waits for its turn, then reads. READ COMMITTED, PostgreSQL's default, is what this needs: the statement that reads
     * sees all that was committed before it got its turn, where a stricter level would show what was there before the wait.
     */
    static Change begin(Connection connection, Scope scope, Duration timeout, MonotonicInstant proven)
            throws SQLException {
        // A client that falls silent here holds the lock: the server ends its transaction. No statement_timeout, since
        // that
        // could also end a commit's wait for a synchronous standby, which then counts as committed.
        String limit = Math.max(1, timeout.toMillis()) + "";
        try (PreparedStatement lock = connection.prepareStatement("SET LOCAL lock_timeout = " + limit
                + "; SET LOCAL idle_in_transaction_session_timeout = " + limit
                + "; SELECT pg_advisory_xact_lock(hashtextextended(?, 0))")) {
            lock.setString(1, scope.path());
            lock.execute();
        }
        return new Change(connection, scope, ScopeRows.read(connection, scope.path()), proven);
    }

    /** Ends sessions. What belongs to them goes with them; {@link #rows} still shows it. */
    void end(List<String> sessions) throws SQLException {
        for (String session : sessions) {
            execute("DELETE FROM dcs_session WHERE id = ?::uuid", session);
        }
    }

    /** Gives a sign of life of this session, or of a new one if it has ended; returns which it was. */
    String signOfLife(String session) throws SQLException {
        return rows.sessions().containsKey(session)
                ? ask(
                        "UPDATE dcs_session SET beat = nextval('dcs_number') WHERE id = ?::uuid RETURNING id::text",
                        session)
                : ask(
                        "INSERT INTO dcs_session (scope, name, ttl_ms) VALUES (?, ?, ?) RETURNING id::text",
                        scope.path(),
                        scope.session(),
                        scope.ttl().toMillis());
    }

    /** Writes a record that goes with a session, or one that stays if there is none. */
    Version put(String key, String value, @Nullable String session) throws SQLException {
        return new Version(Long.parseLong(ask(
                "INSERT INTO dcs_record (scope, key, value, session) VALUES (?, ?, ?, ?::uuid)"
                        + " ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value,"
                        + " version = excluded.version, session = excluded.session RETURNING version::text",
                scope.path(),
                key,
                value.getBytes(StandardCharsets.UTF_8),
                session)));
    }

    void delete(String key) throws SQLException {
        execute("DELETE FROM dcs_record WHERE scope = ? AND key = ?", scope.path(), key);
    }

    /** Does what a write says; whether it may is the caller's to ask. */
    Version apply(RecordWrite write) throws SQLException {
        if (write.value().isPresent()) {
            return put(write.key().path(), write.value().get(), null);
        }
        delete(write.key().path());
        return new Version(0);
    }

    private void execute(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values)) {
            statement.executeUpdate();
        }
    }

    private String ask(String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    private PreparedStatement prepare(String sql, @Nullable Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import dev.primacy.postgres.Lsn;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One database session on one node, with the table of numbered rows. */
final class Session implements AutoCloseable {
    private static final String INSERT =
            "INSERT INTO primacy_lab (id, node) VALUES (?, ?) RETURNING pg_current_wal_insert_lsn()::text";

    /** The driver reports each refused connection there; held here, since nothing else would keep the setting. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql");

    static {
        DRIVER.setLevel(Level.OFF);
    }

    private final Connection connection;
    private final PreparedStatement insert;

    private Session(Connection connection, PreparedStatement insert) {
        this.connection = connection;
        this.insert = insert;
    }

    static Session open(NodeSpec node) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", NodeSpec.SUPERUSER);
        properties.setProperty("password", NodeSpec.PASSWORD);
        properties.setProperty("connectTimeout", "1");
        properties.setProperty("socketTimeout", "2");
        // A standby refuses a hundred times a second; its log is for other things.
        properties.setProperty("options", "-c log_min_messages=panic -c log_min_error_statement=panic");
        Connection connection =
                DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + node.pgPort() + "/postgres", properties);
        try {
            return new Session(connection, connection.prepareStatement(INSERT));
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Inserts one row; on return it is acknowledged. */
    Lsn insert(long id, String node) throws SQLException {
        insert.setLong(1, id);
        insert.setString(2, node);
        try (ResultSet result = insert.executeQuery()) {
            result.next();
            return Lsn.parse(result.getString(1));
        }
    }

    void createTable() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS primacy_lab (id bigint NOT NULL, node text NOT NULL)");
        }
    }

    /** How many standbys stream from here; empty if this is a standby itself. */
    OptionalInt followers() throws SQLException {
        // A base backup streams too, under a name of its own.
        int number =
                number("SELECT CASE WHEN pg_is_in_recovery() THEN -1 ELSE (SELECT count(*) FROM pg_stat_replication"
                        + " WHERE state = 'streaming' AND application_name <> 'pg_basebackup') END");
        return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    boolean isStreaming() throws SQLException {
        return number("SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'") == 1;
    }

    private int number(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    /** The numbers of all rows. */
    BitSet numbers() throws SQLException {
        BitSet numbers = new BitSet();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM primacy_lab")) {
            while (rows.next()) {
                numbers.set(Math.toIntExact(rows.getLong(1)));
            }
        }
        return numbers;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

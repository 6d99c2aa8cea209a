// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.postgres.PostgresSettings.Login;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/** Opens SQL sessions whose every step has a limit, since a frozen server accepts connections and never answers. */
final class Sessions {
    private static final String DATABASE = "postgres";
    /** Closing a socket does not block. */
    private static final Executor AT_ONCE = Runnable::run;

    private final PostgresSettings settings;

    Sessions(PostgresSettings settings) {
        this.settings = settings;
    }

    /** As superuser of the server in the settings. */
    Connection local(Duration timeout) throws SQLException {
        return open(localHost(), settings.port(), timeout, Map.of());
    }

    /** As superuser of another server. */
    Connection remote(Upstream upstream, Duration timeout) throws SQLException {
        return open(upstream.host(), upstream.port(), timeout, Map.of());
    }

    /** As {@link #remote}, and understands replication commands as well as simple SQL. */
    Connection replication(Upstream upstream, Duration timeout) throws SQLException {
        return open(
                upstream.host(),
                upstream.port(),
                timeout,
                Map.of("replication", "database", "preferQueryMode", "simple"));
    }

    static void limit(Connection connection, Duration timeout) throws SQLException {
        connection.setNetworkTimeout(AT_ONCE, (int) Math.max(1, timeout.toMillis()));
    }

    /** SQL. */
    @FunctionalInterface
    interface Task<T> {
        T run() throws SQLException;
    }

    /** Runs {@code task}, which uses {@code connection}; an interrupt cuts the connection, as the driver heeds none. */
    static <T> T interruptibly(Connection connection, Task<T> task) throws SQLException, InterruptedException {
        FutureTask<T> future = new FutureTask<>(task::run);
        Daemon.start("SQL", future);
        try {
            return future.get();
        } catch (InterruptedException e) {
            connection.abort(AT_ONCE);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Where this host reaches the server. */
    private String localHost() {
        String first = settings.listenAddresses().get(0);
        return switch (first) {
            case "*", "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> first;
        };
    }

    private Connection open(String host, int port, Duration timeout, Map<String, String> more) throws SQLException {
        Login login = settings.superuser();
        Properties properties = new Properties();
        properties.setProperty("user", login.username());
        login.password().ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("ApplicationName", "primacy");
        properties.setProperty("assumeMinServerVersion", "13");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("options", "-c search_path=pg_catalog -c statement_timeout=0");
        properties.setProperty("loginTimeout", Double.toString(Math.max(1, timeout.toMillis()) / 1000.0));
        String seconds = Long.toString(Math.max(1, timeout.plusMillis(999).toSeconds()));
        properties.setProperty("connectTimeout", seconds);
        properties.setProperty("socketTimeout", seconds);
        more.forEach(properties::setProperty);
        String address = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        Connection connection =
                DriverManager.getConnection("jdbc:postgresql://" + address + ":" + port + "/" + DATABASE, properties);
        limit(connection, timeout);
        return connection;
    }
}

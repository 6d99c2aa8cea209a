// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.postgres.PostgresSettings.Login;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Servers in a folder of their own; nothing of them is left after {@link #close}, whatever the test did. */
final class TestServers implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(30);
    static final String PASSWORD = "it's a \\secret";

    private final Path folder;
    private final List<Node> nodes = new ArrayList<>();

    TestServers() throws IOException {
        folder = Files.createTempDirectory("primacy-pg");
        // The server's user has to get through.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A server with its settings. */
    record Node(LocalPostgres postgres, PostgresSettings settings) {
        Upstream address() {
            return new Upstream("127.0.0.1", settings.port(), Optional.empty());
        }

        Path data() {
            return settings.dataDir();
        }

        Connection connect() throws SQLException {
            return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + settings.port() + "/postgres?socketTimeout=20",
                    settings.superuser().username(),
                    settings.superuser().password().orElse(""));
        }

        String sql(String sql) throws SQLException {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                if (!statement.execute(sql)) {
                    return "";
                }
                try (ResultSet row = statement.getResultSet()) {
                    return row.next() ? String.valueOf(row.getString(1)) : "";
                }
            }
        }

        /** Lets it be primary for longer than any test takes. */
        void arm() {
            arm(Duration.ofMinutes(5), Duration.ofMinutes(6));
        }

        MonotonicInstant arm(Duration soft, Duration hard) {
            MonotonicInstant now = Wait.CLOCK.now();
            if (!postgres.guard().arm(now.plus(soft), now.plus(hard), LONG)) {
                throw new AssertionError("not armed");
            }
            return now.plus(hard);
        }

        Node primary() {
            postgres.initialize();
            arm();
            if (!postgres.startPrimary(LONG)) {
                throw new AssertionError("not started");
            }
            return this;
        }

        Node cloneOf(Node upstream) {
            postgres.cloneFrom(upstream.address());
            if (!postgres.startStandby(Optional.of(upstream.address()), LONG)) {
                throw new AssertionError("not started");
            }
            return this;
        }

        PostgresStatus status() {
            return postgres.status(Duration.ofSeconds(2));
        }

        PostgresStatus.Server server() {
            return status().server().orElseThrow(() -> new AssertionError("not running: " + status()));
        }

        void awaitReplayed(Node primary) throws Exception {
            Lsn written = primary.server().written();
            Wait.until(
                    "replay up to " + written, LONG, () -> server().replayed().compareTo(written) >= 0);
        }
    }

    Path folder() {
        return folder;
    }

    Node node(String name) throws IOException {
        return node(settings(name, freePort()));
    }

    Node node(PostgresSettings settings) {
        return node(settings, FencingSettings.GUARD_ONLY);
    }

    Node node(PostgresSettings settings, FencingSettings fencing) {
        Node node = new Node(new LocalPostgres(settings, fencing, Wait.CLOCK), settings);
        nodes.add(node);
        return node;
    }

    PostgresSettings settings(String name, int port) {
        return settings(folder, name, port);
    }

    static PostgresSettings settings(Path folder, String name, int port) {
        return new PostgresSettings(
                "demo",
                name,
                RequiresPostgres.Condition.binDir().orElseThrow(),
                folder.resolve(name),
                List.of("127.0.0.1"),
                port,
                Map.of("fsync", "off", "shared_buffers", "16MB"),
                List.of(),
                List.of("no-sync"),
                new Login("postgres", Optional.of(PASSWORD)),
                new Login("replicator", Optional.of("replica's \\word")),
                Optional.empty());
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static GuardScript script(PostgresSettings settings) {
        return new GuardScript(
                OsUser.of(settings.osUser()),
                settings.dataDir(),
                settings.binDir().resolve("postgres"),
                settings.dataDir().resolveSibling("guard.log"),
                List.of());
    }

    /** The server's processes. */
    static String processes(PostgresSettings settings) {
        return script(settings).scan("find_all").orThrow().strip();
    }

    static void signal(String signal, long pid) {
        signal(signal, Long.toString(pid));
    }

    static void signal(String signal, String pid) {
        Programs.execute(
                        List.of("bash", "-c", "kill -" + signal + " " + pid),
                        "kill",
                        Map.of(),
                        "",
                        Duration.ofSeconds(5))
                .orThrow();
    }

    static long postmaster(PostgresSettings settings) throws IOException {
        return Long.parseLong(
                Files.readAllLines(settings.dataDir().resolve("postmaster.pid")).get(0));
    }

    /** Guards of servers on that data directory that this process started. */
    static List<ProcessHandle> guards(PostgresSettings settings) {
        return ProcessHandle.current()
                .children()
                .filter(child -> {
                    String[] arguments = child.info().arguments().orElse(new String[0]);
                    return List.of(arguments).contains("guard")
                            && List.of(arguments).contains(settings.dataDir().toString());
                })
                .toList();
    }

    @Override
    public void close() throws Exception {
        for (Node node : nodes) {
            if (Files.exists(node.data())) {
                script(node.settings).killServer();
            }
            node.postgres.close();
        }
        OwnedFiles.delete(folder, false);
    }
}

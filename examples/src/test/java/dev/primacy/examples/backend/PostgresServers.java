// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.dcs.testkit.server.LocalServers;
import dev.primacy.dcs.testkit.server.ServerProcess;
import dev.primacy.dcs.testkit.server.ServerPrograms;
import dev.primacy.postgres.PostgresInstallation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One PostgreSQL with the backend's tables. It does not wait for the disk, which no crash here loses. */
final class PostgresServers extends LocalServers {
    static final String USER = "postgres";
    private static final int PORT = 5432;
    /** Warns of each broken connection, which these tests make by the hundred; kept here since only that keeps the level. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql");

    static {
        DRIVER.setLevel(Level.OFF);
    }

    private final String host = nextHost();
    private final Path programs;
    private final Path data;

    private PostgresServers(Path programs) {
        super("postgresql");
        this.programs = programs;
        this.data = home().resolve("data");
    }

    /** Starts one; the test is skipped where there are no programs of PostgreSQL. */
    static PostgresServers start() {
        Path programs = PostgresInstallation.find(Optional.ofNullable(System.getProperty("primacy.pg.bin"))
                        .map(Path::of))
                .orElseThrow(() -> ServerPrograms.missing("PostgreSQL not found: run bin/setup --env"));
        PostgresServers server = new PostgresServers(programs);
        try {
            if (runsAsRoot()) {
                Files.setOwner(
                        server.home(),
                        server.home()
                                .getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName(USER));
            }
            server.execute("initdb", "--username=" + USER, "--auth=trust", "--encoding=UTF8", "--no-sync");
            server.run(List.of(server.process()));
            String schema = new String(
                    PostgresServers.class.getResourceAsStream("schema.sql").readAllBytes(), StandardCharsets.UTF_8);
            try (Connection connection = server.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(schema);
            }
            return server;
        } catch (IOException | SQLException e) {
            server.close();
            throw new IllegalStateException("preparing PostgreSQL in " + server.home(), e);
        }
    }

    private ServerProcess process() {
        List<String> command = command(
                "postgres",
                "-c",
                "listen_addresses=" + host,
                "-c",
                "port=" + PORT,
                "-c",
                "unix_socket_directories=",
                "-c",
                "max_connections=300",
                "-c",
                "shared_buffers=16MB",
                // Files in the data directory, where a killed server leaves nothing behind in /dev/shm.
                "-c",
                "dynamic_shared_memory_type=mmap",
                "-c",
                "fsync=off");
        return new ServerProcess(command, Map.of(), home().resolve("log"));
    }

    /** A program on the data directory, as another user if this one is root, as which PostgreSQL refuses to run. */
    private List<String> command(String program, String... options) {
        List<String> command = new ArrayList<>(
                runsAsRoot()
                        ? List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--init-groups", "--")
                        : List.of());
        command.addAll(List.of(programs.resolve(program).toString(), "-D", data.toString()));
        command.addAll(List.of(options));
        return command;
    }

    private static boolean runsAsRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private void execute(String program, String... options) throws IOException {
        Process process = new ProcessBuilder(command(program, options))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(program + " failed: " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during " + program, e);
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + host + ":" + PORT + "/postgres?socketTimeout=1&connectTimeout=1", USER, "");
    }

    @Override
    public List<InetSocketAddress> addresses() {
        return List.of(new InetSocketAddress(host, PORT));
    }

    @Override
    protected boolean serves(int index) {
        try (Connection connection = connect()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            // It starts, is frozen or has ended.
            return false;
        }
    }

    /** In order, since a killed server leaves its shared memory behind, which only its next start would remove. */
    @Override
    public void close() {
        try {
            thaw(0);
            execute("pg_ctl", "stop", "--mode=immediate");
        } catch (IOException e) {
            throw new UncheckedIOException("stopping PostgreSQL on " + host, e);
        } finally {
            super.close();
        }
    }
}

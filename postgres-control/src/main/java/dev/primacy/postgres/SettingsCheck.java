// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at everything that can be wrong before a server is touched. */
final class SettingsCheck {
    private SettingsCheck() {}

    static List<String> problems(PostgresSettings settings) {
        List<String> problems = new ArrayList<>(PostgresInstallation.problems(settings.binDir()));
        if (settings.port() < 1 || settings.port() > 65535) {
            problems.add("port " + settings.port() + " (postgresql.listen) must lie between 1 and 65535");
        }
        if (settings.listenAddresses().isEmpty()) {
            problems.add("no address to listen on (postgresql.listen)");
        }
        if (!settings.dataDir().isAbsolute()) {
            problems.add("data directory " + settings.dataDir() + " (postgresql.data_dir) must be an absolute path");
        }
        for (String tool : List.of("bash", "setsid", "setpriv")) {
            if (!isOnPath(tool)) {
                problems.add(tool + " not found on the PATH; install bash and util-linux, which the guard is made of");
            }
        }
        if (problems.isEmpty()) {
            try {
                addDataDirectory(settings.dataDir(), OsUser.of(settings.osUser()), problems);
            } catch (PostgresException e) {
                problems.add(e.getMessage());
            } catch (IOException e) {
                problems.add("cannot look at data directory " + settings.dataDir() + ": " + e);
            }
        }
        return problems;
    }

    private static boolean isOnPath(String tool) {
        String path = System.getenv().getOrDefault("PATH", "");
        return List.of(path.split(":", -1)).stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    private static void addDataDirectory(Path data, OsUser user, List<String> problems) throws IOException {
        Path there = data;
        while (Files.notExists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        Programs.Result entered = Programs.execute(
                user.command(List.of("bash", "-c", "cd -- \"$1\"", "bash", there.toString())),
                "cd",
                Map.of(),
                "",
                Duration.ofSeconds(10));
        if (entered.status() != 0) {
            problems.add("user " + user.name() + " cannot enter " + there + ", the way to data directory " + data
                    + " (postgresql.data_dir)");
        } else if (there.equals(data)) {
            addExisting(data, user, problems);
        }
        Path parent = there.equals(data) && data.getParent() != null ? data.getParent() : there;
        if (!Files.isWritable(parent)) {
            problems.add("cannot write in " + parent + ", which is to hold data directory " + data
                    + " (postgresql.data_dir), its log and WAL kept at a rewind");
        }
    }

    private static void addExisting(Path data, OsUser user, List<String> problems) throws IOException {
        if (!Files.isDirectory(data)) {
            problems.add("data directory " + data + " (postgresql.data_dir) is no directory");
        } else if (!user.owns(data)) {
            problems.add("data directory " + data + " (postgresql.data_dir) belongs to " + Files.getOwner(data)
                    + ", not to " + user.name() + "; run: chown -R " + user.name() + " " + data);
        } else {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(data);
            permissions.removeAll(Set.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE,
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.GROUP_EXECUTE));
            if (!permissions.isEmpty()) {
                problems.add(
                        "data directory " + data + " (postgresql.data_dir) is open to others, which PostgreSQL refuses;"
                                + " run: chmod 700 " + data);
            }
        }
    }
}

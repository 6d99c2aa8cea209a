// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.postgres.PostgresSettings.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The data directory: how it comes to be, and what its control file says. */
final class DataDirectory {
    private static final Duration READ = Duration.ofSeconds(10);

    private final PostgresSettings settings;
    private final Programs programs;
    private final OwnedFiles files;
    private final Path path;
    private final UnusedMark mark;

    DataDirectory(PostgresSettings settings, Programs programs, OwnedFiles files) {
        this.settings = settings;
        this.programs = programs;
        this.files = files;
        this.path = settings.dataDir();
        this.mark = new UnusedMark(path, files);
    }

    /** What the history file of a timeline says; empty if there is none. */
    Optional<TimelineHistory> history(int timeline) {
        Path file = path.resolve("pg_wal").resolve(String.format(Locale.ROOT, "%08X.history", timeline));
        try {
            return Optional.of(new TimelineHistory(
                    timeline,
                    Files.getLastModifiedTime(file).toInstant(),
                    TimelineHistory.ends(Files.readString(file))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new PostgresException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Absent or empty, or with nothing but a database that was never finished, or is half removed. */
    boolean isWithoutData() {
        try {
            return OwnedFiles.isAbsentOrEmpty(path) || mark.isOfDebris();
        } catch (IOException e) {
            throw new PostgresException("cannot look into the data directory " + path + ": " + e.getMessage(), e);
        }
    }

    /** Whether this is a database on which no server was ever started. */
    boolean isUnused(ControlFile control) {
        try {
            return mark.isOf(control);
        } catch (IOException e) {
            throw new PostgresException("cannot read " + mark + ": " + e.getMessage(), e);
        }
    }

    /** From now on it counts as used. Called before any server is started. */
    void beginUse() {
        try {
            if (mark.isOfDebris()) {
                throw new PostgresException("start refused: the database in " + path + " was never finished");
            }
            mark.remove();
        } catch (IOException e) {
            throw new PostgresException("cannot remove " + mark + ": " + e.getMessage(), e);
        }
    }

    /** Throws with pg_controldata's own words if there is no usable one. */
    ControlFile control() {
        return control(path);
    }

    private ControlFile control(Path path) {
        String output = programs.run(READ, Map.of(), "", "pg_controldata", List.of("--pgdata=" + path))
                .orThrow();
        try {
            return new ControlFile(output);
        } catch (IllegalArgumentException e) {
            throw new PostgresException("cannot understand pg_controldata of " + path + ": " + e.getMessage(), e);
        }
    }

    /**
     * Runs initdb, and creates the user that standbys log in as. In a folder of its own, since initdb wants an empty one,
     * and the mark has to be there before anything could be taken for a database.
     */
    void initialize() {
        create("initdb", () -> {
            mark.asDebris();
            Path work = files.createTemporaryFolder(path);
            List<String> arguments = new ArrayList<>(List.of(
                    "--pgdata=" + work, "--username=" + settings.superuser().username(), "--no-instructions"));
            // C sorts the same on every host, whatever version of its libraries; another order would break indexes.
            addUnlessGiven(arguments, "locale", "--locale=C");
            addUnlessGiven(arguments, "encoding", "--encoding=UTF8");
            settings.initdbOptions().forEach(option -> arguments.add("--" + option));
            // Passwords come with the users; the access rules that this would write are replaced before any server
            // starts.
            arguments.add("--auth=trust");
            programs.run(Map.of(), "", "initdb", arguments).orThrow();
            createUsers(work);
            // initdb may have opened its folder to a group.
            Files.setPosixFilePermissions(path, Files.getPosixFilePermissions(work));
            OwnedFiles.moveContent(work, path);
            mark.asUnused(control());
        });
    }

    void discardUnused(String systemIdentifier) {
        ControlFile control = control();
        if (!isUnused(control) || !control.systemIdentifier().equals(systemIdentifier)) {
            throw new PostgresException("discard refused: the data directory " + path + " has system identifier "
                    + control.systemIdentifier() + (isUnused(control) ? "" : " and has been used")
                    + "; only an unused database with system identifier " + systemIdentifier + " may go");
        }
        remove();
    }

    void discard(String systemIdentifier) {
        if (isWithoutData()) {
            return;
        }
        String here = control().systemIdentifier();
        if (!here.equals(systemIdentifier)) {
            throw new PostgresException("discard refused: the data directory " + path + " has system identifier " + here
                    + "; only the database with system identifier " + systemIdentifier + " may go");
        }
        remove();
    }

    private void remove() {
        try {
            mark.asDebris();
            clear(true);
        } catch (IOException e) {
            throw new PostgresException("cannot write " + mark + ": " + e.getMessage(), e);
        }
    }

    private void addUnlessGiven(List<String> arguments, String option, String argument) {
        if (settings.initdbOptions().stream().noneMatch(given -> given.split("=", 2)[0].equals(option))) {
            arguments.add(argument);
        }
    }

    /** In single-user mode, whose input is the one place for a password that neither a file nor the process list shows. */
    private void createUsers(Path work) {
        Login superuser = settings.superuser();
        Login replication = settings.replication();
        StringBuilder sql = new StringBuilder();
        superuser
                .password()
                .ifPresent(any -> sql.append("ALTER ROLE ")
                        .append(Quoting.identifier(superuser.username()))
                        .append(passwordClause(superuser))
                        .append('\n'));
        if (!replication.username().equals(superuser.username())) {
            sql.append("CREATE ROLE ")
                    .append(Quoting.identifier(replication.username()))
                    .append(" LOGIN REPLICATION")
                    .append(passwordClause(replication))
                    .append('\n');
        }
        List<String> arguments = List.of(
                "--single",
                "-D",
                work.toString(),
                "-c",
                "password_encryption=scram-sha-256",
                "-c",
                "log_min_error_statement=panic",
                "postgres");
        String output =
                programs.run(Map.of(), sql.toString(), "postgres", arguments).orThrow();
        // In single-user mode a failed statement does not fail the program.
        if (output.contains("ERROR:")) {
            throw new PostgresException(
                    "cannot create users " + superuser + " and " + replication + ": " + Programs.lastLines(output));
        }
    }

    private static String passwordClause(Login login) {
        return login.password()
                .map(password -> " PASSWORD " + Quoting.literal(password))
                .orElse("");
    }

    /** Runs pg_basebackup. Its WAL comes through {@code slot}, if given, so that none is removed meanwhile. */
    void cloneFrom(Upstream upstream, Optional<String> slot) {
        create("clone of " + upstream, () -> {
            Map<String, String> source = new LinkedHashMap<>();
            source.put("host", upstream.host());
            source.put("port", Integer.toString(upstream.port()));
            source.put("user", settings.replication().username());
            source.put("application_name", settings.memberName());
            source.put("connect_timeout", "10");
            List<String> arguments = new ArrayList<>(List.of(
                    "--pgdata=" + path,
                    "--wal-method=stream",
                    "--checkpoint=fast",
                    "--no-password",
                    "--dbname=" + Quoting.conninfo(source)));
            slot.ifPresent(name -> arguments.add("--slot=" + name));
            programs.run(passwordOf(settings.replication()), "", "pg_basebackup", arguments)
                    .orThrow();
        });
    }

    static Map<String, String> passwordOf(Login login) {
        return login.password().map(password -> Map.of("PGPASSWORD", password)).orElse(Map.of());
    }

    /** Runs {@code work} on the absent or empty directory, and leaves it so on failure. */
    private void create(String what, Creation work) {
        if (!isWithoutData()) {
            throw new PostgresException(what + " refused: the data directory " + path + " is not empty");
        }
        boolean existed = Files.exists(path);
        boolean done = false;
        try {
            files.createFolder(path);
            clear(true);
            work.run();
            done = true;
        } catch (IOException e) {
            throw new PostgresException(what + " failed: cannot write to " + path + ": " + e.getMessage(), e);
        } finally {
            if (!done) {
                clear(existed);
            }
        }
    }

    /** The mark, if there is one, goes last: what is left after a death in the midst of this is still ours to remove. */
    private void clear(boolean keepFolder) {
        try {
            if (Files.exists(path)) {
                for (Path entry : OwnedFiles.list(path)) {
                    if (!mark.is(entry)) {
                        OwnedFiles.delete(entry, false);
                    }
                }
                mark.remove();
                if (!keepFolder) {
                    Files.delete(path);
                }
            }
        } catch (IOException e) {
            throw new PostgresException(
                    "cannot remove what is left of a failed copy in " + path + "; remove it by hand", e);
        }
    }

    /** Something that fills the data directory. */
    @FunctionalInterface
    private interface Creation {
        void run() throws IOException;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where PostgreSQL's programs are. */
public final class PostgresInstallation {
    /** The oldest major version that can be controlled: pg_rewind recovers a crashed target itself since then. */
    public static final int OLDEST = 13;

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");
    private static final List<String> PROGRAMS =
            List.of("postgres", "initdb", "pg_ctl", "pg_basebackup", "pg_rewind", "pg_controldata", "pg_waldump");

    private PostgresInstallation() {}

    /** The folder with the programs: the given one; else that on the {@code PATH}; else Debian's newest. */
    public static Optional<Path> find(Optional<Path> given) {
        return given.or(() -> Stream.of(Optional.ofNullable(System.getenv("PATH"))
                                .orElse("")
                                .split(File.pathSeparator, -1))
                        .filter(folder -> !folder.isEmpty())
                        .map(Path::of)
                        .filter(PostgresInstallation::isServer)
                        .findFirst())
                .or(PostgresInstallation::newestOfDebian);
    }

    /** Everything that keeps the programs in {@code binDir} from being used; empty if they can be. */
    static List<String> problems(Path binDir) {
        List<String> problems = new ArrayList<>();
        List<String> missing = PROGRAMS.stream()
                .filter(program -> !Files.isExecutable(binDir.resolve(program)))
                .toList();
        if (!missing.isEmpty()) {
            problems.add(String.join(", ", missing) + " not found in " + binDir
                    + " (postgresql.bin_dir); install PostgreSQL " + OLDEST + " or newer or set bin_dir");
        }
        Path postgres = binDir.resolve("postgres");
        if (problems.isEmpty() && !isMachineCode(postgres)) {
            problems.add(postgres + " is a script; the guard knows the server's processes by their program, so set "
                    + "postgresql.bin_dir to the folder of the program itself");
        }
        if (problems.isEmpty()) {
            version(postgres).ifPresent(problems::add);
        }
        return problems;
    }

    private static Optional<String> version(Path postgres) {
        String output = Programs.capture(List.of(postgres.toString(), "--version"));
        Matcher matcher = VERSION.matcher(output);
        boolean usable = matcher.find() && Integer.parseInt(matcher.group(1)) >= OLDEST;
        return usable
                ? Optional.empty()
                : Optional.of(
                        postgres + " is \"" + output.strip() + "\"; PostgreSQL " + OLDEST + " or newer is needed");
    }

    private static boolean isMachineCode(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(2);
            return !(start.length == 2 && start[0] == '#' && start[1] == '!');
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Optional<Path> newestOfDebian() {
        if (!Files.isDirectory(DEBIAN)) {
            return Optional.empty();
        }
        try (Stream<Path> majors = Files.list(DEBIAN)) {
            return majors.filter(major -> major.getFileName().toString().matches("\\d{1,4}"))
                    .sorted(Comparator.comparingInt((Path major) ->
                                    Integer.parseInt(major.getFileName().toString()))
                            .reversed())
                    .map(major -> major.resolve("bin"))
                    .filter(PostgresInstallation::isServer)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + DEBIAN, e);
        }
    }

    private static boolean isServer(Path folder) {
        return PROGRAMS.stream().allMatch(program -> Files.isExecutable(folder.resolve(program)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** Finds the programs of servers. */
public final class ServerPrograms {
    private ServerPrograms() {}

    /**
     * Looks where the environment says ({@code PRIMACY_ETCD}, for example), then on the {@code PATH}, then where {@code
     * bin/setup} puts it.
     */
    public static Optional<Path> find(String name) {
        String given = System.getenv(variable(name));
        if (given != null) {
            return Optional.of(Path.of(given));
        }
        Stream<Path> onPath =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":")).map(folder -> Path.of(folder, name));
        return Stream.concat(onPath, Stream.of(cache().resolve(name).resolve("root/usr/bin/" + name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * The program, or the test is skipped; where {@code PRIMACY_REQUIRE_SERVERS} is true it fails instead.
     *
     * @throws TestAbortedException if there is none
     */
    public static Path require(String name) {
        return find(name)
                .orElseThrow(() ->
                        missing("no program '" + name + "': run bin/setup, or set " + variable(name) + " to its path"));
    }

    private static String variable(String name) {
        return "PRIMACY_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** What to throw where a server cannot be had. */
    public static RuntimeException missing(String message) {
        return Boolean.parseBoolean(System.getenv("PRIMACY_REQUIRE_SERVERS"))
                ? new IllegalStateException(message)
                : new TestAbortedException(message);
    }

    private static Path cache() {
        String given = System.getenv("XDG_CACHE_HOME");
        return (given == null || given.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(given))
                .resolve("primacy");
    }
}

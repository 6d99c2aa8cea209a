// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code guard.sh} with its arguments. It is handed over in the environment: there is no file that a cleaner of temporary
 * folders could delete, or another user could change.
 *
 * @param onFence the command that it runs after it has killed the server; may be empty
 */
record GuardScript(OsUser user, Path dataDir, Path postgres, Path log, List<String> onFence) {
    private static final String VARIABLE = "PRIMACY_GUARD";
    private static final Duration SCAN = Duration.ofSeconds(10);

    /** Starts a guard in a session of its own, so that Ctrl-C in the agent's terminal does not reach the server. */
    Process start() {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(user.command(guard()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .directory(Path.of("/").toFile());
        Programs.prepare(builder.environment());
        builder.environment().put(VARIABLE, text());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new PostgresException("cannot start the guard: " + e.getMessage(), e);
        }
    }

    /** Kills every process of the server, whoever started it. */
    void killServer() {
        scan("kill_all").orThrow();
    }

    /** Runs a role that looks at the server's processes once: {@code find_all} prints their ids. */
    Programs.Result scan(String role) {
        return Programs.execute(user.command(role(role)), "guard.sh " + role, Map.of(VARIABLE, text()), "", SCAN);
    }

    private List<String> guard() {
        List<String> guard = new ArrayList<>(role("guard"));
        guard.addAll(onFence);
        return guard;
    }

    private List<String> role(String role) {
        return List.of(
                "bash",
                "-c",
                "eval \"$" + VARIABLE + "\"",
                "primacy-guard",
                role,
                "0",
                dataDir.toString(),
                postgres.toString(),
                log.toString());
    }

    private static String text() {
        try (InputStream in = GuardScript.class.getResourceAsStream("guard.sh")) {
            if (in == null) {
                throw new IllegalStateException("guard.sh is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Runs PostgreSQL's programs to their end, as the server's user. An interrupt kills the program. */
final class Programs {
    private static final Duration NO_LIMIT = Duration.ofDays(365);
    private static final int LAST_LINES = 12;

    private final Path binDir;
    private final OsUser user;

    Programs(Path binDir, OsUser user) {
        this.binDir = binDir;
        this.user = user;
    }

    /**
     * The end of a program.
     *
     * @param program for messages
     * @param status its exit status
     * @param output what it printed to either stream
     */
    record Result(String program, int status, String output) {
        /** The output. A failure carries the last lines, as that is where programs say what went wrong. */
        String orThrow() {
            if (status != 0) {
                throw new PostgresException(program + " ended with status " + status + ": " + lastLines(output));
            }
            return output;
        }
    }

    Result run(String program, String... arguments) {
        return run(NO_LIMIT, Map.of(), "", program, List.of(arguments));
    }

    Result run(Map<String, String> environment, String input, String program, List<String> arguments) {
        return run(NO_LIMIT, environment, input, program, arguments);
    }

    Result run(Duration limit, Map<String, String> environment, String input, String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(binDir.resolve(program).toString());
        command.addAll(arguments);
        return execute(user.command(command), program, environment, input, limit);
    }

    /** What a command prints, whatever its exit status. */
    static String capture(List<String> command) {
        return execute(command, command.get(0), Map.of(), "", NO_LIMIT).output;
    }

    static Result execute(
            List<String> command, String program, Map<String, String> environment, String input, Duration limit) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .directory(Path.of("/").toFile());
        prepare(builder.environment());
        // Messages are parsed, so they must not be translated.
        builder.environment().put("LC_ALL", "C");
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new PostgresException("cannot run " + program + ": " + e.getMessage(), e);
        }
        try {
            CompletableFuture<String> output = CompletableFuture.supplyAsync(
                    () -> exchange(process, input), task -> Daemon.start("program output", task));
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new PostgresException(program + " did not end within " + limit.toMillis() + " ms");
            }
            return new Result(program, process.exitValue(), output.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted while " + program + " ran", e);
        } catch (ExecutionException e) {
            throw new PostgresException("cannot talk to " + program + ": " + e.getMessage(), e);
        } finally {
            kill(process);
        }
    }

    /** Settings of whoever started this process must not decide which server a program talks to. */
    static void prepare(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith("PG"));
    }

    /**
     * Children too: pg_basebackup would leave one behind that goes on receiving WAL. Returns when they have ended, so that
     * what they wrote can be removed; the kernel may take long for one that waits for a disk.
     */
    private static void kill(Process process) {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        boolean interrupted = Thread.interrupted();
        for (int i = 0; i < 1000 && all.stream().anyMatch(ServerProcesses::runs); i++) {
            LockSupport.parkNanos(1_000_000);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String exchange(Process process, String input) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A program that ended before it read everything says why in its output.
            if (input.isEmpty()) {
                throw new UncheckedIOException(e);
            }
        }
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String lastLines(String text) {
        List<String> lines = text.strip().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One server as a process that ends with this JVM, also when the JVM is killed. */
final class ServerProcess {
    /** Tells the server's number and ends it when its own input ends, which the kernel sees to. */
    private static final String KEEPER =
            "log=$1; shift; \"$@\" </dev/null >>\"$log\" 2>&1 & echo $!; read -r _; kill -KILL $!";

    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private @Nullable Process keeper;
    private long pid;

    ServerProcess(List<String> command, Map<String, String> environment, Path log) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.log = log;
    }

    Path log() {
        return log;
    }

    void start() {
        if (keeper != null) {
            return;
        }
        List<String> all = new ArrayList<>(List.of("bash", "-c", KEEPER, "keeper", log.toString()));
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        try {
            Process started = builder.start();
            String line = started.inputReader(StandardCharsets.UTF_8).readLine();
            if (line == null) {
                throw new IllegalStateException("could not start " + command.get(0) + "; see " + log);
            }
            pid = Long.parseLong(line);
            keeper = started;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run bash to start " + command.get(0), e);
        }
    }

    boolean isRunning() {
        return keeper != null && ProcessHandle.of(pid).isPresent();
    }

    /** Returns when it has ended. */
    void kill() {
        Process running = keeper;
        if (running == null) {
            return;
        }
        signal("KILL");
        try {
            running.getOutputStream().close();
            running.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("ending " + command.get(0), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ending " + command.get(0), e);
        }
        keeper = null;
    }

    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            // It may have ended by itself, so the status says nothing.
            new ProcessBuilder("kill", "-s", name, "--", Long.toString(pid))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send SIG" + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}

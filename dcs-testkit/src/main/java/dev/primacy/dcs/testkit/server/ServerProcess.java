// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One server as a process that ends with this JVM, also when the JVM is killed. What is done to it is done to its child
 * processes too. One thread at a time.
 */
public final class ServerProcess {
    /** Tells the server's number and ends it when its own input ends, which the kernel sees to. */
    private static final String KEEPER = "log=$1; shift; \"$@\" </dev/null >>\"$log\" 2>&1 & echo $!; read -r _;"
            // Stopped first, so that none of its children is born after the list of them was read.
            + " kill -STOP $!; kill -KILL $! $(cat /proc/$!/task/$!/children);"
            // A zombie would look like a running server to its successor.
            + " wait";

    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private @Nullable Process keeper;
    private long pid;

    /**
     * A server that does not run yet.
     *
     * @param command must stay in the foreground; a command that replaces itself by another one, as {@code setpriv} does, is
     *     fine
     * @param environment added to this process's own
     * @param log gets all output
     */
    public ServerProcess(List<String> command, Map<String, String> environment, Path log) {
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
        List<ProcessHandle> children = signal("KILL");
        try {
            running.getOutputStream().close();
            running.waitFor();
            children.forEach(ServerProcess::awaitEnd);
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

    /** To the server and then to its children, which are returned. */
    private List<ProcessHandle> signal(String name) {
        if (!name.equals("CONT")) {
            // So that it makes no more of them meanwhile.
            send("STOP", List.of(pid));
        }
        List<ProcessHandle> children = ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
        send(
                name,
                Stream.concat(Stream.of(pid), children.stream().map(ProcessHandle::pid))
                        .toList());
        return children;
    }

    private static void send(String name, List<Long> pids) {
        List<String> kill = new ArrayList<>(List.of("kill", "-s", name, "--"));
        pids.forEach(pid -> kill.add(Long.toString(pid)));
        try {
            // Some may have ended by themselves, so the status says nothing.
            new ProcessBuilder(kill)
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

    /** A child holds files, ports and shared memory until it is gone, or nothing is left of it but its status. */
    private static void awaitEnd(ProcessHandle child) {
        while (child.isAlive() && !isZombie(child.pid())) {
            Thread.onSpinWait();
        }
    }

    private static boolean isZombie(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException e) {
            // Gone while it was looked at.
            return true;
        }
    }
}

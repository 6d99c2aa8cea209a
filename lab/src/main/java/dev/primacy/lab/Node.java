// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One node: an agent process and its PostgreSQL, and what can be done to them. One thread at a time drives it. */
public final class Node {
    private final NodeSpec spec;
    private final List<String> agent;
    private final Path log;
    private final Launcher launcher;
    private final Await await;
    private final RestClient rest;
    private final ProcessTree tree;
    private @Nullable Process process;

    /**
     * A node whose agent was never started.
     *
     * @param agent the command that runs an agent; the file with its configuration is added to it
     */
    Node(NodeSpec spec, List<String> agent, Path log, Launcher launcher, Await await) {
        this.spec = spec;
        this.agent = List.copyOf(agent);
        this.log = log;
        this.launcher = launcher;
        this.await = await;
        this.rest = new RestClient(spec.restPort());
        this.tree = new ProcessTree(spec.home(), spec.dataDir());
    }

    public String name() {
        return spec.name();
    }

    public String site() {
        return spec.site();
    }

    public NodeSpec spec() {
        return spec;
    }

    public RestClient rest() {
        return rest;
    }

    /** What its agent printed. */
    public Path log() {
        return log;
    }

    public Path configFile() {
        return spec.home().resolve("agent.yml");
    }

    /** Starts the agent. */
    public void start() {
        List<String> command = new ArrayList<>(agent);
        command.add(configFile().toString());
        process = launcher.start(new ProcessBuilder(command)
                .directory(spec.home().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
    }

    /** The agent's exit status; empty if it still runs after {@code limit}. */
    public Optional<Integer> exit(Duration limit) {
        try {
            Process running = started();
            return running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                    ? Optional.of(running.exitValue())
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted", e);
        }
    }

    /** Fails early and with the agent's own words where the agent has ended by itself. */
    public void requireAlive() {
        if (!started().isAlive()) {
            throw new LabException("the agent of " + name() + " ended with status "
                    + started().exitValue() + ": " + lastLine() + " (" + log + ")");
        }
    }

    /** The last thing its agent said. */
    public String lastLine() {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> !line.isBlank())
                    .reduce((first, second) -> second)
                    .orElse("nothing");
        } catch (IOException | UncheckedIOException e) {
            return "no log: " + e.getMessage();
        }
    }

    /** Asks the agent to end in good order. */
    public void terminate() {
        started().destroy();
    }

    /** kill -9 of PostgreSQL's first process alone. */
    public void killPostmaster() {
        ProcessTree.signal("KILL", List.of(postmaster()));
    }

    /** kill -9 of the agent alone. */
    public void killAgent() {
        ProcessTree.signal("KILL", List.of(started().toHandle()));
    }

    /** kill -9 of the agent and of PostgreSQL's first process. */
    public void killAgentAndPostmaster() {
        ProcessTree.signal("KILL", List.of(started().toHandle(), postmaster()));
    }

    /** kill -9 of everything that belongs to the node. */
    public void kill() {
        tree.kill(await);
    }

    /** kill -9 of everything that belongs to the nodes, at once. */
    public static void killAll(List<Node> nodes) {
        ProcessTree.signal(
                "KILL",
                nodes.stream().flatMap(node -> node.processes().stream()).toList());
        nodes.forEach(Node::kill);
    }

    /** SIGSTOP of the agent alone. */
    public void freezeAgent() {
        ProcessTree.signal("STOP", List.of(started().toHandle()));
    }

    /** SIGSTOP of the agent and of PostgreSQL's first process; sessions stay alive. */
    public void freezeAgentAndPostmaster() {
        ProcessTree.signal("STOP", List.of(started().toHandle(), postmaster()));
    }

    /** SIGSTOP of everything that belongs to the node. */
    public void freeze() {
        ProcessTree.signal("STOP", processes());
    }

    /** SIGCONT of everything that belongs to the node. */
    public void thaw() {
        ProcessTree.signal("CONT", processes());
    }

    /** All that belongs to the node and is alive. */
    public List<ProcessHandle> processes() {
        return tree.processes();
    }

    /** What the agent runs beside PostgreSQL: itself, and its guard where it has one. */
    public List<ProcessHandle> agentProcesses() {
        return tree.processes().stream()
                .filter(process -> !ProcessTree.runsProgram(process, "postgres"))
                .toList();
    }

    private ProcessHandle postmaster() {
        return tree.postmaster().orElseThrow(() -> new LabException("no PostgreSQL runs on " + name()));
    }

    private Process started() {
        if (process == null) {
            throw new LabException(name() + " was never started");
        }
        return process;
    }

    @Override
    public String toString() {
        return name();
    }
}

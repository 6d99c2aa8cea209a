// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import dev.primacy.time.MonotonicClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * One cluster of some members, run by whatever agent understands {@code patroni.yml}. What its servers do is asked of them
 * and not of the agents. None of its processes outlives {@link #close} or this JVM's orderly end.
 */
public final class Cluster implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final Workspace workspace = Workspace.create();
    private final Launcher launcher = new Launcher();
    private final List<Node> nodes = new ArrayList<>();
    private final Await await;
    private boolean closed;

    /**
     * Lays out the members' folders and configurations. Nothing is started.
     *
     * @param name of the cluster, from which its members have theirs
     * @param members how many
     * @param agent the command that runs an agent; the path of its configuration is added to it
     * @param owner the user that the agents run as and their folders belong to; empty: that of this process
     * @param config makes the text of a member's configuration
     * @param logs folder for what agents print
     */
    public Cluster(
            String name,
            int members,
            List<String> agent,
            Optional<String> owner,
            Function<NodeSpec, String> config,
            Path logs,
            MonotonicClock clock) {
        this.await = new Await(clock);
        try {
            Files.createDirectories(logs);
            for (int number = 1; number <= members; number++) {
                String member = name + number;
                NodeSpec spec = new NodeSpec(member, name, FreePorts.take(), FreePorts.take(), workspace.home(member));
                Node node = new Node(spec, agent, logs.resolve(member + ".log"), launcher, await);
                Files.writeString(node.configFile(), config.apply(spec));
                if (owner.isPresent()) {
                    own(spec.home(), owner.get());
                    own(node.configFile(), owner.get());
                }
                nodes.add(node);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lay out the members of " + name, e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "close " + name));
    }

    private static void own(Path file, String user) throws IOException {
        Files.setOwner(
                file, file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
    }

    /** Starts one member, and when it accepts writes the others; returns when they stream from it. */
    public void start() {
        nodes.get(0).start();
        await.until("a primary", START_LIMIT, () -> {
            nodes.get(0).requireAlive();
            return isPrimary(nodes.get(0));
        });
        nodes.stream().skip(1).forEach(Node::start);
        awaitSettled(START_LIMIT);
    }

    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    public Node node(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** How many standbys stream from this node; empty if it is no primary, or does not answer. */
    public OptionalInt followers(Node node) {
        try (Session session = Session.open(node.spec())) {
            return session.followers();
        } catch (SQLException noAnswer) {
            return OptionalInt.empty();
        }
    }

    /** Whether its server is no standby now. */
    public boolean isPrimary(Node node) {
        return followers(node).isPresent();
    }

    /** Whether a table can be made there now. */
    public boolean isWritable(Node node) {
        try (Session session = Session.open(node.spec())) {
            session.createTable();
            return true;
        } catch (SQLException refused) {
            return false;
        }
    }

    /** Whether it streams from another one now; a copy that is still being made does not. */
    public boolean isStreaming(Node node) {
        try (Session session = Session.open(node.spec())) {
            return session.isStreaming();
        } catch (SQLException noAnswer) {
            return false;
        }
    }

    /** The only primary. */
    public Node requirePrimary() {
        List<Node> primaries = nodes.stream().filter(this::isPrimary).toList();
        if (primaries.size() != 1) {
            throw new LabException("there should be one primary, and there are: " + primaries);
        }
        return primaries.get(0);
    }

    /** Waits until there is one primary and all others stream from it. */
    public void awaitSettled(Duration limit) {
        await.until("one primary that all others stream from", limit, () -> {
            List<OptionalInt> primaries = nodes.stream()
                    .map(this::followers)
                    .filter(OptionalInt::isPresent)
                    .toList();
            return primaries.size() == 1 && primaries.get(0).getAsInt() == nodes.size() - 1;
        });
    }

    /** Kills everything and removes the folders. Who calls it meanwhile waits for the end. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            launcher.close();
            Node.killAll(nodes);
            workspace.delete();
        }
    }
}

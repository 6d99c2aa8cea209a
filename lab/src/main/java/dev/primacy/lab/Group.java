// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import dev.primacy.time.MonotonicClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two sites of two nodes each. None of their processes outlives {@link #close} or this JVM's orderly end. */
public final class Group implements AutoCloseable {
    /** The sites' names; the first one is to lead at first. */
    public static final List<String> SITES = List.of("fra", "ams");

    private static final Duration BOOTSTRAP_LIMIT = Duration.ofSeconds(90);

    private final GroupSettings settings;
    private final Workspace workspace;
    private final List<Node> nodes;
    private final Launcher launcher;
    private final Await await;
    private boolean closed;

    private Group(GroupSettings settings, Workspace workspace, List<Node> nodes, Launcher launcher, Await await) {
        this.settings = settings;
        this.workspace = workspace;
        this.nodes = nodes;
        this.launcher = launcher;
        this.await = await;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "close the group"));
    }

    /** Lays out the nodes' folders and configurations. Nothing is started. */
    public static Group create(GroupSettings settings, String zooKeeper, MonotonicClock clock) {
        Workspace workspace = Workspace.create();
        Await await = new Await(clock);
        Launcher launcher = new Launcher();
        List<Node> nodes = new ArrayList<>();
        try {
            Files.createDirectories(settings.logs());
            for (String site : SITES) {
                for (int number = 1; number <= 2; number++) {
                    String name = site + number;
                    NodeSpec spec = new NodeSpec(name, site, FreePorts.take(), FreePorts.take(), workspace.home(name));
                    Path log = settings.logs().resolve(name + ".log");
                    Files.deleteIfExists(log);
                    Node node = new Node(spec, List.of(settings.agent().toString()), log, launcher, await);
                    Files.writeString(node.configFile(), spec.config(settings, zooKeeper));
                    nodes.add(node);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lay out the nodes", e);
        }
        return new Group(settings, workspace, List.copyOf(nodes), launcher, await);
    }

    /** Starts the first site, and when it accepts writes the second; returns when all others follow. */
    public void start() {
        nodes.get(0).start();
        awaitRole(nodes.get(0), Role.PRIMARY);
        nodes.stream().skip(1).forEach(Node::start);
        awaitSettled(BOOTSTRAP_LIMIT);
    }

    private void awaitRole(Node node, Role role) {
        await.until(node + " becomes " + role.title(), BOOTSTRAP_LIMIT, () -> {
            node.requireAlive();
            return node.rest().status().role() == role;
        });
    }

    public GroupSettings settings() {
        return settings;
    }

    /** The folder that the nodes' folders are in. */
    public Path folder() {
        return workspace.root();
    }

    public List<Node> nodes() {
        return nodes;
    }

    public Node node(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    public List<Node> site(String name) {
        return nodes.stream().filter(node -> node.site().equals(name)).toList();
    }

    /** The other site. */
    public String otherThan(String site) {
        return SITES.get(1 - SITES.indexOf(site));
    }

    /** The node that now says it is the primary, if one does. */
    public Optional<Node> primary() {
        return nodes.stream()
                .filter(node -> node.rest().status().role() == Role.PRIMARY)
                .findFirst();
    }

    /** As {@link #primary}, where there must be one. */
    public Node requirePrimary() {
        return primary().orElseThrow(() -> new LabException("no node says that it is the primary"));
    }

    /**
     * Waits until one node is primary, the other site has a standby leader, and all standbys have replayed what the
     * primary had written when this was first so.
     */
    public void awaitSettled(Duration limit) {
        Settlement settlement = new Settlement(nodes);
        if (!await.within(limit, settlement::reached)) {
            throw new LabException("waited " + limit.toSeconds() + " s in vain for one primary that all others follow; "
                    + "seen last:\n  " + String.join("\n  ", settlement.lines()));
        }
    }

    /** Kills everything and removes the folders, unless they are to be kept. Who calls it meanwhile waits for the end. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        launcher.close();
        Node.killAll(nodes);
        if (!settings.keep()) {
            workspace.delete();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import dev.primacy.dcs.testkit.server.EtcdServers;
import dev.primacy.time.BootClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One cluster of two members, {@code pg1} and {@code pg2}, without other sites, and an etcd of its own. */
final class EtcdCluster implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(90);
    static final String NAME = "demo";
    final Await await = new Await(BootClock.system());

    private final EtcdServers servers = EtcdServers.start(1);
    private final Workspace workspace = Workspace.create();
    private final Launcher launcher = new Launcher();
    private final Path logs;
    private final String restapi;
    private final String dcs;
    private final Node pg1;
    private final Node pg2;

    /**
     * Lays it out.
     *
     * @param name for the folder of the logs
     * @param restapi a line for this section of the configuration; none if empty
     */
    EtcdCluster(String name, String restapi) {
        this(name, restapi, "");
    }

    /**
     * The same.
     *
     * @param dcs a line for the settings that all members share; none if empty
     */
    EtcdCluster(String name, String restapi, String dcs) {
        this.restapi = restapi;
        this.dcs = dcs;
        logs = Path.of("target", name).toAbsolutePath();
        pg1 = node("pg1");
        pg2 = node("pg2");
    }

    private Node node(String name) {
        NodeSpec spec = new NodeSpec(name, NAME, FreePorts.take(), FreePorts.take(), workspace.home(name));
        try {
            Files.createDirectories(logs);
            Node node = new Node(
                    spec,
                    List.of(RequiresAgents.CHECKOUT.resolve("bin/agent").toString()),
                    logs.resolve(name + ".log"),
                    launcher,
                    await);
            Files.deleteIfExists(node.log());
            Files.writeString(node.configFile(), config(spec));
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lay out " + name, e);
        }
    }

    /** As the nodes of a group, without sites. */
    private String config(NodeSpec spec) {
        GroupSettings settings =
                GroupSettings.of(RequiresAgents.CHECKOUT, logs).withTtls(TestGroup.SITE_TTL, TestGroup.LOCAL_TTL);
        InetSocketAddress etcd = servers.addresses().get(0);
        return spec.config(settings, "unused")
                .replace("restapi:\n", "restapi:\n" + (restapi.isEmpty() ? "" : "  " + restapi + "\n"))
                .replace("  dcs:\n", "  dcs:\n" + (dcs.isEmpty() ? "" : "    " + dcs + "\n"))
                .replaceAll("(?s)multisite:\n.*?(?=bootstrap:)", "")
                .replaceAll(
                        "(?s)zookeeper:\n.*?(?=bootstrap:)",
                        "etcd3: {host: '" + etcd.getHostString() + ":" + etcd.getPort() + "'}\n");
    }

    /** Starts both; on return {@code pg1} leads and {@code pg2} streams from it. */
    void start() {
        pg1.start();
        awaitRole("pg1", Role.PRIMARY);
        pg2.start();
        awaitFollows("pg2");
    }

    /** Has {@code primacyctl} change the settings that all members share, for example {@code pause=true}. */
    void set(String... settings) {
        List<String> command = new ArrayList<>(List.of(
                RequiresAgents.CHECKOUT.resolve("bin/primacyctl").toString(),
                "-c",
                pg1.configFile().toString(),
                "edit-config",
                "--force"));
        for (String setting : settings) {
            command.addAll(List.of("-s", setting));
        }
        Outcome done = run("", command.stream());
        if (done.status() != 0) {
            throw new LabException("the settings were not changed: " + done.text());
        }
    }

    /** Nothing of the store goes on. */
    void freezeStore() {
        servers.freeze(0);
    }

    void thawStore() {
        servers.thaw(0);
    }

    List<Node> nodes() {
        return List.of(pg1, pg2);
    }

    Node node(int number) {
        return number == 1 ? pg1 : pg2;
    }

    private Node named(String name) {
        return nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    void awaitRole(String name, Role role) {
        Node node = named(name);
        await.until(name + " becomes " + role, LIMIT, () -> {
            node.requireAlive();
            return node.rest().status().role() == role;
        });
    }

    /** Waits until a member is a standby that streams. */
    void awaitFollows(String name) {
        awaitRole(name, Role.REPLICA);
        await.until(
                name + " streams",
                LIMIT,
                () -> named(name).rest().status().text().contains("\"replication_state\":\"streaming\""));
    }

    /**
     * Runs a program to its end.
     *
     * @param input what it is told
     */
    Outcome run(String input, Stream<String> command) {
        Path output = workspace.root().resolve("output");
        try {
            Process process = launcher.start(new ProcessBuilder(command.toList())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile()));
            try (var typed = process.outputWriter()) {
                typed.write(input);
            }
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new LabException("it did not end: " + process.info().commandLine());
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted", e);
        }
    }

    /**
     * What a program did.
     *
     * @param status its exit status
     * @param text all that it printed
     */
    record Outcome(int status, String text) {}

    @Override
    public void close() {
        launcher.close();
        Node.killAll(nodes());
        servers.close();
        workspace.delete();
    }
}

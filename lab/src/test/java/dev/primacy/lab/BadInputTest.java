// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An agent that cannot do its work says why in one line, ends, and has touched nothing. */
@RequiresAgents
class BadInputTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final TestGroup test = new TestGroup("bad-input");
    private final Node node = test.group.nodes().get(0);

    @AfterEach
    void stop() {
        test.close();
    }

    @Test
    void missingPrograms() throws IOException {
        edit(node, config -> config.replace("postgresql:\n", "postgresql:\n  bin_dir: /nowhere/bin\n"));
        assertThat(refusal(node)).contains("/nowhere/bin").contains("bin_dir");
        assertUntouched();
    }

    @Test
    void brokenYaml() throws IOException {
        edit(node, config -> config.replace("zookeeper:", "zookeeper: ]["));
        assertThat(refusal(node)).contains(node.configFile().toString()).contains("YAML");
        assertUntouched();
    }

    @Test
    void missingSetting() throws IOException {
        edit(node, config -> config.replaceFirst("(?m)^name: .*$", ""));
        assertThat(refusal(node)).contains("name");
        assertUntouched();
    }

    @Test
    void restPortInUse() throws IOException {
        try (ServerSocket taken = listen(node.spec().restPort())) {
            assertThat(refusal(node))
                    .contains("127.0.0.1:" + taken.getLocalPort())
                    .contains("restapi");
        }
        assertUntouched();
    }

    @Test
    void postgresPortInUse() throws IOException {
        try (ServerSocket taken = listen(node.spec().pgPort())) {
            assertThat(refusal(node)).contains(Integer.toString(taken.getLocalPort()));
        }
        assertUntouched();
    }

    @Test
    void unreachableStore() throws IOException {
        edit(node, config -> config.replace(test.zooKeeper.connectString(), "127.0.0.1:9"));
        assertThat(refusal(node)).contains("127.0.0.1:9");
        assertUntouched();
    }

    @Test
    void dataOfAnotherCluster() throws IOException {
        // Of the other scope, so another cluster in the same store.
        Node stranger = test.group.site("ams").get(0);
        edit(stranger, BadInputTest::withoutGroup);
        startAndStop(stranger);
        edit(node, BadInputTest::withoutGroup);
        node.start();
        test.await.until("fra1 is primary", LIMIT, () -> node.rest().status().role() == Role.PRIMARY);
        Node second = test.group.nodes().get(1);
        String foreign = stranger.spec().dataDir().toString();
        edit(second, config -> withoutGroup(config).replaceFirst("data_dir: .*", "data_dir: " + foreign));
        Map<String, Long> before = listing(stranger.spec().dataDir());
        assertThat(refusal(second)).contains("system ID mismatch").contains("data directory");
        assertThat(listing(stranger.spec().dataDir())).isEqualTo(before);
        assertThat(node.rest().status().role()).isEqualTo(Role.PRIMARY);
    }

    private void startAndStop(Node stranger) {
        stranger.start();
        test.await.until(
                "a cluster of its own", LIMIT, () -> stranger.rest().status().role() == Role.PRIMARY);
        stranger.terminate();
        assertThat(stranger.exit(LIMIT)).isPresent();
    }

    /** The one line that the agent gave as its reason. */
    private String refusal(Node refused) throws IOException {
        refused.start();
        assertThat(refused.exit(LIMIT)).hasValue(1);
        List<String> errors = Files.readAllLines(refused.log()).stream()
                .filter(line -> line.contains("ERROR") || line.startsWith("\tat ") || line.contains("Exception"))
                .toList();
        assertThat(errors).hasSize(1);
        return errors.get(0);
    }

    private void assertUntouched() {
        assertThat(node.spec().dataDir()).doesNotExist();
        assertThat(node.processes()).isEmpty();
    }

    private static String withoutGroup(String config) {
        return config.replaceFirst("(?s)multisite:.*?(?=bootstrap:)", "");
    }

    private static void edit(Node edited, UnaryOperator<String> change) throws IOException {
        String config = Files.readString(edited.configFile());
        String changed = change.apply(config);
        assertThat(changed).isNotEqualTo(config);
        Files.writeString(edited.configFile(), changed);
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    /** All files with the time of their last change. */
    private static Map<String, Long> listing(Path folder) throws IOException {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.toList()) {
                files.put(file.toString(), Files.getLastModifiedTime(file).toMillis());
            }
        }
        return files;
    }
}

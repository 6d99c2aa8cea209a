// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.primacy.dcs.testkit.server.KubernetesServers;
import dev.primacy.time.BootClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two agents whose store is the Kubernetes API. Their pods are objects only; agents and PostgreSQL run here. */
@RequiresAgents
class KubernetesFailoverTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String CORE = "/api/v1/namespaces/default/";
    private static final Map<String, String> ADDRESSES = Map.of("pg1", "10.0.0.1", "pg2", "10.0.0.2");

    private final KubernetesServers servers = KubernetesServers.start(1);
    private final Workspace workspace = Workspace.create();
    private final Launcher launcher = new Launcher();
    private final Await await = new Await(BootClock.system());
    private final Node pg1 = node("pg1");
    private final Node pg2 = node("pg2");

    private Node node(String name) {
        servers.admin(
                "POST",
                CORE + "pods",
                "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"cluster-name\":\"demo\"}},"
                        + "\"spec\":{\"containers\":[{\"name\":\"postgres\",\"image\":\"none\"}]}}");
        NodeSpec spec = new NodeSpec(name, "demo", FreePorts.take(), FreePorts.take(), workspace.home(name));
        try {
            Path logs = Files.createDirectories(Path.of("target", "kubernetes").toAbsolutePath());
            Node node = new Node(
                    spec,
                    List.of(RequiresAgents.CHECKOUT.resolve("bin/agent").toString()),
                    logs.resolve(name + ".log"),
                    launcher,
                    await);
            Files.deleteIfExists(node.log());
            Path credentials = Files.writeString(spec.home().resolve("kubeconfig"), kubeconfig());
            Files.writeString(node.configFile(), config(spec, credentials));
            return node;
        } catch (IOException e) {
            throw new LabException("cannot lay out " + name, e);
        }
    }

    private String kubeconfig() {
        var server = servers.addresses().get(0);
        return "apiVersion: v1\nkind: Config\ncurrent-context: test\n"
                + "clusters: [{name: test, cluster: {server: 'https://" + server.getHostString() + ":"
                + server.getPort() + "', certificate-authority: '" + servers.authority() + "'}}]\n"
                + "users: [{name: test, user: {token: " + KubernetesServers.token(KubernetesServers.ADMIN) + "}}]\n"
                + "contexts: [{name: test, context: {cluster: test, user: test}}]\n";
    }

    /** As the nodes of a group, without sites. */
    private static String config(NodeSpec spec, Path kubeconfig) {
        GroupSettings settings = GroupSettings.of(RequiresAgents.CHECKOUT, spec.home())
                .withTtls(TestGroup.SITE_TTL, TestGroup.LOCAL_TTL);
        return spec.config(settings, "unused")
                .replaceAll("(?s)multisite:\n.*?(?=bootstrap:)", "")
                .replaceAll(
                        "(?s)zookeeper:\n.*?(?=bootstrap:)",
                        "kubernetes: {use_endpoints: true, pod_ip: " + ADDRESSES.get(spec.name()) + ", kubeconfig: '"
                                + kubeconfig + "'}\n");
    }

    @AfterEach
    void end() {
        launcher.close();
        Node.killAll(List.of(pg1, pg2));
        servers.close();
        workspace.delete();
    }

    private JsonNode object(String path) {
        try {
            return new ObjectMapper().readTree(servers.admin("GET", CORE + path, ""));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where clients are sent. */
    private String address() {
        JsonNode subsets = object("endpoints/demo").path("subsets");
        assertThat(subsets.size()).isLessThanOrEqualTo(1);
        assertThat(subsets.path(0).path("addresses").size()).isLessThanOrEqualTo(1);
        return subsets.path(0).path("addresses").path(0).path("ip").asText();
    }

    private String role(String pod) {
        return object("pods/" + pod)
                .path("metadata")
                .path("labels")
                .path("role")
                .asText();
    }

    private void awaitRole(Node node, Role role) {
        await.until(node + " becomes " + role, LIMIT, () -> {
            node.requireAlive();
            return node.rest().status().role() == role;
        });
    }

    @Test
    void clientsAreSentToWhoLeads() {
        pg1.start();
        awaitRole(pg1, Role.PRIMARY);
        pg2.start();
        awaitRole(pg2, Role.REPLICA);
        await.until(
                "labels and address",
                LIMIT,
                () -> role("pg1").equals("primary")
                        && role("pg2").equals("replica")
                        && address().equals("10.0.0.1"));
        await.until("pg2 has it all", LIMIT, () -> {
            NodeStatus leader = pg1.rest().status();
            return pg2.rest().status().position().compareTo(leader.position()) >= 0
                    && object("endpoints/demo")
                            .path("metadata")
                            .path("annotations")
                            .path("optime")
                            .asText()
                            .matches("[0-9]+");
        });
        pg1.kill();
        awaitRole(pg2, Role.PRIMARY);
        assertThat(address())
                .as("switched with the lock, before PostgreSQL was promoted")
                .isEqualTo("10.0.0.2");
        await.until("the label", LIMIT, () -> role("pg2").equals("primary"));
        pg1.start();
        awaitRole(pg1, Role.REPLICA);
        await.until("the old leader's label", LIMIT, () -> role("pg1").equals("replica"));
        assertThat(address()).isEqualTo("10.0.0.2");
    }
}

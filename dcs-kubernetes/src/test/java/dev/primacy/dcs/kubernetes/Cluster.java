// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.KubernetesServers;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A namespace on real servers, in which the user {@link #AGENT} has the rights of one mode and no others. */
final class Cluster {
    static final String AGENT = "agent";
    private static final MonotonicClock CLOCK = BootClock.system();
    private static final AtomicInteger NAMESPACES = new AtomicInteger();

    private final KubernetesServers servers;
    private final Kind kind;
    private final String namespace = "test-" + NAMESPACES.incrementAndGet();

    Cluster(StoreServers servers, Kind kind) {
        this.servers = (KubernetesServers) servers;
        this.kind = kind;
        this.servers.admin("POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
        grant(kind.plural(), AGENT, namespace, kind.path(namespace));
    }

    /** For sessions that send clients by EndpointSlices. */
    static Cluster withSlices(StoreServers servers, Kind kind) {
        Cluster cluster = new Cluster(servers, kind);
        cluster.grant("endpointslices", AGENT, cluster.namespace, cluster.slices());
        return cluster;
    }

    static StoreServers one() {
        return One.SERVERS;
    }

    static KubernetesServers start(int count) {
        return KubernetesServers.start(count, AGENT, "nobody");
    }

    /**
     * Gives a user the rights of a role in a namespace.
     *
     * @param path what it may read then
     */
    void grant(String role, String user, String in, String path) {
        JsonNode rules;
        try {
            rules = new YAMLMapper()
                    .readTree(Files.readString(
                            Path.of(System.getProperty("project.root"), "dcs-kubernetes/rbac", role + ".yaml")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String name = rules.path("metadata").path("name").asText();
        String rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + in;
        if (servers.ask(KubernetesServers.ADMIN, "GET", rbac + "/roles/" + name, "")
                        .statusCode()
                == 404) {
            servers.admin("POST", rbac + "/roles", rules.toString());
        }
        ObjectNode binding = Json.object();
        binding.putObject("metadata").put("name", user + "-" + name);
        binding.putArray("subjects").addObject().put("kind", "User").put("name", user);
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "Role")
                .put("name", name);
        servers.admin("POST", rbac + "/rolebindings", binding.toString());
        // Every server learns of it in its own time, a moment later; any of them may be asked.
        for (int i = 0; i < servers.addresses().size(); i++) {
            int server = i;
            await(
                    "the rights arrive",
                    () -> servers.ask(server, user, "GET", path, "").statusCode() != 403);
        }
    }

    /** Waits for what must happen some time. */
    static void await(String what, BooleanSupplier condition) {
        MonotonicInstant end = CLOCK.now().plus(Duration.ofSeconds(20));
        while (!condition.getAsBoolean()) {
            if (CLOCK.now().isAfter(end)) {
                throw new IllegalStateException("in vain until " + what);
            }
            RealTime.pass(CLOCK, Duration.ofMillis(10));
        }
    }

    String core(String plural) {
        return "/api/v1/namespaces/" + namespace + "/" + plural;
    }

    String slices() {
        return "/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices";
    }

    /** The version after everything that has happened until now. */
    long now() {
        return KubeObject.version(
                Json.parse(servers.admin("GET", core("pods"), "")).orElseThrow().path("metadata"));
    }

    /** All states that objects have gone through since then, in this order. */
    List<KubeObject> states(String path, long since) {
        String events = servers.admin("GET", path + "?watch=1&timeoutSeconds=1&resourceVersion=" + since, "");
        return events.lines()
                .map(line -> Json.parse(line).orElseThrow())
                .filter(event -> !event.path("type").asText().equals("BOOKMARK"))
                .map(event -> KubeObject.of(event.path("object")))
                .toList();
    }

    String namespace() {
        return namespace;
    }

    KubernetesServers servers() {
        return servers;
    }

    void pod(String name, String scope) {
        servers.admin(
                "POST",
                "/api/v1/namespaces/" + namespace + "/pods",
                ("{'metadata':{'name':'" + name + "','labels':{'cluster-name':'" + scope + "'}},"
                                + "'spec':{'containers':[{'name':'postgres','image':'none'}]}}")
                        .replace('\'', '"'));
    }

    /** The name of an object of a scope's. */
    static String objectName(Kind kind, String scope, String suffix) {
        return scope + (suffix.equals("-leader") && kind == Kind.ENDPOINTS ? "" : suffix);
    }

    /** Sets annotations as a client does that knows nothing of us; makes the object if it is not there. */
    void annotate(String scope, String suffix, String annotations) {
        String name = objectName(kind, scope, suffix);
        String path = kind.path(namespace);
        String metadata = "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"cluster-name\":\"" + scope
                + "\"},\"annotations\":" + annotations + "}}";
        if (servers.ask(KubernetesServers.ADMIN, "GET", path + "/" + name, "").statusCode() == 404) {
            servers.admin("POST", path, metadata);
        } else {
            servers.admin("PATCH", path + "/" + name, metadata);
        }
    }

    /** A section for the agent, which finds the servers at this address. */
    Map<String, Object> section(String address, Map<String, Object> more) {
        return section(AGENT, address, more);
    }

    Map<String, Object> section(String user, String address, Map<String, Object> more) {
        String config = "apiVersion: v1\nkind: Config\ncurrent-context: test\n"
                + "clusters: [{name: test, cluster: {server: 'https://" + address + "', certificate-authority: '"
                + servers.authority() + "'}}]\n"
                + "users: [{name: test, user: {token: " + KubernetesServers.token(user) + "}}]\n"
                + "contexts: [{name: test, context: {cluster: test, user: test}}]\n";
        Map<String, Object> section = new HashMap<>(more);
        try {
            Path file = Files.createTempFile(servers.authority().getParent(), "kubeconfig", "");
            Files.writeString(file, config);
            section.put("kubeconfig", file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        section.put("namespace", namespace);
        section.put("use_endpoints", String.valueOf(kind == Kind.ENDPOINTS).toLowerCase(Locale.ROOT));
        section.put("use_leases", kind == Kind.LEASES);
        return section;
    }

    /** A session of the agent, straight to the first server. */
    Dcs open(String scope, String session, Map<String, Object> more) {
        return open(scope, session, Duration.ofSeconds(2), more);
    }

    Dcs open(String scope, String session, Duration ttl, Map<String, Object> more) {
        var server = servers.addresses().get(0);
        return new KubernetesProvider()
                .open(
                        new DcsClient.Scope("/service/" + scope, session, ttl),
                        section(server.getHostString() + ":" + server.getPort(), more),
                        CLOCK);
    }

    /** An object as it is; empty fields if it is not there. */
    JsonNode object(String name) {
        return Json.parse(servers.ask(KubernetesServers.ADMIN, "GET", kind.path(namespace) + "/" + name, "")
                        .body())
                .orElseThrow();
    }

    JsonNode pod(String name) {
        return Json.parse(servers.admin("GET", "/api/v1/namespaces/" + namespace + "/pods/" + name, ""))
                .orElseThrow();
    }

    private static final class One {
        private static final StoreServers SERVERS = start(1);
    }
}

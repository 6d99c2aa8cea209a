// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.primacy.dcs.testkit.server.KubernetesServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Recorded objects of a cluster, as {@code kubectl get -o yaml} shows them, without what differs each time. */
final class Golden {
    /** Where files are made anew; else they are compared with. */
    static final boolean WRITE = Boolean.getBoolean("primacy.golden.write");

    private static final Path PROJECT = Path.of(System.getProperty("project.root"));
    private static final Path FILES = PROJECT.resolve("dcs-kubernetes/src/test/resources/golden");
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.SPLIT_LINES, YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .build();

    private Golden() {}

    /** The objects of the scope and its pods, by the names of their files. */
    static SortedMap<String, JsonNode> objects(Cluster cluster, Kind kind) {
        TreeMap<String, JsonNode> found = new TreeMap<>();
        add(found, cluster, kind.path(cluster.namespace()), kind.kind());
        add(found, cluster, cluster.core("services"), "Service");
        add(found, cluster, cluster.core("pods"), "Pod");
        return found;
    }

    private static void add(Map<String, JsonNode> to, Cluster cluster, String path, String kind) {
        Json.parse(cluster.servers().admin("GET", path, ""))
                .orElseThrow()
                .path("items")
                .forEach(item -> to.put(
                        kind.toLowerCase(Locale.ROOT) + "-"
                                + item.path("metadata").path("name").asText() + ".yaml",
                        normal(kind, item)));
    }

    private static JsonNode normal(String kind, JsonNode item) {
        ObjectNode object = Json.object().put("kind", kind);
        ObjectNode metadata = object.putObject("metadata");
        JsonNode had = item.path("metadata");
        metadata.set("name", had.path("name"));
        metadata.set("labels", Json.of(new TreeMap<>(KubeObject.of(item).labels())));
        ObjectNode annotations = metadata.putObject("annotations");
        new TreeMap<>(KubeObject.of(item).annotations())
                .forEach((name, text) -> annotations.put(
                        name,
                        name.startsWith("primacy.dev/")
                                ? text.replaceAll("\"(term|version)\":[0-9]+", "\"$1\":0")
                                : text));
        if (item.has("subsets")) {
            JsonNode subsets = item.path("subsets").deepCopy();
            subsets.findParents("uid")
                    .forEach(reference ->
                            ((ObjectNode) reference).remove(List.of("uid", "resourceVersion", "namespace")));
            object.set("subsets", subsets);
        }
        if (kind.equals("Lease") && item.has("spec")) {
            object.set("spec", item.path("spec"));
        }
        if (kind.equals("Service")) {
            object.putObject("spec").set("clusterIP", item.path("spec").path("clusterIP"));
        }
        return object;
    }

    /** Makes recorded objects. The pods must be there. */
    static void restore(Cluster cluster, Map<String, JsonNode> objects) {
        objects.values().forEach(object -> {
            String kind = object.path("kind").asText();
            if (kind.equals("Pod")) {
                cluster.servers()
                        .admin(
                                "PATCH",
                                cluster.core("pods/"
                                        + object.path("metadata").path("name").asText()),
                                object.toString());
            } else {
                String path = Arrays.stream(Kind.values())
                        .filter(each -> each.kind().equals(kind))
                        .findFirst()
                        .map(each -> each.path(cluster.namespace()))
                        .orElseGet(() -> cluster.core("services"));
                ObjectNode body = object.deepCopy();
                body.remove("kind");
                cluster.servers().admin("POST", path, body.toString());
            }
        });
    }

    static SortedMap<String, JsonNode> read(String tree) {
        TreeMap<String, JsonNode> objects = new TreeMap<>();
        try (Stream<Path> files = Files.list(FILES.resolve(tree))) {
            for (Path file : files.toList()) {
                objects.put(String.valueOf(file.getFileName()), YAML.readTree(Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return objects;
    }

    static void write(String tree, Map<String, JsonNode> objects) {
        Path folder = FILES.resolve(tree);
        try {
            if (Files.isDirectory(folder)) {
                for (String old : read(tree).keySet()) {
                    Files.delete(folder.resolve(old));
                }
            }
            Files.createDirectories(folder);
            for (Map.Entry<String, JsonNode> object : objects.entrySet()) {
                Files.writeString(folder.resolve(object.getKey()), YAML.writeValueAsString(object.getValue()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Patroni was seen to understand of a tree. */
    static JsonNode understood(String tree) {
        try {
            return Json.parse(Files.readString(FILES.resolve(tree + ".json"))).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs Patroni's own code on these objects. */
    static String patroni(Cluster cluster, String verb, Kind kind, Optional<String> group) {
        List<String> command = new ArrayList<>(
                List.of(System.getProperty("primacy.golden.patroni", "python3").split(" ", -1)));
        try {
            command.addAll(List.of(
                    "-c",
                    Files.readString(PROJECT.resolve("dcs-kubernetes/src/test/python/patroni_objects.py")),
                    verb,
                    kind.plural(),
                    cluster.namespace()));
            group.ifPresent(command::add);
            ProcessBuilder python = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            python.environment().put("PEER_KUBECONFIG", kubeconfig(cluster.servers()));
            python.environment()
                    .put("PEER", Files.readString(PROJECT.resolve("dcs-api/src/test/python/patroni_peer.py")));
            Process running = python.start();
            running.getOutputStream().close();
            String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (running.waitFor() != 0) {
                throw new IllegalStateException("Patroni's code failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static void writeUnderstood(String tree, String understood) {
        try {
            Files.writeString(FILES.resolve(tree + ".json"), understood);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String kubeconfig(KubernetesServers servers) throws IOException {
        var server = servers.addresses().get(0);
        String authority = Base64.getEncoder().encodeToString(Files.readAllBytes(servers.authority()));
        return "clusters: [{name: test, cluster: {server: 'https://" + server.getHostString() + ":" + server.getPort()
                + "', certificate-authority-data: '" + authority + "'}}]\n"
                + "users: [{name: test, user: {token: " + KubernetesServers.token(KubernetesServers.ADMIN) + "}}]\n"
                + "contexts: [{name: test, context: {cluster: test, user: test}}]\n";
    }
}

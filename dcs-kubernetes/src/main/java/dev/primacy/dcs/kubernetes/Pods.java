// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Pods as they were last seen, for what clients are told of the leader's. May be used by any thread. */
final class Pods {
    private final Api api;
    private final Layout layout;
    private final Map<String, KubeObject> seen = new ConcurrentHashMap<>();

    Pods(Api api, Layout layout) {
        this.api = api;
        this.layout = layout;
    }

    KubeObject saw(KubeObject pod) {
        seen.put(pod.name(), pod);
        return pod;
    }

    Optional<KubeObject> last(String name) {
        return Optional.ofNullable(seen.get(name));
    }

    /** As it is now. */
    Optional<KubeObject> find(Call call, String name) {
        Optional<KubeObject> found =
                api.find(call, layout.pods() + "/" + Options.escape(name)).map(KubeObject::of);
        found.ifPresentOrElse(this::saw, () -> seen.remove(name));
        return found;
    }

    /** Where clients reach a member of our own; empty if nobody knows. */
    Optional<String> ip(Options options, String name) {
        return options.podIp()
                .or(() -> last(name)
                        .map(pod -> pod.json().path("status").path("podIP").asText())
                        .filter(text -> !text.isEmpty()));
    }

    /** Says of an address whose it is. */
    void describe(KubeObject pod, ObjectNode address) {
        JsonNode spec = pod.json().path("spec");
        copy(spec, "hostname", address);
        copy(spec, "nodeName", address);
        address.putObject("targetRef")
                .put("kind", "Pod")
                .put("uid", pod.json().path("metadata").path("uid").asText())
                .put("namespace", layout.namespace())
                .put("name", pod.name())
                .put("resourceVersion", Long.toString(pod.version()));
    }

    private static void copy(JsonNode from, String name, ObjectNode to) {
        String text = from.path(name).asText();
        if (!text.isEmpty()) {
            to.put(name, text);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.primacy.dcs.DcsException;
import java.util.Map;
import java.util.TreeMap;

/**
 * An object as the API server showed it.
 *
 * @param version the {@code resourceVersion}, a revision of etcd: no two states of any objects of a kind share one, and
 *     later ones are greater
 * @param json all of it
 */
record KubeObject(
        String name, long version, Map<String, String> annotations, Map<String, String> labels, JsonNode json) {
    static KubeObject of(JsonNode json) {
        JsonNode metadata = json.path("metadata");
        return new KubeObject(
                metadata.path("name").asText(),
                version(metadata),
                texts(metadata.path("annotations")),
                texts(metadata.path("labels")),
                json);
    }

    /** The {@code resourceVersion} in the metadata of an object or of a list. */
    static long version(JsonNode metadata) {
        String text = metadata.path("resourceVersion").asText();
        if (!text.matches("[0-9]{1,18}")) {
            throw new DcsException.Rejected(
                    "reading: the API server calls a version '" + text
                            + "', which is no number, so that it orders nothing",
                    null);
        }
        return Long.parseLong(text);
    }

    private static Map<String, String> texts(JsonNode map) {
        Map<String, String> texts = new TreeMap<>();
        map.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The records in one object. Each has a version of its own: one of ours has the number that it was written with, and one
 * that somebody else wrote that of the object.
 */
final class Records {
    private Records() {}

    /**
     * All records in an object.
     *
     * @param version of the object
     */
    static Map<RecordKey, Stored> read(Home home, Map<String, String> annotations, long version) {
        Map<RecordKey, Stored> found = new HashMap<>();
        Optional<ObjectNode> versions =
                Optional.ofNullable(annotations.get(Names.VERSIONS)).flatMap(Json::parseObject);
        for (RecordKey key : Form.OWN.getOrDefault(home, List.of())) {
            Optional<String> value = Form.of(key).flatMap(form -> form.read(annotations));
            value.ifPresent(text -> found.put(
                    key,
                    new Stored(
                            text,
                            new Version(versions.map(all -> all.path(key.path()))
                                    .filter(entry -> entry.path("hash").asText().equals(Json.hash(text)))
                                    .map(entry -> entry.path("version"))
                                    .filter(JsonNode::canConvertToLong)
                                    .map(JsonNode::asLong)
                                    .orElse(version)))));
        }
        if (home == Home.LEADER) {
            others(annotations)
                    .ifPresent(all -> all.properties()
                            .forEach(entry -> RecordKey.ofPath(entry.getKey())
                                    .ifPresent(key -> found.put(key, other(entry.getValue(), version)))));
        }
        return found;
    }

    private static Stored other(JsonNode entry, long version) {
        return new Stored(
                entry.path("value").asText(), new Version(entry.path("version").asLong(version)));
    }

    /** Those without annotations of their own; empty if what is there is not ours. */
    static Optional<ObjectNode> others(Map<String, String> annotations) {
        return Json.parseObject(annotations.getOrDefault(Names.RECORDS, "{}"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.RecordKey;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How one record is written as annotations. Patroni keeps the members of some JSON objects in annotations of their own. We
 * write these too, and beside them the text if they alone would not give it back; it counts for as long as they still say
 * what it says.
 */
sealed interface Form {
    /** The records that have annotations of their own, by object. */
    Map<Home, List<RecordKey>> OWN = Map.of(
            Home.LEADER, List.of(RecordKey.STATUS, RecordKey.FAILSAFE),
            Home.CONFIG, List.of(RecordKey.INITIALIZE, RecordKey.CONFIG, RecordKey.HISTORY),
            Home.FAILOVER, List.of(RecordKey.FAILOVER),
            Home.SYNC, List.of(RecordKey.SYNC));

    Optional<String> read(Map<String, String> annotations);

    /** Hands over the annotations that the record needs now; null for one that must not be there. */
    void write(Optional<String> value, BiConsumer<String, @Nullable String> to);

    /** The form of a record with annotations of its own; empty for others. */
    static Optional<Form> of(RecordKey key) {
        Home home = Home.of(key);
        if (!OWN.getOrDefault(home, List.of()).contains(key)) {
            return Optional.empty();
        }
        return Optional.of(
                switch (home) {
                    case FAILOVER -> new Parts(key.path(), List.of("leader", "member", "scheduled_at"), true);
                    case SYNC -> new Parts(key.path(), List.of("leader", "quorum", "sync_standby"), true);
                    case LEADER ->
                        key.equals(RecordKey.STATUS)
                                ? new Parts(key.path(), List.of("optime", "slots", "retain_slots"), false)
                                : new Whole(key.path());
                    case CONFIG -> new Whole(key.path());
                });
    }

    /** One annotation. */
    record Whole(String name) implements Form {
        @Override
        public Optional<String> read(Map<String, String> annotations) {
            return Optional.ofNullable(annotations.get(name));
        }

        @Override
        public void write(Optional<String> value, BiConsumer<String, @Nullable String> to) {
            to.accept(name, value.orElse(null));
        }
    }

    /**
     * One annotation for each member of a JSON object.
     *
     * @param alone whether the object holds nothing else, so that it says by being there that there is a record
     */
    record Parts(String record, List<String> names, boolean alone) implements Form {
        private static final Set<String> NUMBERS = Set.of("optime", "quorum");
        private static final Set<String> STRUCTURES = Set.of("slots", "retain_slots");
        private static final String NUMBER = "-?[0-9]{1,19}";

        public Parts {
            names = List.copyOf(names);
        }

        @Override
        public Optional<String> read(Map<String, String> annotations) {
            Map<String, String> parts = new LinkedHashMap<>();
            names.stream().filter(annotations::containsKey).forEach(name -> parts.put(name, annotations.get(name)));
            String text = annotations.get(Names.text(record));
            if (text != null && split(text).equals(parts)) {
                return Optional.of(text);
            }
            boolean there = !parts.isEmpty() || (alone && !annotations.containsKey(Names.DELETED));
            return there ? Optional.of(join(parts)) : Optional.empty();
        }

        @Override
        public void write(Optional<String> value, BiConsumer<String, @Nullable String> to) {
            Map<String, String> parts = value.map(this::split).orElse(Map.of());
            names.forEach(name -> to.accept(name, parts.get(name)));
            boolean lossy = value.isPresent() && !(value.get().equals(join(parts)) && (alone || !parts.isEmpty()));
            to.accept(Names.text(record), lossy ? value.get() : null);
            if (alone) {
                to.accept(Names.DELETED, value.isPresent() ? null : "true");
            }
        }

        private Map<String, String> split(String text) {
            Map<String, String> parts = new LinkedHashMap<>();
            Json.parseObject(text)
                    .ifPresent(object -> names.forEach(
                            name -> part(name, object.path(name)).ifPresent(part -> parts.put(name, part))));
            return parts;
        }

        private static Optional<String> part(String name, JsonNode node) {
            if (NUMBERS.contains(name)) {
                return Optional.of(node).filter(JsonNode::isIntegralNumber).map(JsonNode::asText);
            }
            if (STRUCTURES.contains(name)) {
                return Optional.of(node).filter(JsonNode::isContainerNode).map(JsonNode::toString);
            }
            return Optional.of(node).filter(JsonNode::isTextual).map(JsonNode::asText);
        }

        private String join(Map<String, String> parts) {
            if (parts.size() == 1
                    && NUMBERS.contains(names.get(0))
                    && parts.containsKey(names.get(0))
                    && !parts.get(names.get(0)).matches(NUMBER)) {
                // Not what belongs there; readers of the record say so.
                return parts.get(names.get(0));
            }
            ObjectNode object = Json.object();
            parts.forEach((name, part) -> {
                if (NUMBERS.contains(name) && part.matches(NUMBER)) {
                    object.put(name, new BigInteger(part));
                } else if (STRUCTURES.contains(name)) {
                    object.set(name, Json.parse(part).orElseGet(() -> object.textNode(part)));
                } else {
                    object.put(name, part);
                }
            });
            return object.toString();
        }
    }
}

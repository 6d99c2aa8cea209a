// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * An immutable JSON object that keeps the order of its fields and every field it does not know. The base of the records'
 * codecs: a record reads the fields it knows, and writes itself over the object it was read from.
 */
public final class JsonObject {
    public static final JsonObject EMPTY = new JsonObject(Json.object());

    private final ObjectNode node;

    private JsonObject(ObjectNode node) {
        this.node = node;
    }

    /**
     * Parses one JSON object.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static JsonObject parse(String text) {
        if (Json.parse(text) instanceof ObjectNode object) {
            return new JsonObject(object);
        }
        throw new IllegalArgumentException("no JSON object: " + shown(text));
    }

    /** An object of these fields, in this order. */
    public static JsonObject of(Map<String, ?> fields) {
        ObjectNode node = Json.object();
        fields.forEach((field, value) -> node.set(field, Json.node(value)));
        return new JsonObject(node);
    }

    static String shown(String text) {
        return Json.shown(text);
    }

    JsonNode node() {
        return node;
    }

    public boolean isEmpty() {
        return node.isEmpty();
    }

    /** The names of the fields, in their order. */
    public Set<String> fields() {
        Set<String> names = new LinkedHashSet<>();
        node.fieldNames().forEachRemaining(names::add);
        return Collections.unmodifiableSet(names);
    }

    /** A text field; empty if absent or null. Numbers and booleans count as their text. */
    public Optional<String> text(String field) {
        return Optional.ofNullable(node.get(field))
                .filter(value -> !value.isNull() && value.isValueNode())
                .map(JsonNode::asText);
    }

    /** A text field that must be there. */
    public String required(String field) {
        return text(field)
                .orElseThrow(
                        () -> new IllegalArgumentException("field '" + field + "' is missing in " + shown(toString())));
    }

    /**
     * A text field where something else must not be taken for an absent one.
     *
     * @throws IllegalArgumentException if it is an object or a list
     */
    Optional<String> textOnly(String field) {
        if (node.path(field).isContainerNode()) {
            throw new IllegalArgumentException("field '" + field + "' is no text in " + shown(toString()));
        }
        return text(field).filter(text -> !text.isEmpty());
    }

    /** A whole number of 64 bits, also written as text; empty if absent, null or something else. */
    public Optional<Long> number(String field) {
        return text(field).flatMap(Json::number);
    }

    /** A position in the WAL: an unsigned number of 64 bits, also written as text; empty as {@link #number}. */
    public Optional<Long> lsn(String field) {
        return text(field).flatMap(Json::unsigned);
    }

    /** Whether a field is there and neither null, false, 0 nor empty, which is what Patroni takes for true. */
    public boolean flag(String field) {
        JsonNode value = node.get(field);
        if (value == null || value.isNull()) {
            return false;
        }
        if (value.isContainerNode()) {
            return !value.isEmpty();
        }
        return value.isTextual() ? !value.asText().isEmpty() : value.asDouble() != 0;
    }

    /** An object in a field, also as JSON in a text as on Kubernetes; empty if it is anything else. */
    public Optional<JsonObject> object(String field) {
        return container(field).filter(ObjectNode.class::isInstance).map(value -> new JsonObject((ObjectNode) value));
    }

    /** The texts in a list, also as JSON in a text as on Kubernetes; empty if it is anything else. */
    public Optional<List<String>> texts(String field) {
        return container(field).filter(JsonNode::isArray).map(Json::texts);
    }

    /** What {@code read} finds in each field; fields in which it finds nothing are left out. */
    public <T> Map<String, T> map(BiFunction<JsonObject, String, Optional<T>> read) {
        Map<String, T> found = new LinkedHashMap<>();
        fields().forEach(field -> read.apply(this, field).ifPresent(value -> found.put(field, value)));
        return Collections.unmodifiableMap(found);
    }

    private Optional<JsonNode> container(String field) {
        return Optional.ofNullable(node.get(field)).flatMap(Json::unwrapped);
    }

    /** This object with one field set, at its old place or at the end; an empty value removes it. */
    public JsonObject with(String field, Optional<?> value) {
        return with(field, value, List.of());
    }

    public JsonObject with(String field, Object value) {
        return with(field, Optional.of(value));
    }

    /** This object without these fields. */
    JsonObject without(Collection<String> fields) {
        JsonObject copy = copy();
        copy.node.remove(fields);
        return copy;
    }

    /**
     * This object changed by {@code patch}, as Patroni changes settings: null removes a field, an object changes the one that
     * is there, anything else replaces it.
     */
    public JsonObject merged(JsonObject patch) {
        return new JsonObject(merged(node, patch.node));
    }

    private static ObjectNode merged(ObjectNode before, ObjectNode patch) {
        ObjectNode after = before.deepCopy();
        patch.properties().forEach(field -> {
            String name = field.getKey();
            if (field.getValue().isNull()) {
                after.remove(name);
            } else if (field.getValue() instanceof ObjectNode part) {
                after.set(name, merged(after.get(name) instanceof ObjectNode old ? old : Json.object(), part));
            } else {
                after.set(name, field.getValue());
            }
        });
        return after;
    }

    /** As {@link #with(String, Optional)}, but a new field goes before those that {@code order} has after it. */
    JsonObject with(String field, Optional<?> value, List<String> order) {
        JsonObject copy = copy();
        copy.set(field, value, order);
        return copy;
    }

    /** For {@link FieldWriter}: the fields may be set, what is in them stays shared. */
    JsonObject copy() {
        return new JsonObject(Json.object().setAll(node));
    }

    /** Changes this very object, which nobody else may have yet. */
    void set(String field, Optional<?> value, List<String> order) {
        if (value.isEmpty()) {
            node.remove(field);
        } else if (node.has(field)) {
            node.set(field, Json.node(value.get()));
        } else {
            List<String> later = order.subList(order.indexOf(field) + 1, order.size());
            if (!hasAnyOf(later)) {
                node.set(field, Json.node(value.get()));
                return;
            }
            Map<String, JsonNode> behind = new LinkedHashMap<>();
            node.properties().stream()
                    .dropWhile(entry -> !later.contains(entry.getKey()))
                    .forEach(entry -> behind.put(entry.getKey(), entry.getValue()));
            node.remove(behind.keySet());
            node.set(field, Json.node(value.get()));
            node.setAll(behind);
        }
    }

    private boolean hasAnyOf(List<String> fields) {
        for (String field : fields) {
            if (node.has(field)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonObject that && node.equals(that.node);
    }

    @Override
    public int hashCode() {
        return node.hashCode();
    }

    /** Compact JSON, as Patroni writes it. */
    @Override
    public String toString() {
        return Json.text(node);
    }
}

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
import org.jspecify.annotations.Nullable;

/**
 * An immutable JSON object that keeps the order of its fields and every field it does not know. The base of the records'
 * codecs: a record reads the fields it knows, and writes itself over the object it was read from.
 */
public final class JsonObject {
    public static final JsonObject EMPTY = new JsonObject(Json.object());
    private static final Memo<JsonObject> KNOWN = new Memo<>(JsonObject::parse);

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

    /** As {@link #parse}, for texts that are read by several, or again and again. */
    static JsonObject known(String text) {
        return KNOWN.of(text);
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
        JsonNode value = node.get(field);
        return isLong(value) ? Optional.of(value.longValue()) : text(field).flatMap(Json::number);
    }

    /** A position in the WAL: an unsigned number of 64 bits, also written as text; empty as {@link #number}. */
    public Optional<Long> lsn(String field) {
        JsonNode value = node.get(field);
        return isLong(value) && value.longValue() >= 0
                ? Optional.of(value.longValue())
                : text(field).flatMap(Json::unsigned);
    }

    private static boolean isLong(@Nullable JsonNode value) {
        return value != null && value.isIntegralNumber() && value.canConvertToLong();
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
        return changed(Map.of(field, value), FieldOrder.of(field));
    }

    public JsonObject with(String field, Object value) {
        return with(field, Optional.of(value));
    }

    /** This object without these fields. */
    JsonObject without(Collection<String> fields) {
        ObjectNode rest = Json.object();
        rest.setAll(node);
        rest.remove(fields);
        return new JsonObject(rest);
    }

    /** Whether another one has the same fields with the same values, apart from {@code ignored}. */
    boolean isLike(JsonObject other, Set<String> ignored) {
        return isPartOf(other, ignored) && other.isPartOf(this, ignored);
    }

    private boolean isPartOf(JsonObject other, Set<String> ignored) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!ignored.contains(field.getKey()) && !field.getValue().equals(other.node.get(field.getKey()))) {
                return false;
            }
        }
        return true;
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

    /**
     * This object with these fields set, each at its old place, or removed where the value is empty. A new one goes before
     * those that {@code order}, which has them all, has after it.
     */
    JsonObject changed(Map<String, Optional<?>> changes, FieldOrder order) {
        if (changes.entrySet().stream()
                .noneMatch(change -> change.getValue().isPresent() || node.has(change.getKey()))) {
            return this;
        }
        ObjectNode after = Json.object();
        int next = 0;
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            int place = order.placeOf(field.getKey());
            for (; next < place; next++) {
                addNew(after, order.at(next), changes);
            }
            Optional<?> change = changes.get(field.getKey());
            if (change == null) {
                after.set(field.getKey(), field.getValue());
            } else {
                change.ifPresent(value -> after.set(field.getKey(), Json.node(value)));
            }
        }
        for (; next < order.size(); next++) {
            addNew(after, order.at(next), changes);
        }
        return new JsonObject(after);
    }

    private void addNew(ObjectNode after, String field, Map<String, Optional<?>> changes) {
        Optional<?> change = changes.get(field);
        if (change != null && change.isPresent() && !node.has(field)) {
            after.set(field, Json.node(change.get()));
        }
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

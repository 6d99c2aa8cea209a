// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.util.Optional;

/**
 * An immutable JSON object that keeps the order of its fields and every field it does not know. The base of the records'
 * codecs: a record reads the fields it knows, and writes itself over the object it was read from.
 */
public final class JsonObject {
    public static final JsonObject EMPTY = new JsonObject(JsonNodeFactory.instance.objectNode());

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int SHOWN = 60;

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
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return new JsonObject(object);
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + shown(text), e);
        }
        throw new IllegalArgumentException("no JSON object: " + shown(text));
    }

    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return "'"
                + (line.length() > SHOWN
                        ? line.substring(0, SHOWN) + "...' (" + text.length() + " characters)"
                        : line + "'");
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

    /** A whole number, also written as text; empty if absent, null or something else. */
    public Optional<Long> number(String field) {
        return text(field).filter(value -> value.matches("-?[0-9]{1,18}")).map(Long::valueOf);
    }

    /** This object with one field set, at its old place or at the end; an empty value removes it. */
    public JsonObject with(String field, Optional<?> value) {
        ObjectNode copy = node.deepCopy();
        if (value.isEmpty()) {
            copy.remove(field);
        } else {
            copy.set(field, valueNode(value.get()));
        }
        return new JsonObject(copy);
    }

    public JsonObject with(String field, Object value) {
        return with(field, Optional.of(value));
    }

    private static JsonNode valueNode(Object value) {
        if (value instanceof JsonObject object) {
            return object.node;
        }
        JsonNode converted = MAPPER.valueToTree(value);
        if (!(converted instanceof ValueNode)) {
            throw new IllegalArgumentException("not a plain value: " + value);
        }
        return converted;
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
        return node.toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** JSON as Patroni writes it: compact, in ASCII, numbers digit by digit as they were read. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .build();
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,19}");
    private static final Pattern UNSIGNED = Pattern.compile("[0-9]{1,20}");
    private static final int SHOWN = 60;

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * Reads any one JSON value.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + shown(text), e);
        }
    }

    static String text(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree that cannot be written", e);
        }
    }

    /** The node of a plain value, of a {@link JsonObject}, or of a list of such; {@code Optional.empty()} is null. */
    static JsonNode node(Object value) {
        if (value instanceof JsonObject object) {
            return object.node();
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(Json::node).orElse(NullNode.instance);
        }
        if (value instanceof List<?> list) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            list.forEach(item -> array.add(node(item)));
            return array;
        }
        if (value instanceof Number) {
            return number(value);
        }
        if (value instanceof String text) {
            return TextNode.valueOf(text);
        }
        JsonNode converted = MAPPER.valueToTree(value);
        if (!(converted instanceof ValueNode)) {
            throw new IllegalArgumentException("not a plain value: " + value);
        }
        return converted;
    }

    /** The tree of a number depends on who made it, and trees are compared: this is the one that reading makes. */
    private static JsonNode number(Object value) {
        if (value instanceof BigInteger exact && exact.bitLength() >= Long.SIZE) {
            return JsonNodeFactory.instance.numberNode(exact);
        }
        if (value instanceof Integer || value instanceof Long || value instanceof BigInteger) {
            long exact = ((Number) value).longValue();
            return exact == (int) exact
                    ? JsonNodeFactory.instance.numberNode((int) exact)
                    : JsonNodeFactory.instance.numberNode(exact);
        }
        return parse(value.toString());
    }

    /** A position in the WAL, which is never negative. */
    static Number lsn(long position) {
        return position < 0 ? new BigInteger(Long.toUnsignedString(position)) : position;
    }

    /** An object or a list, or what a text holds of such; empty for anything else. */
    static Optional<JsonNode> unwrapped(JsonNode node) {
        if (!node.isTextual()) {
            return Optional.of(node).filter(JsonNode::isContainerNode);
        }
        try {
            return Optional.of(parse(node.asText())).filter(JsonNode::isContainerNode);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static List<String> texts(JsonNode list) {
        List<String> found = new ArrayList<>();
        list.forEach(item -> {
            if (item.isTextual()) {
                found.add(item.asText());
            }
        });
        return List.copyOf(found);
    }

    static Optional<Long> number(String text) {
        try {
            return NUMBER.matcher(text).matches() ? Optional.of(Long.valueOf(text)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    static Optional<Long> unsigned(String text) {
        try {
            return UNSIGNED.matcher(text).matches() ? Optional.of(Long.parseUnsignedLong(text)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A text in one line, short enough for a message. */
    static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return "'"
                + (line.length() > SHOWN
                        ? line.substring(0, SHOWN) + "...' (" + text.length() + " characters)"
                        : line + "'");
    }
}

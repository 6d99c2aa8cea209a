// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.primacy.dcs.record.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON and YAML as people read and write them. */
final class Documents {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER, YAMLGenerator.Feature.SPLIT_LINES)
            .build();

    private Documents() {}

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as JSON", e);
        }
    }

    static String yaml(Object value) {
        try {
            return YAML.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as YAML", e);
        }
    }

    /** Settings as Patroni's tool shows them: sorted. */
    static String settings(JsonObject settings) {
        try {
            return YAML.writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).writeValueAsString(map(settings));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot be written as YAML", e);
        }
    }

    static Map<String, Object> map(JsonObject object) {
        try {
            return JSON.readValue(object.toString(), new TypeReference<LinkedHashMap<String, Object>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that cannot be read", e);
        }
    }

    /**
     * Settings out of YAML.
     *
     * @throws CtlException if it is no mapping
     */
    static JsonObject parse(String yaml, String where) {
        Object value = value(yaml, where);
        if (value == null) {
            return JsonObject.EMPTY;
        }
        if (!(value instanceof Map)) {
            throw new CtlException(where + " is no YAML mapping");
        }
        return JsonObject.parse(json(value));
    }

    /**
     * One value in YAML; nothing is null.
     *
     * @throws CtlException if it is none
     */
    static @Nullable Object value(String yaml, String where) {
        try {
            return yaml.isBlank() ? null : YAML.readValue(yaml, Object.class);
        } catch (JsonProcessingException e) {
            throw new CtlException(where + " is no valid YAML: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a record's fields over the object that it was read from. A field that already means the same stays as it is, so
 * that what nobody changed is written byte by byte as it was; a new one goes where Patroni has it.
 */
final class FieldWriter {
    private final JsonObject source;
    private final FieldOrder order;
    private final Map<String, Optional<?>> changes = new HashMap<>();

    /** Starts with no changes; {@code order} has all fields that may be set. */
    FieldWriter(JsonObject source, FieldOrder order) {
        this.source = source;
        this.order = order;
    }

    /** A text that is left out when empty. */
    FieldWriter text(String field, String value) {
        return text(field, Optional.of(value));
    }

    FieldWriter text(String field, Optional<String> value) {
        Optional<String> wanted = value.filter(text -> !text.isEmpty());
        return source.text(field).filter(text -> !text.isEmpty()).equals(wanted) ? this : set(field, wanted);
    }

    FieldWriter number(String field, Optional<Long> value) {
        return source.number(field).equals(value) ? this : set(field, value);
    }

    /** An unsigned number. */
    FieldWriter lsn(String field, Optional<Long> value) {
        return source.lsn(field).equals(value) ? this : set(field, value.map(Json::lsn));
    }

    FieldWriter set(String field, Optional<?> value) {
        changes.put(field, value);
        return this;
    }

    JsonObject object() {
        return source.changed(changes, order);
    }

    /** The object in compact JSON. */
    @Override
    public String toString() {
        return object().toString();
    }
}

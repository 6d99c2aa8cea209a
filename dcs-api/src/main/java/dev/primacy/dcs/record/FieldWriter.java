// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Writes a record's fields over the object that it was read from. A field that already means the same stays as it is, so
 * that what nobody changed is written byte by byte as it was; a new one goes where Patroni has it.
 */
final class FieldWriter {
    private final List<String> order;
    private final JsonObject object;

    FieldWriter(JsonObject source, List<String> order) {
        this.object = source.copy();
        this.order = order;
    }

    /** A text that is left out when empty. */
    FieldWriter text(String field, String value) {
        return text(field, Optional.of(value).filter(text -> !text.isEmpty()));
    }

    FieldWriter text(String field, Optional<String> value) {
        boolean same = object.text(field).filter(text -> !text.isEmpty()).equals(value.filter(text -> !text.isEmpty()));
        return same ? this : set(field, value);
    }

    FieldWriter number(String field, Optional<Long> value) {
        return changed(field, value, JsonObject::number) ? set(field, value) : this;
    }

    /** An unsigned number. */
    FieldWriter lsn(String field, Optional<Long> value) {
        return changed(field, value, JsonObject::lsn) ? set(field, value.map(Json::lsn)) : this;
    }

    FieldWriter set(String field, Optional<?> value) {
        object.set(field, value, order);
        return this;
    }

    JsonObject object() {
        return object;
    }

    private <T> boolean changed(String field, Optional<T> value, BiFunction<JsonObject, String, Optional<T>> read) {
        return !read.apply(object, field).equals(value);
    }

    /** The object in compact JSON. */
    @Override
    public String toString() {
        return object.toString();
    }
}

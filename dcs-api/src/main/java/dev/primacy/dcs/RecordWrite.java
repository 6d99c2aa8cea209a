// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import java.util.Optional;

/**
 * A conditional write of one record.
 *
 * @param key which
 * @param value what it shall be; empty deletes it
 * @param expected what must hold for it to happen
 */
public record RecordWrite(RecordKey key, Optional<String> value, Expected expected) {
    public static RecordWrite create(RecordKey key, String value) {
        return new RecordWrite(key, Optional.of(value), new Expected.Absent());
    }

    public static RecordWrite replace(RecordKey key, String value, Version version) {
        return new RecordWrite(key, Optional.of(value), new Expected.At(version));
    }

    /** Creates the record if {@code seen} is empty, else replaces exactly what was seen. */
    public static RecordWrite over(Optional<Stored> seen, RecordKey key, String value) {
        return seen.map(stored -> replace(key, value, stored.version())).orElseGet(() -> create(key, value));
    }

    public static RecordWrite delete(RecordKey key, Version version) {
        return new RecordWrite(key, Optional.empty(), new Expected.At(version));
    }

    /** Whatever is there. For values that Patroni writes blindly too, and that only the lock's holder writes. */
    public static RecordWrite blind(RecordKey key, String value) {
        return new RecordWrite(key, Optional.of(value), new Expected.Anything());
    }

    /** What must hold of the record before it is written. */
    public sealed interface Expected {
        /** It does not exist. */
        record Absent() implements Expected {}

        /** Nobody has written it since this version was read. */
        record At(Version version) implements Expected {}

        /** Nothing. */
        record Anything() implements Expected {}
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import java.util.Optional;
import java.util.function.Function;

/**
 * A record as it was read: absent, present, or there but unreadable.
 *
 * @param <T> what it means
 */
public sealed interface Entry<T> {
    /** The meaning, if there is one. */
    Optional<T> value();

    /** What the store holds, to make a write conditional on. */
    Optional<Stored> stored();

    /** There is no such record. */
    record Absent<T>() implements Entry<T> {
        @Override
        public Optional<T> value() {
            return Optional.empty();
        }

        @Override
        public Optional<Stored> stored() {
            return Optional.empty();
        }
    }

    /** A record that could be read. */
    record Present<T>(T content, Stored raw) implements Entry<T> {
        @Override
        public Optional<T> value() {
            return Optional.of(content);
        }

        @Override
        public Optional<Stored> stored() {
            return Optional.of(raw);
        }

        public Version version() {
            return raw.version();
        }
    }

    /** Something is there that is not what belongs there. */
    record Corrupt<T>(String reason, Stored raw) implements Entry<T> {
        @Override
        public Optional<T> value() {
            return Optional.empty();
        }

        @Override
        public Optional<Stored> stored() {
            return Optional.of(raw);
        }
    }

    /**
     * Reads what is stored.
     *
     * @param parse throws {@link IllegalArgumentException} with the reason if the text cannot be read
     */
    static <T> Entry<T> read(Optional<Stored> stored, Function<String, T> parse) {
        if (stored.isEmpty()) {
            return new Absent<>();
        }
        try {
            return new Present<>(parse.apply(stored.get().value()), stored.get());
        } catch (IllegalArgumentException e) {
            return new Corrupt<>(String.valueOf(e.getMessage()), stored.get());
        }
    }
}

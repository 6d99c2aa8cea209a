// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.history;

import dev.primacy.dcs.RecordKey;
import dev.primacy.time.MonotonicInstant;
import java.util.Locale;
import java.util.Optional;

/**
 * What one client did with one record. No two writes of a history write the same value.
 *
 * @param client who
 * @param returned empty if the client never heard how it ended: it may have happened at any time since, or not at all
 */
record Operation(
        String client, RecordKey key, Action action, MonotonicInstant invoked, Optional<MonotonicInstant> returned) {

    /** Whether it must have happened some time between the call and the answer. */
    boolean isCertain() {
        return returned.isPresent();
    }

    /** Whether it was over when the other began. */
    boolean endedBefore(Operation other) {
        return returned.filter(end -> end.isBefore(other.invoked)).isPresent();
    }

    @Override
    public String toString() {
        return client + " " + action + ", from " + millis(invoked) + " to "
                + returned.map(Operation::millis).orElse("?");
    }

    private static String millis(MonotonicInstant instant) {
        return String.format(Locale.ROOT, "%.1f ms", instant.nanos() / 1e6);
    }

    /** What a record's value may be turned into by it. */
    sealed interface Action {
        /** The value afterwards; empty if it cannot have happened where the record had this value. */
        Optional<Optional<String>> on(Optional<String> value);
    }

    /** Somebody looked. */
    record Read(Optional<String> seen) implements Action {
        @Override
        public Optional<Optional<String>> on(Optional<String> value) {
            return value.equals(seen) ? Optional.of(value) : Optional.empty();
        }

        @Override
        public String toString() {
            return "read " + name(seen);
        }
    }

    /** A write that was done, or may have been. */
    record Write(Condition condition, Optional<String> written) implements Action {
        @Override
        public Optional<Optional<String>> on(Optional<String> value) {
            return condition.holds(value) ? Optional.of(written) : Optional.empty();
        }

        @Override
        public String toString() {
            return "wrote " + name(written) + " over " + condition;
        }
    }

    /** A write that was refused since its condition did not hold. */
    record Refused(Condition condition) implements Action {
        @Override
        public Optional<Optional<String>> on(Optional<String> value) {
            return condition.holds(value) ? Optional.empty() : Optional.of(value);
        }

        @Override
        public String toString() {
            return "was refused to write over " + condition;
        }
    }

    /**
     * What a write expected.
     *
     * @param exactly the value that stood there; empty: any, or none
     */
    record Condition(Optional<Optional<String>> exactly) {
        static final Condition NONE = new Condition(Optional.empty());

        static Condition of(Optional<String> value) {
            return new Condition(Optional.of(value));
        }

        boolean holds(Optional<String> value) {
            return exactly.isEmpty() || exactly.get().equals(value);
        }

        @Override
        public String toString() {
            return exactly.map(Operation::name).orElse("anything");
        }
    }

    private static String name(Optional<String> value) {
        return value.map(text -> "'" + text + "'").orElse("nothing");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Remembers what texts mean: most of what a round reads has not changed since the round before. Safe for use by any
 * thread.
 *
 * @param <T> immutable
 */
final class Memo<T> {
    private static final int MOST = 500;

    private final Map<String, T> known = new ConcurrentHashMap<>();
    private final Function<String, T> read;

    /** Remembers what {@code read} makes of a text; what it refuses is refused anew each time. */
    Memo(Function<String, T> read) {
        this.read = read;
    }

    T of(String text) {
        T before = known.get(text);
        if (before != null) {
            return before;
        }
        if (known.size() >= MOST) {
            known.clear();
        }
        T now = read.apply(text);
        known.put(text, now);
        return now;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Since when something has looked the same to us, by our own clock. Whoever gives a sign of life changes something; who has
 * changed nothing for its ttl since we saw it is over. Nobody's wall clock matters, and who saw it first today waits a
 * whole ttl. May be used by any thread.
 */
final class Observations {
    private final MonotonicClock clock;
    private final Map<String, Sight> sights = new HashMap<>();

    Observations(MonotonicClock clock) {
        this.clock = clock;
    }

    /**
     * Notes what an answer showed. Call it after the answer came: what it shows may have been written a moment before.
     *
     * @param what all that a sign of life changes
     */
    synchronized Sight see(String key, String what, long version, Duration ttl) {
        Sight before = sights.get(key);
        if (before != null && before.what.equals(what)) {
            return before;
        }
        // An old state that arrives late begins anew as well: that errs on the safe side.
        Sight now = new Sight(what, version, clock.now(), ttl);
        sights.put(key, now);
        return now;
    }

    synchronized void forget(String key) {
        sights.remove(key);
    }

    /** How long it takes until the next thing of those that may be over is; never zero or less. */
    synchronized Duration untilNextEnd(Duration longest) {
        MonotonicInstant now = clock.now();
        return sights.values().stream()
                .map(sight -> now.until(sight.since.plus(sight.ttl)))
                .filter(left -> !left.isNegative() && !left.isZero())
                .min(Duration::compareTo)
                .filter(left -> left.compareTo(longest) < 0)
                .orElse(longest);
    }

    /** Which are over. */
    synchronized Set<String> over() {
        MonotonicInstant now = clock.now();
        Set<String> over = new TreeSet<>();
        sights.forEach((key, sight) -> {
            if (!sight.livesAt(now)) {
                over.add(key + "\n" + sight.what);
            }
        });
        return over;
    }

    MonotonicInstant now() {
        return clock.now();
    }

    /**
     * Something that looks the same for a while.
     *
     * @param version of the object when it was first seen like that
     */
    record Sight(String what, long version, MonotonicInstant since, Duration ttl) {
        boolean livesAt(MonotonicInstant now) {
            return now.isBefore(since.plus(ttl));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.history;

import dev.primacy.time.MonotonicInstant;
import java.util.Optional;

/** Somebody looked who holds the lock, and saw a tenure or none at some time between these two. */
record Sighting(String client, Optional<Long> term, MonotonicInstant invoked, MonotonicInstant returned) {
    boolean liesWithin(Belief belief) {
        return !invoked.isBefore(belief.from()) && !returned.isAfter(belief.until());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.examples.backend.ScopeRows.Session;
import dev.primacy.time.MonotonicInstant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Tells which sessions are over, for one who looks.
 *
 * <p>The server could compare {@code clock_timestamp()} with a time of expiry in the row, but that is its wall clock: set
 * forward by an administrator or by NTP, it would give a lock away while its holder relies on it. So no clock of the server
 * decides. Each sign of life writes a new number, the beat, and whoever looks counts the ttl on its own monotonic clock from
 * when it first saw a beat. The beat was written before it was seen, and the holder counts from before it wrote it, so the
 * holder stops first. What this rests on: clocks run alike, which the margin of every lease allows for.
 *
 * <p>The price: who has just begun to look waits a whole ttl before it can take the lock of a dead holder.
 */
final class Liveness {
    private final Map<String, Sighting> seen = new HashMap<>();

    /**
     * The sessions that gave no sign of life for their ttl.
     *
     * @param now an instant after {@code sessions} had been read: an earlier one would count time in which the beat was
     *     perhaps not written yet
     */
    synchronized List<String> over(Map<String, Session> sessions, MonotonicInstant now) {
        seen.keySet().retainAll(sessions.keySet());
        sessions.forEach((id, session) -> {
            Sighting known = seen.get(id);
            if (known == null || known.beat != session.beat()) {
                seen.put(id, new Sighting(session.beat(), now));
            }
        });
        return sessions.entrySet().stream()
                .filter(session -> !now.isBefore(Objects.requireNonNull(seen.get(session.getKey()))
                        .since
                        .plus(session.getValue().ttl())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private record Sighting(long beat, MonotonicInstant since) {}
}

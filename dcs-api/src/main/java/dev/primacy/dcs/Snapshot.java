// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A scope at one moment.
 *
 * @param leader who holds the lock
 * @param members records of living sessions by member name, sorted
 * @param records all other records, those that Primacy does not know included
 */
public record Snapshot(Optional<Lock> leader, SortedMap<String, Stored> members, Map<RecordKey, Stored> records) {
    /** Of a scope that has nothing in it. */
    public static final Snapshot EMPTY = new Snapshot(Optional.empty(), new TreeMap<>(), Map.of());

    public Snapshot {
        members = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(members));
        records = Map.copyOf(records);
    }

    public Optional<Stored> record(RecordKey key) {
        return Optional.ofNullable(records.get(key));
    }

    public boolean isHeldBy(Lock lock) {
        return leader.filter(lock::equals).isPresent();
    }
}

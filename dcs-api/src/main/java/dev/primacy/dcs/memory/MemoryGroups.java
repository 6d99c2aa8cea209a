// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.memory;

import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.GroupReader;
import dev.primacy.dcs.Snapshot;
import dev.primacy.time.MonotonicClock;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/** The groups of one Citus cluster in memory. */
public final class MemoryGroups implements GroupReader {
    private final MonotonicClock clock;
    private final TreeMap<CitusGroup, MemoryStore> stores = new TreeMap<>();

    public MemoryGroups(MonotonicClock clock) {
        this.clock = clock;
    }

    /** The scope of one group. */
    public synchronized MemoryStore store(CitusGroup group) {
        return stores.computeIfAbsent(group, number -> new MemoryStore(clock));
    }

    @Override
    public synchronized SortedMap<CitusGroup, Snapshot> groups(Duration timeout) {
        TreeMap<CitusGroup, Snapshot> found = new TreeMap<>();
        stores.forEach((group, store) -> {
            Snapshot seen = store.snapshot();
            if (seen.leader().isPresent()
                    || !seen.members().isEmpty()
                    || !seen.records().isEmpty()) {
                found.put(group, seen);
            }
        });
        return found;
    }
}

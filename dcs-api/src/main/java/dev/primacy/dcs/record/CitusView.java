// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.Snapshot;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known about all groups of a Citus cluster.
 *
 * @param groups those that have anything in the store
 */
public record CitusView(SortedMap<CitusGroup, ClusterView> groups) {
    public CitusView {
        groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
    }

    public static CitusView of(Map<CitusGroup, Snapshot> seen) {
        TreeMap<CitusGroup, ClusterView> views = new TreeMap<>();
        seen.forEach((group, snapshot) -> views.put(group, ClusterView.of(snapshot)));
        return new CitusView(views);
    }

    /** The coordinator's cluster; empty if it has not begun yet. */
    public Optional<ClusterView> coordinator() {
        return Optional.ofNullable(groups.get(CitusGroup.COORDINATOR));
    }

    /** All other groups. */
    public SortedMap<CitusGroup, ClusterView> workers() {
        return groups.tailMap(new CitusGroup(CitusGroup.COORDINATOR.number() + 1));
    }
}

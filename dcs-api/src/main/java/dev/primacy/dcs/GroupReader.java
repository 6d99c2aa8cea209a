// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import java.time.Duration;
import java.util.SortedMap;

/**
 * The groups of a Citus cluster, as its coordinator needs them. A backend whose {@link Dcs} of the whole cluster's scope
 * can list what lies below it implements this beside {@link Dcs}. Each node takes part in its own group through the scope
 * {@link CitusGroup#path}, and a worker needs nothing else. May be called by any thread.
 */
public interface GroupReader {
    /**
     * One snapshot of each group that has anything in its scope. Each is no older than the call; two groups may be seen at
     * different moments.
     *
     * @throws DcsException as {@link Dcs#snapshot}; then nothing is known about any group
     */
    SortedMap<CitusGroup, Snapshot> groups(Duration timeout);
}

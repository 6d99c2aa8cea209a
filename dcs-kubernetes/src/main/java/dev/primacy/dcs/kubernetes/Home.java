// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.dcs.RecordKey;

/** The object that a record lies in. */
enum Home {
    /** The lock, what its holder tells, and all that Patroni knows no place for. */
    LEADER,
    CONFIG,
    FAILOVER,
    SYNC;

    static Home of(RecordKey key) {
        if (key.equals(RecordKey.INITIALIZE) || key.equals(RecordKey.CONFIG) || key.equals(RecordKey.HISTORY)) {
            return CONFIG;
        }
        if (key.equals(RecordKey.FAILOVER)) {
            return FAILOVER;
        }
        return key.equals(RecordKey.SYNC) ? SYNC : LEADER;
    }
}

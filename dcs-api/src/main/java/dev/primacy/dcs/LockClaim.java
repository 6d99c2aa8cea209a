// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import java.util.List;
import java.util.Optional;

/**
 * A wish to take the leader lock.
 *
 * @param holder value of the {@code leader} key afterwards
 * @param replacing the tenure that this one replaces, which must still stand; empty: nobody may hold the lock
 * @param with writes that belong to it; if one of their conditions fails the lock is not taken
 */
public record LockClaim(String holder, Optional<Lock> replacing, List<RecordWrite> with) {
    public LockClaim {
        with = List.copyOf(with);
    }

    /** Takes a free lock. */
    public static LockClaim free(String holder) {
        return new LockClaim(holder, Optional.empty(), List.of());
    }
}

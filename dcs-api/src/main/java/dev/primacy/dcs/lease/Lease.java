// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.lease;

import dev.primacy.dcs.Lock;
import dev.primacy.time.MonotonicInstant;

/**
 * A right that ends by itself.
 *
 * @param lock the tenure
 * @param until the instant from which it may not be relied on any more, unless renewed before
 */
public record Lease(Lock lock, MonotonicInstant until) {
    public boolean isValidAt(MonotonicInstant now) {
        return now.isBefore(until);
    }
}

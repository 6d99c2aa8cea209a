// SPDX-License-Identifier: Apache-2.0
package dev.primacy.time;

/**
 * A clock that never goes back and whose readings mean nothing outside this host. Durations and deadlines come from
 * here; the wall clock is for display only, since people and NTP move it.
 *
 * <p>Implementations are safe for use by any thread.
 */
@FunctionalInterface
public interface MonotonicClock {
    MonotonicInstant now();
}

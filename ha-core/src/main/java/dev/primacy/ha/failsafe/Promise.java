// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.failsafe;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;

/**
 * Of this member to another: not to claim the leader lock.
 *
 * @param leader to whom
 * @param until by the clock of this host
 * @param lasts how long it was given for
 */
public record Promise(String leader, MonotonicInstant until, Duration lasts) {}

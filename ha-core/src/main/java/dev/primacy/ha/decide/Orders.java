// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import java.util.Optional;

/**
 * What people have asked of this member and was not begun yet.
 *
 * @param now at once
 * @param scheduled for later
 */
public record Orders(Optional<Order> now, Optional<ScheduledRestart> scheduled) {
    public static final Orders NONE = new Orders(Optional.empty(), Optional.empty());
}

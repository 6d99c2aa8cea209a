// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.record.IsoTime;
import dev.primacy.dcs.record.JsonObject;
import java.time.OffsetDateTime;

/**
 * A restart that is to happen later. Known to this process only; the member record shows it.
 *
 * @param restart what
 * @param at when, by the wall clock
 * @param started start time of the server that is meant: one that was restarted meanwhile is not restarted again
 */
public record ScheduledRestart(Order.Restart restart, OffsetDateTime at, String started) {
    /** As Patroni publishes it. */
    public JsonObject json() {
        return restart.request().with("schedule", IsoTime.format(at)).with("postmaster_start_time", started);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.List;

/**
 * How far the WAL goes: what members, sites and leaders tell anew all the time. If each telling woke all who watch, they
 * would do little else.
 */
public final class WalPositions {
    private static final String SLOTS = "slots";
    private static final List<String> FIELDS =
            List.of("xlog_location", "replay_lsn", "receive_lsn", "lsn", "optime", SLOTS);
    private static final Memo<JsonObject> REST = new Memo<>(WalPositions::read);

    private WalPositions() {}

    /** Whether two values of one member's or leader's record differ in positions alone, or not at all. */
    public static boolean onlyMoved(String before, String after) {
        return before.equals(after) || restOf(before).equals(restOf(after));
    }

    /** What is in such a record besides positions, to be compared: of slots it is their names. */
    public static JsonObject restOf(String record) {
        return REST.of(record);
    }

    private static JsonObject read(String record) {
        if (Json.unsigned(record).isPresent()) {
            return JsonObject.EMPTY;
        }
        JsonObject all;
        try {
            all = JsonObject.known(record);
        } catch (IllegalArgumentException e) {
            return JsonObject.EMPTY.with("unreadable", record);
        }
        JsonObject rest = all.without(FIELDS);
        return all.object(SLOTS)
                .map(slots -> rest.with(SLOTS, slots.fields().stream().sorted().toList()))
                .orElse(rest);
    }
}

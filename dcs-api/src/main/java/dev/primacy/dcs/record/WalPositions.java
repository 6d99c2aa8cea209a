// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.Optional;
import java.util.Set;

/**
 * How far the WAL goes: what members, sites and leaders tell anew all the time. If each telling woke all who watch, they
 * would do little else.
 */
public final class WalPositions {
    private static final String SLOTS = "slots";
    private static final Set<String> FIELDS =
            Set.of("xlog_location", "replay_lsn", "receive_lsn", "lsn", "optime", SLOTS);
    private static final Memo<JsonObject> REST = new Memo<>(WalPositions::read);

    private WalPositions() {}

    /** Whether two values of one member's or leader's record differ in positions alone, or not at all. */
    public static boolean onlyMoved(String before, String after) {
        return before.equals(after) || differInPositions(meaning(before), meaning(after));
    }

    /** As {@link #restOf} tells, without its copies: stores ask this for each change. */
    private static boolean differInPositions(JsonObject before, JsonObject after) {
        return before.isLike(after, FIELDS) && slots(before).equals(slots(after));
    }

    /** What is in such a record besides positions, to be compared: of slots it is their names. */
    public static JsonObject restOf(String record) {
        return REST.of(record);
    }

    private static JsonObject read(String record) {
        JsonObject all = meaning(record);
        JsonObject rest = all.without(FIELDS);
        return slots(all)
                .map(names -> rest.with(SLOTS, names.stream().sorted().toList()))
                .orElse(rest);
    }

    private static JsonObject meaning(String record) {
        if (Json.unsigned(record).isPresent()) {
            return JsonObject.EMPTY;
        }
        try {
            return JsonObject.known(record);
        } catch (IllegalArgumentException e) {
            return JsonObject.EMPTY.with("unreadable", record);
        }
    }

    private static Optional<Set<String>> slots(JsonObject record) {
        return record.object(SLOTS).map(JsonObject::fields);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * {@code status}: how far the leader's WAL goes, and which replication slots it keeps.
 *
 * @param optime position of the primary's flushed WAL, of a standby leader's received WAL; unsigned
 * @param timeline of that position; Primacy's own field
 * @param source the object as read, with fields not listed here
 */
public record StatusRecord(long optime, Optional<Long> timeline, JsonObject source) {
    private static final Memo<StatusRecord> PARSED = new Memo<>(StatusRecord::read);
    private static final String SLOTS = "slots";
    private static final String RETAIN_SLOTS = "retain_slots";
    private static final FieldOrder ORDER = FieldOrder.of("optime", SLOTS, RETAIN_SLOTS, "timeline");

    public static StatusRecord of(long optime) {
        return new StatusRecord(optime, Optional.empty(), JsonObject.EMPTY);
    }

    /**
     * Reads Patroni's JSON, or the bare number of {@code optime/leader}.
     *
     * @throws IllegalArgumentException if there is no position in it
     */
    public static StatusRecord parse(String text) {
        return PARSED.of(text);
    }

    private static StatusRecord read(String text) {
        Optional<Long> bare = Json.unsigned(text);
        if (bare.isPresent()) {
            return of(bare.get());
        }
        JsonObject json = JsonObject.known(text);
        long optime = json.lsn("optime")
                .orElseThrow(() -> new IllegalArgumentException("no optime in " + JsonObject.shown(text)));
        return new StatusRecord(optime, json.number("timeline"), json);
    }

    /**
     * The same, told by a member of a multisite group.
     *
     * @param site of the member
     * @param localTerm term of its cluster's leader lock, in which it tells this
     */
    public StatusRecord toldBy(String site, long localTerm) {
        return new StatusRecord(optime, timeline, source.with("site", site).with("local_term", localTerm));
    }

    /** The term of the leader lock of {@code site} in which this was told, if a member of that site told it. */
    public Optional<Long> localTermOf(String site) {
        return source.text("site").filter(site::equals).flatMap(same -> source.number("local_term"));
    }

    public String encode() {
        return new FieldWriter(source, ORDER)
                .lsn("optime", Optional.of(optime))
                .number("timeline", timeline)
                .toString();
    }

    /** The text of {@code optime/leader}, for members with a version before 2.1.0. */
    public String encodeLegacy() {
        return Long.toUnsignedString(optime);
    }

    /** Positions of the leader's slots, the leader's own slot with its WAL position among them; empty if not published. */
    public Map<String, Long> slots() {
        return source.object(SLOTS).orElse(JsonObject.EMPTY).map(JsonObject::lsn);
    }

    /** Slots of members that were seen lately, for the next leader to keep. */
    public List<String> retainSlots() {
        return source.texts(RETAIN_SLOTS).orElse(List.of());
    }

    /** A later position of the same leader: what else was published is carried over. */
    public StatusRecord at(long position) {
        return new StatusRecord(position, timeline, source);
    }

    /**
     * Sets {@link #slots}.
     *
     * @param positions none: the field is left out
     */
    public StatusRecord withSlots(Map<String, Long> positions) {
        JsonObject slots = JsonObject.EMPTY;
        for (Map.Entry<String, Long> slot : positions.entrySet()) {
            slots = slots.with(slot.getKey(), Json.lsn(slot.getValue()));
        }
        return with(SLOTS, Optional.of(slots).filter(some -> !some.isEmpty()));
    }

    /**
     * Sets {@link #retainSlots}.
     *
     * @param names none: the field is left out
     */
    public StatusRecord withRetainSlots(List<String> names) {
        return with(RETAIN_SLOTS, Optional.of(List.copyOf(new TreeSet<>(names))).filter(some -> !some.isEmpty()));
    }

    private StatusRecord with(String field, Optional<?> value) {
        return new StatusRecord(optime, timeline, source.changed(Map.of(field, value), ORDER));
    }
}

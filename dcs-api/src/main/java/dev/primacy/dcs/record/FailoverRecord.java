// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code failover}: what an operator asked for. It is never deleted; {@link #NONE} stands there when nothing is asked.
 *
 * @param leader who is to give up; with it this is a switchover, without it a failover
 * @param member who is to be the next primary; Patroni's word for the candidate
 * @param scheduledAt not before; by the wall clock
 * @param source the object as read, with fields not listed here
 */
public record FailoverRecord(
        Optional<String> leader, Optional<String> member, Optional<OffsetDateTime> scheduledAt, JsonObject source) {
    public static final FailoverRecord NONE = of(Optional.empty(), Optional.empty(), Optional.empty());

    private static final String SCHEDULED_AT = "scheduled_at";
    private static final FieldOrder ORDER = FieldOrder.of("leader", "member", SCHEDULED_AT);
    private static final Pattern LEGACY = Pattern.compile("([^:\"\\[\\]{}\\p{Cntrl}]*):([^:\"\\[\\]{}\\p{Cntrl}]*)");

    public static FailoverRecord of(
            Optional<String> leader, Optional<String> member, Optional<OffsetDateTime> scheduledAt) {
        return new FailoverRecord(leader, member, scheduledAt, JsonObject.EMPTY);
    }

    /**
     * Reads Patroni's JSON, or the old form {@code leader:candidate}.
     *
     * @throws IllegalArgumentException if it is neither, or a field of it cannot be read: without its time a request must not
     *     be carried out at once
     */
    public static FailoverRecord parse(String text) {
        if (text.isBlank()) {
            return NONE;
        }
        Matcher legacy = LEGACY.matcher(text);
        if (legacy.matches()) {
            return of(named(legacy.group(1)), named(legacy.group(2)), Optional.empty());
        }
        JsonObject json = JsonObject.known(text);
        return new FailoverRecord(
                json.textOnly("leader"),
                json.textOnly("member"),
                json.textOnly(SCHEDULED_AT).map(IsoTime::parse),
                json);
    }

    private static Optional<String> named(String text) {
        return Optional.of(text.strip()).filter(name -> !name.isEmpty());
    }

    /** Whether anything is asked for. */
    public boolean isRequested() {
        return leader.isPresent() || member.isPresent();
    }

    /** Whether a leader is to hand over; else a leader is to be made where there is none. */
    public boolean isSwitchover() {
        return leader.isPresent();
    }

    public String encode() {
        FieldWriter writer =
                new FieldWriter(source, ORDER).text("leader", leader).text("member", member);
        boolean same = source.textOnly(SCHEDULED_AT).map(IsoTime::parse).equals(scheduledAt);
        return (same ? writer : writer.set(SCHEDULED_AT, scheduledAt.map(IsoTime::format))).toString();
    }
}

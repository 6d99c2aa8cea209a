// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.Optional;

/**
 * {@code status}: how far the leader's WAL goes.
 *
 * @param optime position of the primary's flushed WAL, of a standby leader's received WAL
 * @param timeline of that position; Primacy's own field, written in multisite groups
 * @param source the object as read, with fields not listed here
 */
public record StatusRecord(long optime, Optional<Long> timeline, JsonObject source) {
    public static StatusRecord of(long optime) {
        return new StatusRecord(optime, Optional.empty(), JsonObject.EMPTY);
    }

    /** Reads Patroni's JSON, or a bare number. */
    public static StatusRecord parse(String text) {
        if (text.matches("[0-9]{1,18}")) {
            return of(Long.parseLong(text));
        }
        JsonObject json = JsonObject.parse(text);
        long optime = json.number("optime")
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
        return source.with("optime", optime).with("timeline", timeline).toString();
    }
}

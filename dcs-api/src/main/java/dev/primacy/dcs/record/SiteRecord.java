// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.Optional;

/**
 * {@code members/<site>} of a multisite group: where the site's leader can be reached and how far its data goes.
 *
 * @param address of the site leader's PostgreSQL, as other sites reach it
 * @param member the site's leader
 * @param role {@code primary}, {@code standby_leader}, or another of Patroni's words
 * @param systemIdentifier of its database; empty without data
 * @param timeline of its WAL
 * @param lsn flushed by a primary, received or replayed by a standby; unsigned
 * @param source the object as read, with fields not listed here
 */
public record SiteRecord(
        Address address,
        String member,
        String role,
        Optional<String> systemIdentifier,
        Optional<Long> timeline,
        Optional<Long> lsn,
        JsonObject source) {
    private static final Memo<SiteRecord> PARSED = new Memo<>(SiteRecord::read);

    /** Reads our form, or the original's {@code {"host":…,"port":…}}. */
    public static SiteRecord parse(String text) {
        return PARSED.of(text);
    }

    private static SiteRecord read(String text) {
        JsonObject json = JsonObject.known(text);
        long port = json.number("port")
                .orElseThrow(() -> new IllegalArgumentException("no port in " + JsonObject.shown(text)));
        return new SiteRecord(
                new Address(json.required("host"), (int) Math.max(0, Math.min(port, 65536))),
                json.text("member").orElse(""),
                json.text("role").orElse(""),
                json.text("sysid"),
                json.number("timeline"),
                json.lsn("lsn"),
                json);
    }

    public String encode() {
        return source.with("host", address.host())
                .with("port", address.port())
                .with("member", member)
                .with("role", role)
                .with("sysid", systemIdentifier)
                .with("timeline", timeline)
                .with("lsn", lsn.map(Json::lsn))
                .toString();
    }
}

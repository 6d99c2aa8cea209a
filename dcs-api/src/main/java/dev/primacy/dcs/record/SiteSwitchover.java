// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.Optional;

/**
 * {@code failover} of a multisite group: a planned switchover to a named site, and how far it got.
 *
 * @param targetSite who is to have the site lease
 * @param stopped once the leader has stopped writes: where its WAL ends
 * @param source the object as read, with fields not listed here
 */
public record SiteSwitchover(String targetSite, Optional<Stopped> stopped, JsonObject source) {
    /** What the key holds when nothing is asked for. It is never deleted. */
    public static final String NONE = "{}";

    public static SiteSwitchover requested(String targetSite) {
        return new SiteSwitchover(targetSite, Optional.empty(), JsonObject.EMPTY);
    }

    /**
     * The end of the old leader's WAL.
     *
     * @param timeline of it
     * @param lsn start of its shutdown checkpoint, the last record it wrote; unsigned
     */
    public record Stopped(long timeline, long lsn) {}

    /** Reads a request; empty if none is made. */
    public static Optional<SiteSwitchover> parse(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        JsonObject json = JsonObject.known(text);
        Optional<Stopped> stopped = json.lsn("shutdown_lsn")
                .map(lsn -> new Stopped(json.number("shutdown_timeline").orElse(0L), lsn));
        return json.text("target_site")
                .filter(site -> !site.isEmpty())
                .map(site -> new SiteSwitchover(site, stopped, json));
    }

    /**
     * The same, once the leader has stopped.
     *
     * @param targetMember the member of the target site whose streaming the leader saw before: nobody else's data is known
     *     to be a part of the leader's
     */
    public SiteSwitchover stoppedAt(Stopped end, String targetMember) {
        return new SiteSwitchover(targetSite, Optional.of(end), source.with("target_member", targetMember));
    }

    /** Who may take over from a leader that has stopped. */
    public Optional<String> targetMember() {
        return source.text("target_member");
    }

    public String encode() {
        return source.with("target_site", targetSite)
                .with("state", stopped.isPresent() ? "stopped" : "requested")
                .with("shutdown_timeline", stopped.map(Stopped::timeline))
                .with("shutdown_lsn", stopped.map(Stopped::lsn).map(Json::lsn))
                .toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.Optional;

/**
 * {@code members/<name>} of a cluster.
 *
 * @param connUrl {@code postgres://host:port/dbname}
 * @param apiUrl {@code http://host:port/patroni}
 * @param state Patroni's word for what the server does, for example {@code running}
 * @param role for example {@code primary}, {@code standby_leader}, {@code replica}
 * @param version of the agent, integers and dots
 * @param xlogLocation of a primary: flushed; of a standby: received or replayed
 * @param timeline of the server
 * @param source the object as read, with fields not listed here
 */
public record MemberRecord(
        String connUrl,
        String apiUrl,
        String state,
        String role,
        String version,
        Optional<Long> xlogLocation,
        Optional<Long> timeline,
        JsonObject source) {

    /** Reads Patroni's JSON, or the old form of a URL that carries the API's address as {@code application_name}. */
    public static MemberRecord parse(String text) {
        if (text.startsWith("postgres")) {
            String[] parts = text.split("\\?application_name=", 2);
            return new MemberRecord(
                    parts[0],
                    parts.length > 1 ? parts[1] : "",
                    "",
                    "",
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    JsonObject.EMPTY);
        }
        JsonObject json = JsonObject.parse(text);
        return new MemberRecord(
                json.text("conn_url").orElse(""),
                json.text("api_url").orElse(""),
                json.text("state").orElse(""),
                json.text("role")
                        .map(role -> role.equals("master") ? "primary" : role)
                        .orElse(""),
                json.text("version").orElse(""),
                json.number("xlog_location"),
                json.number("timeline"),
                json);
    }

    public String encode() {
        return source.with("conn_url", connUrl)
                .with("api_url", apiUrl)
                .with("state", state)
                .with("role", role)
                .with("version", version)
                .with("xlog_location", xlogLocation)
                .with("timeline", timeline)
                .toString();
    }

    /** Host and port out of {@link #connUrl}. */
    public Optional<Address> address() {
        return Address.ofUrl(connUrl);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.primacy.postgres.Lsn;
import java.util.Optional;

/**
 * What an agent answers to {@code GET /patroni}.
 *
 * @param role of its node
 * @param timeline of its PostgreSQL, 0 if unknown
 * @param position what a primary has written, or a standby has replayed
 * @param leaderSite the site that holds the site lease, as far as this agent knows
 * @param holdsSite whether this agent holds the site lease
 * @param leads whether this agent holds its site's leader lock
 * @param text what it said, for messages
 */
public record NodeStatus(
        Role role,
        int timeline,
        Lsn position,
        Optional<String> leaderSite,
        boolean holdsSite,
        boolean leads,
        String text) {
    /** An agent that did not answer. */
    static final NodeStatus SILENT =
            new NodeStatus(Role.DOWN, 0, Lsn.ZERO, Optional.empty(), false, false, "no answer");

    static NodeStatus of(JsonNode json) {
        JsonNode site = json.path("multisite");
        String holder = site.path("leader_site").asText("");
        return new NodeStatus(
                role(json.path("state").asText(), json.path("role").asText()),
                json.path("timeline").asInt(),
                position(json.path("xlog")),
                holder.isEmpty() ? Optional.empty() : Optional.of(holder),
                site.path("lease_remaining_ms").asLong() > 0,
                json.path("leader_lease_remaining_ms").asLong() > 0,
                json.toString());
    }

    private static Role role(String state, String role) {
        if (!state.equals("running") && !state.equals("streaming") && !state.equals("in archive recovery")) {
            return Role.STARTING;
        }
        return switch (role) {
            case "primary", "master" -> Role.PRIMARY;
            case "standby_leader" -> Role.STANDBY_LEADER;
            default -> Role.REPLICA;
        };
    }

    private static Lsn position(JsonNode xlog) {
        return new Lsn(
                xlog.path("location").asLong(xlog.path("replayed_location").asLong()));
    }
}

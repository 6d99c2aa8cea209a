// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.record.IsoTime;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.record.Overview;
import dev.primacy.dcs.record.Tags;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.NodeView;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.multisite.SiteView;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.time.MonotonicInstant;
import java.util.Optional;

/** The documents that the API answers, in Patroni's fields and a few of our own. */
final class Status {
    private Status() {}

    /** {@code GET /patroni}. */
    static ObjectNode node(HaConfig config, Tags tags, Optional<NodeView> view, MonotonicInstant now) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("state", view.map(NodeView::state).orElse("starting"));
        node.put("role", view.map(NodeView::role).orElse("uninitialized"));
        view.ifPresent(of -> {
            of.seen().postgres().server().ifPresent(server -> server(node, server));
            of.seen()
                    .postgres()
                    .control()
                    .map(ControlData::systemIdentifier)
                    .ifPresent(identifier -> node.put("database_system_identifier", identifier));
            if (of.seen().cluster().isEmpty() || of.seen().lock().isEmpty()) {
                node.put("cluster_unlocked", true);
            }
            if (of.paused()) {
                node.put("pause", true);
            }
            of.seen().orders().scheduled().ifPresent(restart -> raw(node, "scheduled_restart", restart.json()));
            of.seen().lease().filter(lease -> lease.isValidAt(now)).ifPresent(lease -> lease(node, lease, now));
        });
        if (!tags.source().isEmpty()) {
            raw(node, "tags", tags.source());
        }
        node.putObject("patroni")
                .put("version", config.version())
                .put("scope", config.scope())
                .put("name", config.name());
        return node;
    }

    private static void raw(ObjectNode node, String field, JsonObject value) {
        node.putRawValue(field, new RawValue(value.toString()));
    }

    /** {@code GET /cluster}. */
    static ObjectNode cluster(Overview overview, String scope) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode members = node.putArray("members");
        overview.rows().forEach(row -> member(members.addObject(), row));
        if (overview.paused()) {
            node.put("pause", true);
        }
        overview.scheduled().ifPresent(failover -> {
            ObjectNode scheduled = node.putObject("scheduled_switchover");
            failover.scheduledAt().ifPresent(at -> scheduled.put("at", IsoTime.format(at)));
            failover.leader().ifPresent(leader -> scheduled.put("from", leader));
            failover.member().ifPresent(member -> scheduled.put("to", member));
        });
        return node.put("scope", scope);
    }

    private static void member(ObjectNode node, Overview.Row row) {
        MemberRecord member = row.member();
        node.put("name", row.name());
        node.put("role", row.role());
        node.put("state", row.state());
        node.put("api_url", member.apiUrl());
        member.address().ifPresent(address -> node.put("host", address.host()).put("port", address.port()));
        member.timeline().ifPresent(timeline -> node.put("timeline", timeline));
        if (member.pendingRestart()) {
            node.put("pending_restart", true);
            raw(node, "pending_restart_reason", JsonObject.of(member.pendingRestartReason()));
        }
        member.scheduledRestart().ifPresent(restart -> raw(node, "scheduled_restart", restart));
        if (!member.tags().source().isEmpty()) {
            raw(node, "tags", member.tags().source());
        }
        if (!row.leads()) {
            position(node, "receive_", row.received());
            position(node, "replay_", row.replayed());
            position(node, "", row.position());
        }
    }

    private static void position(ObjectNode node, String prefix, Optional<Overview.Position> position) {
        position.ifPresentOrElse(
                at -> node.put(prefix + "lsn", at.text()).put(prefix + "lag", at.lag()),
                () -> node.put(prefix + "lsn", "unknown").put(prefix + "lag", "unknown"));
    }

    private static void server(ObjectNode node, Server server) {
        node.put("postmaster_start_time", server.started());
        node.put("server_version", server.version());
        node.put("timeline", server.timeline());
        if (!server.pendingRestart().isEmpty()) {
            node.put("pending_restart", true);
        }
        ObjectNode xlog = node.putObject("xlog");
        if (server.primary()) {
            xlog.put("location", server.written().value());
        } else {
            xlog.put("received_location", server.written().value());
            xlog.put("replayed_location", server.replayed().value());
            xlog.putNull("replayed_timestamp");
            xlog.put("paused", false);
            if (server.streaming()) {
                node.put("replication_state", "streaming");
            }
        }
        if (!server.standbys().isEmpty()) {
            server.standbys()
                    .forEach(standby -> node.withArray("replication")
                            .addObject()
                            .put("application_name", standby.name())
                            .put("state", standby.state()));
        }
    }

    private static void lease(ObjectNode node, Lease lease, MonotonicInstant now) {
        node.put("leader_term", lease.lock().term());
        node.put("leader_lease_remaining_ms", now.until(lease.until()).toMillis());
    }

    /** {@code GET /multisite}. */
    static ObjectNode multisite(String site, Optional<SiteView> view, Optional<Lease> lease, MonotonicInstant now) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (view.isEmpty()) {
            return node.put("status", "Leader").put("active", false);
        }
        SiteStanding standing = view.get().standing();
        node.put("status", word(standing, view.get(), site));
        node.put("active", true);
        node.put("name", site);
        view.get()
                .leaderSite()
                .ifPresentOrElse(leader -> node.put("leader_site", leader), () -> node.putNull("leader_site"));
        node.put("epoch", view.get().epoch());
        if (standing instanceof SiteStanding.Standby standby
                && standby.primary().isPresent()) {
            node.putObject("standby_config")
                    .put("host", standby.primary().get().host())
                    .put("port", standby.primary().get().port());
        } else {
            node.putNull("standby_config");
        }
        lease.ifPresent(
                held -> node.put("lease_remaining_ms", now.until(held.until()).toMillis()));
        node.put("reason", standing.reason());
        return node;
    }

    private static String word(SiteStanding standing, SiteView view, String site) {
        if (standing instanceof SiteStanding.Standby) {
            return "Standby";
        }
        boolean leads = view.leaderSite().filter(site::equals).isPresent();
        return leads && !(standing instanceof SiteStanding.Foreign) ? "Leader" : "Unknown";
    }
}

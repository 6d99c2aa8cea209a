// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import dev.primacy.dcs.record.Tags;
import dev.primacy.ha.NodeView;
import dev.primacy.postgres.PostgresStatus.Server;
import java.util.Optional;

/**
 * Answers of the health checks that load balancers ask for.
 *
 * @param running whether PostgreSQL answers
 * @param primary whether this node may accept writes now and its server does: never true on a node whose right has ended
 * @param standby whether the server is a standby that streams
 * @param balanced whether this node is to be given read load
 * @param leadsStandbySite whether it holds the leader lock of a standby site
 */
record Health(boolean running, boolean primary, boolean standby, boolean balanced, boolean leadsStandbySite) {
    static Health of(Optional<NodeView> view, boolean mayWrite, Tags tags) {
        Optional<Server> server = view.flatMap(of -> of.seen().postgres().server());
        boolean isPrimary = server.filter(Server::primary).isPresent();
        boolean leadsStandby =
                view.filter(of -> of.role().equals("standby_leader")).isPresent();
        return new Health(
                server.isPresent(),
                isPrimary && mayWrite,
                server.isPresent() && !isPrimary,
                !tags.noloadbalance(),
                leadsStandby);
    }

    /** 200 or 503, by the path that was asked for. */
    int code(String path) {
        boolean good = switch (path) {
            case "/", "/primary", "/master", "/read-write" -> primary;
            case "/leader" -> primary || leadsStandbySite;
            case "/multisite/leader" -> primary;
            case "/standby_leader", "/standby-leader" -> leadsStandbySite;
            case "/replica" -> standby && balanced && !leadsStandbySite;
            case "/read-only" -> running && (balanced || !standby || leadsStandbySite);
            case "/health", "/readiness" -> running;
            case "/liveness" -> true;
            default -> false;
        };
        return good ? 200 : 503;
    }
}

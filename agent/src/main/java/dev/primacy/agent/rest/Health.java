// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.dcs.record.Tags;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.NodeView;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.time.MonotonicInstant;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers of the health checks that load balancers ask for.
 *
 * @param alive whether the agent's rounds go on
 * @param running whether PostgreSQL answers
 * @param primary whether this node may accept writes now and its server does: never true on a node whose right has ended
 * @param standby whether the server is a standby
 * @param streaming whether it streams
 * @param leadsStandbySite whether it holds the leader lock of a standby site
 * @param synchronous whether it surely has every commit that was acknowledged; empty if the store did not tell
 * @param behind how many bytes a standby has yet to receive, and to replay
 * @param tags of the member
 * @param maximumLag {@code maximum_lag_on_failover}
 */
record Health(
        boolean alive,
        boolean running,
        boolean primary,
        boolean standby,
        boolean streaming,
        boolean leadsStandbySite,
        Optional<Boolean> synchronous,
        Behind behind,
        Tags tags,
        long maximumLag) {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?) *(B|kB|MB|GB|TB|)");
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");

    /**
     * What a standby lacks of what its leader has published.
     *
     * @param received bytes that were not received
     * @param replayed bytes that were not replayed
     */
    record Behind(long received, long replayed) {}

    static Health of(Optional<NodeView> view, boolean mayWrite, HaConfig config, Tags tags, MonotonicInstant now) {
        Optional<Server> server = view.flatMap(of -> of.seen().postgres().server());
        Optional<ClusterView> cluster = view.flatMap(of -> of.seen().cluster()).map(ClusterView::of);
        boolean isPrimary = server.filter(Server::primary).isPresent();
        return new Health(
                isAlive(view, isPrimary, config.timing().ttl(), now),
                server.isPresent(),
                isPrimary && mayWrite,
                server.isPresent() && !isPrimary,
                server.filter(Server::streaming).isPresent(),
                view.filter(of -> of.role().equals("standby_leader")).isPresent(),
                cluster.map(of -> of.sync()
                        .value()
                        .filter(sync -> sync.isVoter(config.name()))
                        .isPresent()),
                behind(server, view.flatMap(of -> of.seen().cluster())),
                tags,
                config.maximumLag());
    }

    /** A member whose rounds have stopped does not look after its server; a standby's loss is less urgent. */
    private static boolean isAlive(Optional<NodeView> view, boolean primary, Duration ttl, MonotonicInstant now) {
        Duration patience = primary ? ttl : ttl.multipliedBy(2);
        return view.filter(of -> !of.paused())
                .filter(of -> !now.isBefore(of.seen().now().plus(patience)))
                .isEmpty();
    }

    private static Behind behind(Optional<Server> server, Optional<Snapshot> cluster) {
        Optional<Lsn> leader = cluster.map(ClusterView::of)
                .flatMap(view -> view.status().value())
                .map(StatusRecord::optime)
                .map(Lsn::new);
        return server.isEmpty() || leader.isEmpty()
                ? new Behind(0, 0)
                : new Behind(
                        leader.get().bytesSince(server.get().written()),
                        leader.get().bytesSince(server.get().replayed()));
    }

    /** 200 or 503, by the path that was asked for and what came behind its question mark. */
    int code(String path, Map<String, String> query) {
        boolean replica = standby && !tags.noloadbalance() && !leadsStandbySite && fits(query, behind.replayed());
        boolean leads = primary || leadsStandbySite;
        boolean good = switch (path) {
            case "/", "/primary", "/master", "/read-write" -> primary;
            case "/leader" -> leads;
            case "/multisite/leader" -> primary;
            case "/standby_leader", "/standby-leader" -> leadsStandbySite;
            case "/replica" -> replica && tagged(query);
            case "/read-only" -> (leads || replica || (running && !standby)) && tagged(query);
            case "/health" -> running && tagged(query);
            case "/sync", "/synchronous" -> replica && synchronous.orElse(false) && tagged(query);
            case "/async", "/asynchronous" -> replica && !synchronous.orElse(true) && tagged(query);
            case "/read-only-sync", "/read-only-synchronous" ->
                (leads || (replica && synchronous.orElse(false))) && tagged(query);
            case "/read-only-quorum" -> leads && tagged(query);
            case "/liveness" -> alive;
            case "/readiness" -> leads || isReady(query);
            default -> false;
        };
        return good ? 200 : 503;
    }

    /** Whether it could serve, and take over. */
    private boolean isReady(Map<String, String> query) {
        long lag = query.getOrDefault("mode", "apply").equals("write") ? behind.received() : behind.replayed();
        long limit = bytes(query.get("lag")).orElse(maximumLag);
        return standby && streaming && synchronous.isPresent() && Long.compareUnsigned(lag, limit) <= 0;
    }

    private boolean fits(Map<String, String> query, long lag) {
        String state = query.getOrDefault("replication_state", "streaming");
        boolean inState = !query.containsKey("replication_state") || (streaming && state.equals("streaming"));
        return inState
                && bytes(query.get("lag"))
                        .filter(limit -> Long.compareUnsigned(lag, limit) > 0)
                        .isEmpty();
    }

    private boolean tagged(Map<String, String> query) {
        return query.entrySet().stream()
                .filter(parameter -> parameter.getKey().startsWith("tag_"))
                .allMatch(parameter -> tags.source()
                        .text(parameter.getKey().substring("tag_".length()))
                        .equals(Optional.of(parameter.getValue())));
    }

    /** Bytes, or a size as PostgreSQL's settings have it; anything else is no limit. */
    private static Optional<Long> bytes(@Nullable String text) {
        Matcher size = SIZE.matcher(text == null ? "" : text);
        if (!size.matches()) {
            return Optional.empty();
        }
        int power = Math.max(0, UNITS.indexOf(size.group(2)));
        return Optional.of(new BigDecimal(size.group(1))
                .multiply(BigDecimal.valueOf(1L << (10 * power)))
                .longValue());
    }
}

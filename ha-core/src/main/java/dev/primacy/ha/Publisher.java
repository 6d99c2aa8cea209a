// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import dev.primacy.dcs.record.WalPositions;
import dev.primacy.ha.decide.Decision;
import dev.primacy.ha.decide.Observation;
import dev.primacy.ha.decide.ScheduledRestart;
import dev.primacy.ha.decide.Slots;
import dev.primacy.multisite.SiteFacts;
import dev.primacy.multisite.SiteFacts.Follower;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.PostgresStatus.Standby;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.time.MonotonicInstant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells others what a round saw: the cluster through the member's record, the group of sites through its facts. */
final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private HaConfig config;
    private final Dcs dcs;
    private final SiteRole site;
    private Optional<MonotonicInstant> registeredAt = Optional.empty();
    /** Whether the record in the store belongs to a session that ends. */
    private boolean anew;

    private @Nullable Telling told;
    /** What was told then, without positions: the same for many rounds. */
    private @Nullable MemberRecord frame;

    private String text = "";

    Publisher(HaConfig config, Dcs dcs, SiteRole site) {
        this.config = config;
        this.dcs = dcs;
        this.site = site;
    }

    void configure(HaConfig now) {
        config = now;
    }

    /** Registers this member in the next round, whatever the store shows. */
    void registerAnew() {
        anew = true;
    }

    void publish(NodeView view) {
        site.report(facts(view));
        register(view);
    }

    /** The other members' APIs, by member name. */
    Map<String, String> apiUrls(Snapshot cluster) {
        Map<String, String> urls = new TreeMap<>();
        cluster.members().forEach((name, stored) -> {
            if (!name.equals(config.name())) {
                Entry.read(Optional.of(stored), MemberRecord::parse)
                        .value()
                        .map(MemberRecord::apiUrl)
                        .filter(url -> !url.isEmpty())
                        .ifPresent(url -> urls.put(name, url));
            }
        });
        return urls;
    }

    private SiteFacts facts(NodeView view) {
        Observation seen = view.seen();
        return new SiteFacts(
                config.name(),
                seen.lease().map(lease -> lease.lock().term()),
                config.address(),
                seen.systemIdentifier(),
                position(seen),
                seen.runsAsPrimary(),
                cleanEnd(view),
                Optional.of(followers(seen)));
    }

    /** Of a database that was never used it is known without a server. */
    private static Optional<SiteFacts.Position> position(Observation seen) {
        return seen.postgres()
                .server()
                .map(server -> new SiteFacts.Position(
                        server.timeline(),
                        server.written().value(),
                        server.replayed().value()))
                .or(() -> seen.postgres()
                        .control()
                        .filter(ControlData::unused)
                        .map(control -> new SiteFacts.Position(
                                control.timeline(),
                                control.checkpoint().value(),
                                control.checkpoint().value())));
    }

    /** By their slots: members of different sites may have one name. */
    private static List<Follower> followers(Observation seen) {
        List<Follower> followers = new ArrayList<>();
        if (seen.runsAsPrimary() && seen.site() instanceof SiteStanding.Leader leader) {
            List<Standby> standbys =
                    seen.postgres().server().map(Server::standbys).orElseGet(List::of);
            for (String other : leader.otherSites()) {
                standbys.stream()
                        .filter(standby -> standby.state().equals("streaming"))
                        .filter(standby -> standby.slot().equals(Optional.of(Slots.ofSite(other))))
                        .map(standby -> new Follower(
                                other, standby.name(), standby.flushed().value()))
                        .forEach(followers::add);
            }
        }
        return followers;
    }

    /**
     * The end of the WAL of a primary that was stopped in good order in this very tenure. Told only while nothing starts it
     * again: another site takes over by it, and the group may have begun to hand over since this round looked.
     */
    private static Optional<Stopped> cleanEnd(NodeView view) {
        Observation seen = view.seen();
        boolean rests = seen.action().filter(action -> !action.isSwitchover()).isEmpty()
                && !(view.decision() instanceof Decision.StartPrimary);
        boolean wasPrimary = rests
                && seen.state() == State.STOPPED
                && seen.lease().isPresent()
                && seen.memory()
                        .primaryTerm()
                        .equals(seen.lease().map(lease -> lease.lock().term()));
        return seen.postgres()
                .control()
                .filter(control -> wasPrimary)
                .filter(ControlData::primaryShutDownCleanly)
                .map(control ->
                        new Stopped(control.timeline(), control.checkpoint().value()));
    }

    /** Once a loop_wait at most, unless something but the WAL position changed. */
    private void register(NodeView view) {
        Observation seen = view.seen();
        if (seen.cluster().isEmpty()) {
            return;
        }
        Telling now = Telling.of(view, config);
        boolean known = now.equals(told);
        Optional<String> shown = seen.stored(config.name());
        boolean urgent = anew
                || !known
                || shown.filter(value -> WalPositions.onlyMoved(value, text)).isEmpty();
        boolean due = registeredAt
                .filter(at -> seen.now().isBefore(at.plus(config.timing().renewEvery())))
                .isEmpty();
        if (!urgent && !due) {
            return;
        }
        MemberRecord unmoved = known && frame != null ? frame : frame(now);
        told = now;
        frame = unmoved;
        text = positioned(unmoved, now, seen.postgres().server()).encode();
        if (anew || !shown.equals(Optional.of(text))) {
            try {
                dcs.register(config.name(), text, config.timing().requestTimeout());
                registeredAt = Optional.of(seen.now());
                anew = false;
            } catch (DcsException e) {
                LOG.warn("Could not publish this member: {}", e.getMessage());
            }
        }
    }

    private static MemberRecord frame(Telling now) {
        HaConfig config = now.config;
        MemberRecord record = new MemberRecord(
                "postgres://" + config.address() + "/postgres",
                config.apiUrl(),
                now.state,
                now.role,
                config.version(),
                Optional.empty(),
                now.timeline,
                JsonObject.EMPTY);
        return record.withTags(config.tags())
                .withPause(config.cluster().paused())
                .withPendingRestart(pendingRestart(now))
                .withScheduledRestart(now.restart.map(ScheduledRestart::json));
    }

    private static MemberRecord positioned(MemberRecord frame, Telling now, Optional<Server> server) {
        Optional<Server> standby = server.filter(answer -> !answer.primary());
        return frame.withXlogLocation(server.map(answer -> answer.written().value()))
                .withReplication(
                        standby.map(answer -> answer.replayed().value()),
                        standby.map(answer -> answer.written().value()),
                        standby.filter(answer -> now.streaming).map(answer -> "streaming"));
    }

    /** The server does not tell the values. */
    private static Map<String, JsonObject> pendingRestart(Telling now) {
        Map<String, JsonObject> reasons = new TreeMap<>();
        now.pendingRestart.forEach(name ->
                reasons.put(name, JsonObject.EMPTY.with("old_value", "?").with("new_value", "?")));
        return reasons;
    }

    /** What the member's record tells besides positions. */
    private record Telling(
            HaConfig config,
            String state,
            String role,
            Optional<Long> timeline,
            boolean streaming,
            List<String> pendingRestart,
            Optional<ScheduledRestart> restart) {
        static Telling of(NodeView view, HaConfig config) {
            Optional<Server> server = view.seen().postgres().server();
            return new Telling(
                    config,
                    view.state(),
                    view.role(),
                    server.map(answer -> (long) answer.timeline()),
                    server.filter(Server::streaming).isPresent(),
                    server.map(Server::pendingRestart).orElseGet(List::of),
                    view.seen().orders().scheduled());
        }
    }
}

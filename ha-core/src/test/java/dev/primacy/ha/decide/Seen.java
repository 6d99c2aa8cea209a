// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.Tags;
import dev.primacy.ha.ClusterConfigReader;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.failsafe.Promise;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.PostgresStatus;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.PostgresStatus.Standby;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.TimelineHistory;
import dev.primacy.postgres.TimelineHistory.End;
import dev.primacy.postgres.Upstream;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Builds observations for member {@code me}, with {@code other} beside it, starting from a healthy standby of it. */
final class Seen {
    static final String SYSTEM = "7710478800913060501";
    static final String FOREIGN = "7710478800913060999";
    static final HaConfig CONFIG = new HaConfig(
            "me",
            "fra",
            "fra",
            new Address("10.0.0.1", 5432),
            "http://10.0.0.1:8008/patroni",
            "4.0.7",
            LeaseTiming.of(Duration.ofSeconds(20), Duration.ofSeconds(2), Duration.ofSeconds(5)),
            1000,
            Duration.ofSeconds(300),
            Duration.ofSeconds(60));
    static final MonotonicInstant NOW = new MonotonicInstant(Duration.ofHours(1).toNanos());
    static final Instant WALL = Instant.parse("2026-08-01T02:00:00Z");
    static final Upstream OTHER = new Upstream("10.0.0.2", 5432, Optional.of("me"));
    /** Where somebody led who is gone. */
    static final Upstream FORMER = new Upstream("10.0.0.3", 5432, Optional.of("me"));

    static final Address REMOTE = new Address("10.9.9.9", 5432);
    private static final long TERM = 7;

    private Optional<Lock> lock = Optional.of(new Lock("other", "s2", TERM, new Version(TERM)));
    private boolean leased;
    private boolean reachable = true;
    private boolean guarded = true;
    private State state = State.RUNNING;
    private boolean primary;
    private boolean standbySignal = true;
    private boolean unused;
    private boolean clean;
    private List<Standby> standbys = List.of();
    private Optional<Upstream> upstream = Optional.of(OTHER);
    private boolean streaming = true;
    private String system = SYSTEM;
    private long lsn = 5000;
    private int timeline = 3;
    private SiteStanding site = new SiteStanding.Single();
    private Map<String, Peer> peers = Map.of();
    private Optional<TimelineHistory> timelines = Optional.empty();
    private Optional<Promise> promise = Optional.empty();
    private boolean leasePromised;
    private Optional<Observation.Action> action = Optional.empty();
    private Memory memory = Memory.EMPTY;
    private Optional<Order> order = Optional.empty();
    private Optional<ScheduledRestart> scheduled = Optional.empty();
    private List<String> pending = List.of();
    private HaConfig config = CONFIG;
    private JsonObject settings = JsonObject.EMPTY
            .with("ttl", CONFIG.timing().ttl().toSeconds())
            .with("loop_wait", CONFIG.timing().renewEvery().toSeconds())
            .with("retry_timeout", CONFIG.timing().requestTimeout().toSeconds())
            .with("maximum_lag_on_failover", CONFIG.cluster().maximumLag())
            .with("primary_start_timeout", CONFIG.cluster().startTimeout().toSeconds())
            .with("primary_stop_timeout", CONFIG.cluster().stopTimeout().toSeconds());
    private final Map<RecordKey, Stored> records = new HashMap<>();
    private final TreeMap<String, Stored> members = new TreeMap<>();

    Seen() {
        record(RecordKey.INITIALIZE, SYSTEM);
        record(RecordKey.STATUS, "{\"optime\":5000,\"timeline\":3}");
        members.put(
                "other",
                stored(
                        "{\"conn_url\":\"postgres://10.0.0.2:5432/postgres\",\"api_url\":\"http://10.0.0.2:8008/patroni\","
                                + "\"state\":\"running\",\"role\":\"primary\"}"));
    }

    private static Stored stored(String value) {
        return new Stored(value, new Version(1));
    }

    Seen record(RecordKey key, String value) {
        records.put(key, stored(value));
        return this;
    }

    Seen without(RecordKey key) {
        records.remove(key);
        return this;
    }

    Seen alone() {
        members.clear();
        return this;
    }

    Seen noLeader() {
        lock = Optional.empty();
        leased = false;
        return this;
    }

    /** The lock is ours and its lease valid. */
    Seen leading() {
        lock = Optional.of(new Lock("me", "s1", TERM, new Version(TERM)));
        leased = true;
        return this;
    }

    /** The lock bears our name, and this process holds no lease of it. */
    Seen lockOfFormerSession() {
        leading();
        leased = false;
        return this;
    }

    Seen unreachable() {
        reachable = false;
        return this;
    }

    Seen unguarded() {
        guarded = false;
        return this;
    }

    Seen state(State now) {
        state = now;
        return this;
    }

    Seen primary() {
        state = State.RUNNING;
        primary = true;
        standbySignal = false;
        upstream = Optional.empty();
        streaming = false;
        return this;
    }

    /** It ended in good order; what the control file has is the begin of its last record. */
    Seen cleanly() {
        clean = true;
        return this;
    }

    /** The other member streams from here, and has flushed this much. */
    Seen fedTo(long flushed) {
        return feeds(new Standby("other", "streaming", new Lsn(flushed), Optional.of("other")));
    }

    Seen feeds(Standby... streaming) {
        standbys = List.of(streaming);
        return this;
    }

    /** The switchover's stop runs. */
    Seen stopping() {
        action = Optional.of(new Observation.Action(Observation.Action.SWITCHOVER, false, Optional.empty()));
        return this;
    }

    Seen asked(String json) {
        return record(RecordKey.FAILOVER, json);
    }

    Seen member(String json) {
        members.put("other", stored(json));
        return this;
    }

    /** A stopped server that was primary before. */
    Seen stoppedPrimary() {
        primary();
        state = State.STOPPED;
        return this;
    }

    /** A database that was created and never used. */
    Seen neverUsed() {
        stoppedPrimary();
        unused = true;
        return this;
    }

    /** Another member shows that it has no data. */
    Seen otherIsEmpty() {
        return other("uninitialized");
    }

    /** Another member shows data without a server. */
    Seen otherIsStopped() {
        return other("demoted");
    }

    private Seen other(String role) {
        members.put("other", stored("{\"state\":\"stopped\",\"role\":\"" + role + "\"}"));
        return this;
    }

    Seen following(Upstream now) {
        upstream = Optional.of(now);
        return this;
    }

    Seen silentFor(Duration duration, MonotonicInstant compared) {
        memory = memory.compared(compared);
        return silentFor(duration);
    }

    Seen silentFor(Duration duration) {
        streaming = false;
        memory = memory.seen(NOW.minus(duration), true, false, false);
        return this;
    }

    Seen notServingFor(Duration duration) {
        memory = memory.seen(NOW.minus(duration), false, false, state == State.STOPPED);
        return this;
    }

    Seen system(String identifier) {
        system = identifier;
        return this;
    }

    Seen at(int newTimeline, long newLsn) {
        timeline = newTimeline;
        lsn = newLsn;
        return this;
    }

    Seen site(SiteStanding standing) {
        site = standing;
        return this;
    }

    Seen peer(Peer peer) {
        peers = Map.of("other", peer);
        return this;
    }

    Seen acting(boolean needsRight) {
        action = Optional.of(new Observation.Action("promote", needsRight, Optional.empty()));
        return this;
    }

    /** Waits for the answer of a server that it is to follow. */
    Seen joining(Upstream asked) {
        action = Optional.of(new Observation.Action("joining " + asked, false, Optional.of(asked)));
        return this;
    }

    Seen remembers(Memory what) {
        memory = what;
        return this;
    }

    Seen wasPrimaryInThisTerm() {
        memory = memory.ranAsPrimaryIn(TERM);
        return this;
    }

    Observation build() {
        boolean data = state != State.NO_DATA && state != State.BROKEN_DATA;
        Optional<ControlData> control = data
                ? Optional.of(new ControlData(
                        system, clean ? "shut down" : "in production", timeline, new Lsn(lsn), standbySignal, unused))
                : Optional.empty();
        Optional<Server> server = state == State.RUNNING
                ? Optional.of(new Server(
                        primary,
                        timeline,
                        new Lsn(lsn),
                        new Lsn(lsn),
                        upstream,
                        streaming,
                        standbys,
                        150018,
                        "then",
                        pending))
                : Optional.empty();
        Optional<Lease> lease =
                leased ? lock.map(held -> new Lease(held, NOW.plus(Duration.ofSeconds(15)))) : Optional.empty();
        return new Observation(
                NOW,
                WALL,
                reachable ? Optional.of(new Snapshot(lock, members, records)) : Optional.empty(),
                new PostgresStatus(state, control, server),
                guarded,
                lease,
                leasePromised,
                site,
                peers,
                timelines,
                promise,
                action,
                memory,
                new Orders(order, scheduled));
    }

    /** What the {@code config} key has besides {@link #CONFIG}'s own settings, in Patroni's names. */
    Seen setting(String name, Object value) {
        settings = settings.with(name, value);
        ClusterConfigReader.Reading read = ClusterConfigReader.read(settings, CONFIG.cluster(), CONFIG.limits());
        if (!read.problems().isEmpty()) {
            throw new IllegalArgumentException(read.problems().toString());
        }
        config = config.with(read.config(), config.stored());
        return this;
    }

    Seen tagged(String json) {
        config = new HaConfig(
                config.name(),
                config.scope(),
                config.site(),
                config.address(),
                config.apiUrl(),
                config.version(),
                new Tags(JsonObject.parse(json)),
                config.cluster(),
                config.stored(),
                config.limits());
        return this;
    }

    /** A person asks for it. */
    Seen ordered(Order what) {
        order = Optional.of(what);
        return this;
    }

    /** A restart of the server as it runs, so much after now. */
    Seen scheduled(Order.Restart what, Duration after) {
        return scheduled(what, after, "then");
    }

    Seen scheduled(Order.Restart what, Duration after, String started) {
        scheduled =
                Optional.of(new ScheduledRestart(what, WALL.plus(after).atOffset(java.time.ZoneOffset.UTC), started));
        return this;
    }

    Seen needsRestart() {
        pending = List.of("shared_buffers");
        return this;
    }

    /** This member has published itself. */
    Seen registered() {
        members.put(
                "me",
                stored("{\"conn_url\":\"postgres://10.0.0.1:5432/postgres\",\"tags\":"
                        + config.tags().source() + "}"));
        return this;
    }

    /** A third member is there. */
    Seen third(String json) {
        members.put("third", stored(json));
        return this;
    }

    Seen failsafe() {
        return setting("failsafe_mode", true);
    }

    /** The store has not been reached for a while. */
    Seen leasedByPromises() {
        leasePromised = true;
        return this;
    }

    Seen promised(String leader) {
        promise = Optional.of(new Promise(leader, NOW.plus(Duration.ofSeconds(5)), Duration.ofSeconds(20)));
        return this;
    }

    Seen paused() {
        return setting("pause", true);
    }

    Seen backsOff(Duration backoff) {
        return setting("primary_race_backoff", backoff.toSeconds());
    }

    /** Nobody has had the lock for that long, and WAL came in until then. */
    Seen freeFor(Duration free, Duration silent) {
        memory = memory.lockFree(NOW.minus(free), Optional.of(new Lsn(lsn - 1)))
                .lockFree(NOW.minus(silent), Optional.of(new Lsn(lsn)));
        return this;
    }

    /** The cluster is a standby cluster. */
    Seen follows(Upstream remote) {
        return site(new SiteStanding.Standby("remote", Optional.of(new Address(remote.host(), remote.port()))))
                .setting(
                        "standby_cluster",
                        JsonObject.EMPTY
                                .with("host", remote.host())
                                .with("port", remote.port())
                                .with("primary_slot_name", remote.slot()));
    }

    Seen timelines(End... ends) {
        timelines = Optional.of(new TimelineHistory(timeline, WALL.minusSeconds(1), List.of(ends)));
        return this;
    }

    boolean isPaused() {
        return config.cluster().paused();
    }

    /** The file has settings for the store. */
    Seen hasSettings() {
        config = config.with(config.cluster(), JsonObject.parse("{\"ttl\":20}"));
        return this;
    }

    boolean asksPeers() {
        return Decisions.asksPeers(build(), config);
    }

    Decision decide() {
        return Decisions.decide(build(), config);
    }
}

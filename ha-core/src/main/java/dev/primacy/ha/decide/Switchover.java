// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.record.FailoverRecord;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.decide.Decision.HandOver;
import dev.primacy.ha.decide.Decision.PassLock;
import dev.primacy.ha.decide.Decision.Wait;
import dev.primacy.ha.decide.Decision.Write;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.PostgresStatus.Standby;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The rows of a switchover or failover inside the cluster that a person asked for in the {@code failover} key. The leader
 * stops in good order, keeps the lock until a candidate has shown that it has the last record, and then gives the lock up;
 * if none shows it in time, the leader starts again, and nobody else has led meanwhile.
 */
final class Switchover {
    /** Patroni lets a scheduled request pass that was missed by more than this many rounds. */
    private static final double MISSED_ROUNDS = 1.5;

    private Switchover() {}

    /** What is asked for now: not what is scheduled for later, nor what was missed. */
    static Optional<FailoverRecord> asked(Observation seen, HaConfig config) {
        return seen.failover()
                .value()
                .filter(FailoverRecord::isRequested)
                .filter(request -> isDue(request, seen, config));
    }

    /** While the cluster is paused, nobody is there to look after what was scheduled. */
    private static boolean isDue(FailoverRecord request, Observation seen, HaConfig config) {
        if (config.cluster().paused() && request.scheduledAt().isPresent()) {
            return false;
        }
        return request.scheduledAt()
                .map(OffsetDateTime::toInstant)
                .filter(at -> seen.wall().isBefore(at) || isMissed(at, seen, config))
                .isEmpty();
    }

    static boolean isMissed(Instant at, Observation seen, HaConfig config) {
        if (config.cluster().paused()) {
            return false;
        }
        long seconds = (long) (config.timing().renewEvery().toSeconds() * MISSED_ROUNDS);
        return at.plusSeconds(seconds).isBefore(seen.wall());
    }

    /** How long until something is due that was scheduled; empty if nothing is. */
    static Optional<Duration> untilDue(Observation seen) {
        return seen.failover()
                .value()
                .filter(FailoverRecord::isRequested)
                .flatMap(FailoverRecord::scheduledAt)
                .map(at -> Duration.between(seen.wall(), at.toInstant()))
                .filter(left -> !left.isNegative() && !left.isZero());
    }

    static boolean isCandidate(Observation seen, HaConfig config) {
        return asked(seen, config).flatMap(FailoverRecord::member).equals(Optional.of(config.name()));
    }

    /** For a primary that may write. */
    static Optional<Decision> asPrimary(Observation seen, HaConfig config) {
        return asLeader(seen, config, request -> new HandOver(word(request) + ": demoting myself"));
    }

    /** For the leader of a standby site, which has nothing to stop. */
    static Optional<Decision> asStandbyLeader(Observation seen, HaConfig config) {
        if (!(seen.site() instanceof SiteStanding.Standby)) {
            return refused(seen, config);
        }
        return asLeader(
                seen,
                config,
                request ->
                        new PassLock(List.of(kept(seen, request)), word(request) + ": leaving the lead of this site"));
    }

    private static Optional<Decision> asLeader(
            Observation seen, HaConfig config, Function<FailoverRecord, Decision> handOver) {
        Optional<Decision> missed = missed(seen, config);
        return missed.isPresent()
                ? missed
                : asked(seen, config)
                        .map(request -> obstacle(request, seen, config)
                                .map(why -> giveUp(seen, why))
                                .orElseGet(() -> handOver.apply(request)));
    }

    /** Where the site's lease does not permit it. */
    static Optional<Decision> refused(Observation seen, HaConfig config) {
        return asked(seen, config)
                .map(request -> giveUp(seen, "not while " + seen.site().reason()));
    }

    private static Optional<Decision> missed(Observation seen, HaConfig config) {
        return seen.failover()
                .value()
                .filter(FailoverRecord::isRequested)
                .flatMap(FailoverRecord::scheduledAt)
                .filter(at -> isMissed(at.toInstant(), seen, config))
                .map(at -> giveUp(seen, "it was scheduled for " + at + ", which is too long ago"));
    }

    private static Optional<String> obstacle(FailoverRecord request, Observation seen, HaConfig config) {
        Optional<String> other = request.leader().filter(leader -> !leader.equals(config.name()));
        if (other.isPresent()) {
            return Optional.of("the leader is " + config.name() + ", and not " + other.get());
        }
        if (request.member().isEmpty() && config.cluster().paused()) {
            return Optional.of("in a pause it has to name a member");
        }
        if (request.member().isPresent()) {
            return lacks(request.member().get(), seen, config);
        }
        return seen.cluster().stream()
                        .flatMap(cluster -> cluster.members().keySet().stream())
                        .anyMatch(name -> lacks(name, seen, config).isEmpty())
                ? Optional.empty()
                : Optional.of("no member streams from here that may become the leader");
    }

    /** Why {@code name} is no candidate of this leader. */
    private static Optional<String> lacks(String name, Observation seen, HaConfig config) {
        if (name.equals(config.name())) {
            return Optional.of(name + " is the leader already");
        }
        Optional<MemberRecord> member = seen.member(name);
        if (member.isEmpty()) {
            return Optional.of("candidate " + name + " does not exist");
        }
        if (member.get().tags().nofailover()) {
            return Optional.of("candidate " + name + " is not allowed to promote");
        }
        Server here = seen.postgres().server().orElseThrow();
        Optional<Standby> standby = here.standbys().stream()
                .filter(one -> isOf(name, one) && one.state().equals("streaming"))
                .findFirst();
        if (standby.isEmpty()) {
            return isAhead(member.get(), here)
                    ? Optional.empty()
                    : Optional.of("candidate " + name + " does not stream from here");
        }
        long lag = Math.max(0, here.written().value() - standby.get().flushed().value());
        return Long.compareUnsigned(lag, config.maximumLag()) > 0
                ? Optional.of("candidate " + name + " lags by " + lag + " bytes, more than maximum_lag_on_failover "
                        + config.maximumLag())
                : Optional.empty();
    }

    /**
     * A leader that follows another cluster and cannot receive what that one writes stops its own standbys too. Who has
     * more than it then is who people mean; to ask that it streams from here would leave them no way.
     */
    private static boolean isAhead(MemberRecord member, Server here) {
        long timeline = member.timeline().orElse(0L);
        long lsn = member.xlogLocation().orElse(0L);
        return !here.primary()
                && member.isRunning()
                && (timeline > here.timeline()
                        || (timeline == here.timeline()
                                && Long.compareUnsigned(lsn, here.written().value()) > 0));
    }

    /** By the slot, where it uses one: members of other sites may have the same name. */
    private static boolean isOf(String name, Standby standby) {
        return standby.slot()
                .map(slot -> slot.equals(Slots.ofMember(name)))
                .orElseGet(() -> standby.name().equals(name));
    }

    /** For a leader whose server was primary in this tenure and has ended. */
    static Optional<Decision> asStoppedLeader(Observation seen, HaConfig config) {
        Optional<FailoverRecord> asked = asked(seen, config);
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        Optional<ControlData> end = seen.postgres().control().filter(ControlData::primaryShutDownCleanly);
        if (end.isEmpty()) {
            return Optional.of(giveUp(seen, "PostgreSQL did not end in good order"));
        }
        Optional<Decision> passed = passLock(seen, asked.get(), end.get());
        if (passed.isPresent()) {
            return passed;
        }
        boolean overdue = seen.memory()
                .stoppedSince()
                .filter(since -> since.plus(config.timing().requestTimeout()).isBefore(seen.now()))
                .isPresent();
        return Optional.of(
                overdue
                        ? giveUp(seen, "no candidate has shown in time that it has the last record")
                        : new Wait(word(asked.get()) + ": waiting for a candidate that has the last record"));
    }

    /** While the server ends: it has written its last record, and what it still does matters to nobody. */
    static Optional<Decision> whileStopping(Observation seen, HaConfig config) {
        boolean handsOver = seen.lease().isPresent()
                && seen.mayWrite()
                && seen.action().filter(Observation.Action::isSwitchover).isPresent();
        Optional<ControlData> end = seen.postgres()
                .control()
                .filter(control -> handsOver && seen.postgres().server().isEmpty())
                .filter(ControlData::primaryShutDownCleanly);
        return end.flatMap(control -> asked(seen, config).flatMap(request -> passLock(seen, request, control)));
    }

    /** Everything that was acknowledged lies before the shutdown checkpoint; who has more than its begin, has received it. */
    private static Optional<Decision> passLock(Observation seen, FailoverRecord request, ControlData end) {
        return seen.peers().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(peer ->
                        request.member().isEmpty() || request.member().get().equals(peer.getKey()))
                .filter(peer -> NoLeader.mayLead(seen, peer.getKey()) && hasReceived(peer.getValue(), end))
                .findFirst()
                .map(peer -> new PassLock(
                        List.of(status(seen, end), kept(seen, request)),
                        word(request) + ": member " + peer.getKey() + " has the last record"));
    }

    private static boolean hasReceived(Peer peer, ControlData end) {
        return !peer.primary()
                && peer.timeline() == end.timeline()
                && peer.lsn().compareTo(end.checkpoint()) > 0;
    }

    private static RecordWrite status(Observation seen, ControlData end) {
        Lsn last = end.checkpoint();
        JsonObject rest = seen.status().value().map(StatusRecord::source).orElse(JsonObject.EMPTY);
        return RecordWrite.blind(
                RecordKey.STATUS, new StatusRecord(last.value(), Optional.of((long) end.timeline()), rest).encode());
    }

    /**
     * The request as it was read, so that the lock is given up only if it still stands. Its time has come, which clocks of
     * other members may not know yet.
     */
    private static RecordWrite kept(Observation seen, FailoverRecord request) {
        return RecordWrite.over(
                seen.failover().stored(),
                RecordKey.FAILOVER,
                new FailoverRecord(request.leader(), request.member(), Optional.empty(), request.source()).encode());
    }

    /** What a new leader writes along with its claim, so that nobody acts on the request again. */
    static List<RecordWrite> done(Observation seen, HaConfig config) {
        return asked(seen, config).stream().map(request -> clear(seen)).toList();
    }

    private static RecordWrite clear(Observation seen) {
        return RecordWrite.over(seen.failover().stored(), RecordKey.FAILOVER, FailoverRecord.NONE.encode());
    }

    private static Decision giveUp(Observation seen, String why) {
        return new Write(clear(seen), "Cleaning up failover key: " + why);
    }

    private static String word(FailoverRecord request) {
        return request.isSwitchover() ? "switchover" : "manual failover";
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.FailoverRecord;
import dev.primacy.dcs.record.FailsafeRecord;
import dev.primacy.dcs.record.HistoryRecord;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.dcs.record.Tags;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.decide.Decision.Acquire;
import dev.primacy.ha.decide.Decision.StartStandby;
import dev.primacy.ha.decide.Decision.Wait;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.PostgresStatus.Server;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nobody holds the leader lock: who may take it. */
final class NoLeader {
    private NoLeader() {}

    static Decision decide(Observation seen, HaConfig config) {
        return switch (seen.state()) {
            case NO_DATA -> withoutData(seen, config);
            // A crashed server first replays what it has; only then is it known how far its data goes.
            case STOPPED -> new StartStandby("there is no leader; starting read-only to see who is the healthiest");
            case RUNNING -> race(seen, config, seen.postgres().server().orElseThrow());
            case STARTING, UNRESPONSIVE, BROKEN_DATA -> new Wait("PostgreSQL is still starting up or does not answer");
        };
    }

    static boolean staysOut(Observation seen, HaConfig config) {
        return whyOut(seen, config).isPresent();
    }

    /**
     * Whether a leader without the store asks this member for a promise. Who is not listed has to ask all who are before it
     * claims the lock.
     */
    static boolean isListed(Observation seen, String name) {
        return seen.failsafe()
                .value()
                .filter(record ->
                        !record.members().isEmpty() && !record.members().containsKey(name))
                .isEmpty();
    }

    private static Optional<String> fitAndListed(Observation seen, HaConfig config) {
        return seen.peers().entrySet().stream()
                .filter(peer -> isListed(seen, peer.getKey()) && isFit(seen, config, peer))
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst();
    }

    /** Why this member claims no lock, whatever its data. */
    static Optional<String> whyOut(Observation seen, HaConfig config) {
        if (seen.promise().isPresent()) {
            return Optional.of("failsafe mode is active: "
                    + seen.promise().get().leader()
                    + " may lead without the store for "
                    + seen.now().until(seen.promise().get().until()).toMillis() + " ms, as this member has promised");
        }
        if (seen.failsafe() instanceof Entry.Corrupt<FailsafeRecord> corrupt) {
            return Optional.of("the failsafe key cannot be read, so a leader may go on by promises: " + corrupt.reason()
                    + "; if there is none, set the key to {}");
        }
        Optional<String> listed = isListed(seen, config.name()) ? Optional.empty() : fitAndListed(seen, config);
        if (listed.isPresent()) {
            return Optional.of("the failsafe key does not list this member; leaving the lock to " + listed.get());
        }
        return seen.memory()
                .noRaceUntil()
                .filter(until -> seen.now().isBefore(until))
                .map(until -> "this member failed with it");
    }

    private static Decision withoutData(Observation seen, HaConfig config) {
        if (staysOut(seen, config) || config.tags().nofailover()) {
            return new Wait("leaving the leader lock to others");
        }
        boolean siteCanClone = seen.site() instanceof SiteStanding.Standby standby
                && standby.primary().isPresent();
        if (seen.founded().isPresent() && !siteCanClone) {
            return new Wait("waiting for leader to bootstrap");
        }
        return new Acquire(
                claim(seen, config, Optional.empty(), List.of()),
                "there is neither a leader nor data; racing for the lock");
    }

    /**
     * Others may have led since the lock was seen free, have told a new position or timeline, and have listed others for
     * failsafe mode. So every claim writes the status again, and fails if somebody has written it since.
     */
    private static LockClaim claim(Observation seen, HaConfig config, Optional<Server> me, List<RecordWrite> also) {
        List<RecordWrite> with = new ArrayList<>(also);
        again(RecordKey.STATUS, seen.status())
                .or(() -> me.map(server -> RecordWrite.create(RecordKey.STATUS, status(server))))
                .ifPresent(with::add);
        listedAgain(seen).ifPresent(with::add);
        return new LockClaim(config.name(), Optional.empty(), with);
    }

    /**
     * Voids what former leaders, or this member in a life before, have sent to the key and what is still under way: it
     * depends on the version that was. Else a new leader could rely on the promises of those whom it saw listed, when
     * another, whom it did not ask, is listed and claims the lock.
     */
    static Optional<RecordWrite> listedAgain(Observation seen) {
        return again(RecordKey.FAILSAFE, seen.failsafe());
    }

    private static Optional<RecordWrite> again(RecordKey key, Entry<?> seen) {
        return seen.stored().map(stored -> RecordWrite.replace(key, stored.value(), stored.version()));
    }

    private static String status(Server me) {
        return new StatusRecord(me.written().value(), Optional.of((long) me.timeline()), JsonObject.EMPTY).encode();
    }

    private static Decision race(Observation seen, HaConfig config, Server me) {
        Optional<FailoverRecord> asked = Switchover.asked(seen, config);
        boolean candidate = Switchover.isCandidate(seen, config);
        Optional<String> obstacle = candidate
                ? candidatesObstacle(seen, config, asked.orElseThrow(), me)
                : candidateGoesFirst(seen, config, asked).or(() -> obstacle(seen, config, me));
        return obstacle.<Decision>map(reason -> new Wait("not racing for the leader lock: " + reason))
                .orElseGet(() -> new Acquire(
                        claim(seen, config, Optional.of(me), Switchover.done(seen, config)),
                        candidate ? "i am the candidate that was asked for" : "i am the healthiest node"));
    }

    private static Optional<String> candidatesObstacle(
            Observation seen, HaConfig config, FailoverRecord asked, Server me) {
        Optional<String> out = whyOut(seen, config);
        if (out.isPresent()) {
            return out;
        }
        return config.tags().nofailover()
                ? Optional.of("this member is not allowed to promote")
                : lackOfCandidate(seen, config, asked, me.timeline(), me.written());
    }

    /** Whom a person has named goes first, if it is there and would take the lock. */
    private static Optional<String> candidateGoesFirst(
            Observation seen, HaConfig config, Optional<FailoverRecord> asked) {
        return asked.flatMap(FailoverRecord::member)
                .filter(name -> mayLead(seen, name))
                .filter(name -> Optional.ofNullable(seen.peers().get(name))
                        .filter(peer -> !peer.primary())
                        .filter(peer -> lackOfCandidate(seen, config, asked.orElseThrow(), peer.timeline(), peer.lsn())
                                .isEmpty())
                        .isPresent())
                .map(name -> "member " + name + " was asked to become the leader");
    }

    /**
     * A person who asks for a failover to a member accepts what that one lacks, but not that a timeline gets a number twice;
     * a switchover is meant to lose nothing.
     */
    private static Optional<String> lackOfCandidate(
            Observation seen, HaConfig config, FailoverRecord asked, int timeline, Lsn written) {
        if (seen.site() instanceof SiteStanding.Standby) {
            return Optional.empty();
        }
        Optional<String> behind = oldTimeline(seen, config, timeline);
        return behind.isPresent() || !asked.isSwitchover() ? behind : lag(seen, config, written);
    }

    private static Optional<String> obstacle(Observation seen, HaConfig config, Server me) {
        Optional<String> out = whyOut(seen, config);
        if (out.isPresent()) {
            return out;
        }
        if (config.tags().nofailover()) {
            return Optional.of("i am not allowed to promote");
        }
        Optional<String> sends = primarySends(seen, config, me);
        if (sends.isPresent()) {
            return sends;
        }
        // What a standby site is told to have may have been rewound since; whether it may take over is for the group to
        // say. People who have a cluster follow another one may call that off before anything was streamed.
        Optional<String> lack = seen.site() instanceof SiteStanding.Standby
                        && config.cluster().standbyOf().isEmpty()
                ? Optional.empty()
                : lack(seen, config, me.timeline(), me.written());
        return lack.isPresent() ? lack : better(seen, config, me);
    }

    /** A primary that only its store has lost may be back soon; one that has died sends nothing. */
    private static Optional<String> primarySends(Observation seen, HaConfig config, Server me) {
        boolean mayWait =
                me.streaming() && !config.cluster().paused() && !(seen.site() instanceof SiteStanding.Standby);
        return seen.memory()
                .lockFree()
                .filter(free -> mayWait)
                .filter(free ->
                        seen.now().isBefore(free.lastNews().plus(config.timing().renewEvery())))
                .map(free -> seen.now().until(free.since().plus(config.cluster().raceBackoff())))
                .filter(left -> left.compareTo(Duration.ZERO) > 0)
                .map(left -> "its wal position moved lately; " + left.toSeconds()
                        + " s until the leader race (primary_race_backoff)");
    }

    private static Optional<String> lack(Observation seen, HaConfig config, int timeline, Lsn written) {
        Optional<String> behind = oldTimeline(seen, config, timeline);
        return behind.isPresent() ? behind : lag(seen, config, written);
    }

    private static Optional<String> oldTimeline(Observation seen, HaConfig config, int timeline) {
        if (seen.status() instanceof Entry.Corrupt<StatusRecord> corrupt) {
            return Optional.of("the status key cannot be read: " + corrupt.reason());
        }
        Optional<String> missed = missedTimeline(seen, timeline);
        if (missed.isPresent()) {
            return missed;
        }
        return config.cluster().checkTimeline() && clusterTimeline(seen) > timeline
                ? Optional.of("by its history the cluster is on timeline " + clusterTimeline(seen) + ", this member on "
                        + timeline + " (check_timeline)")
                : Optional.empty();
    }

    /** Whether the last leader that told its timeline was on a later one. */
    static Optional<String> missedTimeline(Observation seen, int timeline) {
        return seen.status()
                .value()
                .flatMap(StatusRecord::timeline)
                .filter(told -> told > timeline)
                .map(told -> "the cluster was on timeline " + told + ", this member is on " + timeline);
    }

    private static Optional<String> lag(Observation seen, HaConfig config, Lsn written) {
        long lag = seen.status()
                .value()
                .map(at -> new Lsn(at.optime()).bytesSince(written))
                .orElse(0L);
        return Long.compareUnsigned(lag, config.maximumLag()) > 0
                ? Optional.of("my wal position is " + lag + " bytes behind the leader's last, more than"
                        + " maximum_lag_on_failover " + config.maximumLag())
                : Optional.empty();
    }

    private static long clusterTimeline(Observation seen) {
        return seen.history().value().map(HistoryRecord::timeline).orElse(0L);
    }

    /** Whether another member would take the lock, by what members have just answered. */
    static boolean isFailoverPossible(Observation seen, HaConfig config) {
        return seen.peers().entrySet().stream().anyMatch(peer -> isFit(seen, config, peer));
    }

    private static boolean isFit(Observation seen, HaConfig config, Map.Entry<String, Peer> peer) {
        boolean has = seen.site() instanceof SiteStanding.Standby
                || lack(
                                seen,
                                config,
                                peer.getValue().timeline(),
                                peer.getValue().lsn())
                        .isEmpty();
        return has && mayLead(seen, peer.getKey()) && !peer.getValue().primary();
    }

    static boolean mayLead(Observation seen, String name) {
        return seen.member(name).filter(member -> member.tags().nofailover()).isEmpty();
    }

    private static long priority(Observation seen, String name) {
        return seen.member(name)
                .map(MemberRecord::tags)
                .map(Tags::failoverPriority)
                .orElse(1L);
    }

    private static Optional<String> better(Observation seen, HaConfig config, Server me) {
        return seen.peers().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(peer -> better(peer.getKey(), peer.getValue(), seen, config, me).stream())
                .findFirst();
    }

    private static Optional<String> better(String name, Peer peer, Observation seen, HaConfig config, Server me) {
        if (peer.primary()) {
            return Optional.of("primary (" + name + ") is still alive");
        }
        if (!mayLead(seen, name) || (isListed(seen, config.name()) && !isListed(seen, name))) {
            return Optional.empty();
        }
        if (peer.isAheadOf(me.timeline(), me.written())) {
            return Optional.of("wal position of " + name + " is ahead of my wal position");
        }
        boolean equal = peer.timeline() == me.timeline() && peer.lsn().equals(me.written());
        return equal && priority(seen, name) > config.tags().failoverPriority()
                ? Optional.of(name + " has equally tolerable WAL position and priority " + priority(seen, name)
                        + ", while this node has priority " + config.tags().failoverPriority())
                : Optional.empty();
    }
}

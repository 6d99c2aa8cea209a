// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.record.Address;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.decide.Decision.Bootstrap;
import dev.primacy.ha.decide.Decision.Clone;
import dev.primacy.ha.decide.Decision.LeadStandby;
import dev.primacy.ha.decide.Decision.Promote;
import dev.primacy.ha.decide.Decision.Release;
import dev.primacy.ha.decide.Decision.StartPrimary;
import dev.primacy.ha.decide.Decision.StartStandby;
import dev.primacy.ha.decide.Decision.Stop;
import dev.primacy.ha.decide.Decision.Wait;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Postgres.StopMode;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.Upstream;
import java.util.Optional;

/** This member holds the leader lock and its server is no primary. */
final class WithLock {
    private WithLock() {}

    static Decision decide(Observation seen, HaConfig config) {
        if (isStuck(seen, config)) {
            return seen.hasProcess()
                    ? new Stop(StopMode.IMMEDIATE, "PostgreSQL has not served for " + seconds(config) + " s; giving up")
                    : new Release("PostgreSQL could not be started for " + seconds(config) + " s");
        }
        return switch (seen.state()) {
            case NO_DATA -> withoutData(seen, config);
            case STOPPED -> stopped(seen, config);
            case RUNNING -> standby(seen, config);
            case STARTING, UNRESPONSIVE, BROKEN_DATA -> new Wait("PostgreSQL is still starting up or does not answer");
        };
    }

    /**
     * A leader that serves nobody must not keep those from leading who could. Where nobody could, a recovery that takes long
     * is better than one that is begun anew each time.
     */
    private static boolean isStuck(Observation seen, HaConfig config) {
        return isOverdue(seen, config) && NoLeader.isFailoverPossible(seen, config);
    }

    static boolean isOverdue(Observation seen, HaConfig config) {
        return seen.state() != State.NO_DATA
                && !config.cluster().paused()
                && !(seen.site() instanceof SiteStanding.HandingOver)
                && Switchover.asked(seen, config).isEmpty()
                && seen.memory()
                        .notServingSince()
                        .filter(since ->
                                !since.plus(config.cluster().startTimeout()).isAfter(seen.now()))
                        .isPresent();
    }

    private static Decision withoutData(Observation seen, HaConfig config) {
        if (seen.memory().failedAction().isPresent()) {
            return new Release(seen.memory().failedAction().get() + " failed here; leaving it to others");
        }
        if (seen.site() instanceof SiteStanding.Standby standby) {
            return standby.primary()
                    .<Decision>map(primary ->
                            new Clone(remote(primary, config), "trying to bootstrap from site " + standby.leaderSite()))
                    .orElseGet(() -> new Wait("waiting for site " + standby.leaderSite() + " to show its primary"));
        }
        if (seen.founded().isPresent()) {
            return new Release("the cluster has a database, and there is no data here");
        }
        if (seen.site() instanceof SiteStanding.Single
                || (seen.site() instanceof SiteStanding.Leader leader && leader.mayFound())) {
            return new Bootstrap("trying to bootstrap a new cluster");
        }
        if (seen.site() instanceof SiteStanding.Leader) {
            return new Release("the group has a database, and there is no data here");
        }
        // Theirs may be the group's, created and not used yet; and only who has the lock can bring it to the lead.
        if (seen.site() instanceof SiteStanding.Behind behind && othersHaveData(seen, config)) {
            return new Release(behind.reason() + "; leaving it to a member with data");
        }
        return new Wait("not founding a database: " + seen.site().reason());
    }

    private static boolean othersHaveData(Observation seen, HaConfig config) {
        return seen.cluster().stream()
                .flatMap(cluster -> cluster.members().keySet().stream())
                .filter(name -> !name.equals(config.name()))
                .flatMap(name -> seen.member(name).stream())
                .anyMatch(member -> !member.role().equals("uninitialized"));
    }

    private static Decision stopped(Observation seen, HaConfig config) {
        if (seen.site() instanceof SiteStanding.HandingOver) {
            return Switchover.refused(seen, config)
                    .orElseGet(() -> new Wait("stopped; " + seen.site().reason()));
        }
        if (seen.site() instanceof SiteStanding.Standby standby
                && standby.primary().isPresent()) {
            return Upstreams.rejoin(
                    seen,
                    remote(standby.primary().get(), config),
                    "starting as a standby leader because i had the session lock");
        }
        if (seen.mayWrite() && wasPrimaryInThisTenure(seen)) {
            return Switchover.asStoppedLeader(seen, config)
                    .orElseGet(() -> new StartPrimary("starting primary after failure"));
        }
        return new StartStandby("starting as readonly because i had the session lock");
    }

    /** Only then is it sure that nobody was promoted since the server ended, so that its end of WAL is the cluster's. */
    private static boolean wasPrimaryInThisTenure(Observation seen) {
        Optional<Long> term = seen.lease().map(Lease::lock).map(lock -> lock.term());
        return term.isPresent()
                && term.equals(seen.memory().primaryTerm())
                && seen.postgres().control().filter(ControlData::standby).isEmpty();
    }

    private static Decision standby(Observation seen, HaConfig config) {
        Optional<Decision> founding = Decisions.recordFounding(seen);
        if (founding.isPresent()) {
            return founding.get();
        }
        if (seen.site() instanceof SiteStanding.Behind behind && hasOthers(seen, config)) {
            return new Release(behind.reason() + "; leaving it to another member");
        }
        if (seen.mayWrite() && seen.isOfGroup()) {
            // Who was named to lead while the cluster follows another one may have taken the lock whatever it had.
            Optional<String> missed = seen.site() instanceof SiteStanding.Single
                    ? NoLeader.missedTimeline(
                            seen, seen.postgres().server().orElseThrow().timeline())
                    : Optional.empty();
            if (missed.isPresent()) {
                return new Release(missed.get() + "; leaving it to others");
            }
            return new Promote("promoted self to leader because I had the session lock");
        }
        Optional<Decision> records = Decisions.recordSettings(seen, config)
                .or(() -> Decisions.recordFailsafe(seen, config))
                .or(() -> Switchover.asStandbyLeader(seen, config));
        if (records.isPresent()) {
            return records.get();
        }
        if (seen.site() instanceof SiteStanding.Standby standby
                && standby.primary().isPresent()) {
            return Upstreams.follow(
                    seen,
                    remote(standby.primary().get(), config),
                    new LeadStandby("the standby leader with the lock, following site " + standby.leaderSite()));
        }
        return new LeadStandby("read-only with the lock: " + seen.site().reason());
    }

    private static boolean hasOthers(Observation seen, HaConfig config) {
        return seen.cluster()
                .filter(cluster -> cluster.members().keySet().stream().anyMatch(name -> !name.equals(config.name())))
                .isPresent();
    }

    /** The primary of another site, through the slot that it keeps for this site; or that of {@code standby_cluster}. */
    private static Upstream remote(Address primary, HaConfig config) {
        return config.cluster()
                .standbyOf()
                .orElseGet(
                        () -> new Upstream(primary.host(), primary.port(), Optional.of(Slots.ofSite(config.site()))));
    }

    private static long seconds(HaConfig config) {
        return config.cluster().startTimeout().toSeconds();
    }
}

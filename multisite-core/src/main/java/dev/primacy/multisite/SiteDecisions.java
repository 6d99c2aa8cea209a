// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.InitializeRecord;
import dev.primacy.dcs.record.SiteRecord;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import dev.primacy.multisite.SiteDecision.Stand;
import dev.primacy.multisite.SiteDecision.StepBack;
import dev.primacy.multisite.SiteDecision.Take;
import dev.primacy.multisite.SiteDecision.Write;
import dev.primacy.multisite.SiteFacts.Position;
import dev.primacy.multisite.SiteStanding.Foreign;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.multisite.SiteStanding.Leader;
import dev.primacy.multisite.SiteStanding.Standby;
import dev.primacy.multisite.SiteStanding.Unknown;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The table that decides for a site: total, deterministic, without I/O. Read {@link #decide} from top to bottom; the
 * first row that fits decides.
 */
final class SiteDecisions {
    private SiteDecisions() {}

    static SiteDecision decide(SiteObservation seen, SiteConfig config) {
        if (seen.group().isEmpty()) {
            return stand(withoutNews(seen));
        }
        Optional<SiteStanding> refusal = refusal(seen);
        if (refusal.isPresent()) {
            return seen.lease().isPresent() ? new StepBack(refusal.get()) : stand(refusal.get());
        }
        if (!seen.facts().localLeader()) {
            SiteStanding observed = observed(seen, config);
            return seen.lease().isPresent() ? new StepBack(observed) : stand(observed);
        }
        if (seen.leaseReplaced()) {
            return new StepBack(observed(seen, config));
        }
        if (seen.lease().isPresent()) {
            return lead(seen, config);
        }
        return seen.lock().map(lock -> follow(seen, config, lock)).orElseGet(() -> takeOver(seen, config));
    }

    /**
     * The guard ends a leader at its deadline; until then it goes on without any news of the group. But only what stood
     * already goes on: a leader that told its stop may have been replaced meanwhile, and one that has just got the lease
     * has not read yet what its predecessor told.
     */
    private static SiteStanding withoutNews(SiteObservation seen) {
        boolean goesOn = seen.before() instanceof Leader || seen.before() instanceof HandingOver;
        return goesOn && seen.lease().isPresent() ? seen.before() : new Unknown("the group's store does not answer");
    }

    /** Reasons never to lead, whoever holds the lock. */
    private static Optional<SiteStanding> refusal(SiteObservation seen) {
        if (seen.initialize() instanceof Entry.Corrupt<InitializeRecord> corrupt) {
            // Taken for "never founded", it would let an empty site found a second database.
            return Optional.of(new Unknown("the group's initialize record cannot be read: " + corrupt.reason()
                    + "; put the system identifier there by hand"));
        }
        Optional<String> group = seen.initialize().value().flatMap(InitializeRecord::systemIdentifier);
        Optional<String> local = seen.facts().systemIdentifier();
        if (group.isPresent() && local.isPresent() && !group.equals(local)) {
            return Optional.of(new Foreign(group.get(), local.get()));
        }
        return Optional.empty();
    }

    /** How the group looks to a member that does not speak for its site. */
    private static SiteStanding observed(SiteObservation seen, SiteConfig config) {
        if (seen.lock().isEmpty()) {
            return new Unknown("no site leads");
        }
        String leader = seen.lock().get().holder();
        return leader.equals(config.site())
                ? new Unknown("this site leads through another member")
                : new Standby(leader, seen.primaryOf(leader));
    }

    private static SiteDecision lead(SiteObservation seen, SiteConfig config) {
        Optional<String> local = seen.facts().systemIdentifier();
        boolean founded = seen.initialize()
                .value()
                .flatMap(InitializeRecord::systemIdentifier)
                .isPresent();
        Leader leader = leader(seen, config, !founded);
        if (!founded && local.isPresent()) {
            String value = new InitializeRecord(local).encodeForGroup(config.site());
            return new Write(
                    RecordWrite.over(seen.stored(RecordKey.INITIALIZE), RecordKey.INITIALIZE, value),
                    "this is the group's database: " + local.get(),
                    leader);
        }
        Optional<SiteSwitchover> switchover = seen.switchover().value().flatMap(request -> request);
        if (switchover.isPresent()) {
            return handOver(seen, config, switchover.get(), leader);
        }
        if (seen.stopTold()) {
            // Most likely the target has cleared the request together with taking the lock, and the two were read at
            // different moments. Writing again needs a transaction that proves the lock is ours: inheriting it.
            return new StepBack(new Unknown("the switchover request is gone; finding out who leads"));
        }
        return stand(leader);
    }

    private static SiteDecision handOver(
            SiteObservation seen, SiteConfig config, SiteSwitchover switchover, Leader leader) {
        HandingOver handing = new HandingOver(switchover.targetSite());
        boolean overdue = seen.handingOverSince()
                .filter(since -> since.plus(config.switchoverTimeout()).isBefore(seen.now()))
                .isPresent();
        if (overdue) {
            // The same version can be written once only: either this, or the target's claim.
            return cancel(seen, "site " + switchover.targetSite() + " did not take over in time", handing);
        }
        if (!seen.handingOver()) {
            Optional<String> obstacle = obstacle(seen, config, switchover.targetSite());
            if (obstacle.isPresent()) {
                // Whoever is no primary may have told its stop, or its predecessor may have: until the request is
                // surely
                // gone the target may take over.
                return cancel(seen, obstacle.get(), seen.facts().primary() ? leader : handing);
            }
        }
        if (switchover.stopped().isEmpty()
                && !seen.facts().primary()
                && seen.facts().stopped().isPresent()) {
            Stopped end = seen.facts().stopped().get();
            SiteSwitchover stopped = switchover.stoppedAt(end.timeline(), end.lsn());
            return new Write(
                    RecordWrite.over(seen.stored(RecordKey.FAILOVER), RecordKey.FAILOVER, stopped.encode()),
                    "stopped for the switchover to site " + switchover.targetSite(),
                    handing);
        }
        return stand(handing);
    }

    /** Why a switchover to that site must not begin. */
    private static Optional<String> obstacle(SiteObservation seen, SiteConfig config, String target) {
        if (target.equals(config.site())) {
            return Optional.of("site " + target + " leads already");
        }
        SiteRecord site = seen.sites().get(target);
        if (site == null) {
            return Optional.of("site " + target + " is not there; there are: "
                    + seen.sites().keySet());
        }
        if (!site.systemIdentifier().equals(seen.facts().systemIdentifier())) {
            return Optional.of("site " + target + " has another database or none");
        }
        if (seen.epoch() instanceof Entry.Corrupt<Long> corrupt) {
            return Optional.of("the group's epoch record cannot be read: " + corrupt.reason());
        }
        if (seen.facts().position().isEmpty() || !seen.facts().primary()) {
            return Optional.of("PostgreSQL is no running primary here");
        }
        Position mine = seen.facts().position().get();
        if (site.timeline().isEmpty() || site.timeline().get() != mine.timeline()) {
            return Optional.of("site " + target + " is on timeline "
                    + site.timeline().map(String::valueOf).orElse("unknown") + ", this one on " + mine.timeline());
        }
        return Optional.empty();
    }

    private static SiteDecision cancel(SiteObservation seen, String why, SiteStanding standing) {
        return new Write(
                RecordWrite.over(seen.stored(RecordKey.FAILOVER), RecordKey.FAILOVER, SiteSwitchover.NONE),
                "switchover given up: " + why,
                standing);
    }

    private static SiteDecision follow(SiteObservation seen, SiteConfig config, Lock lock) {
        if (lock.holder().equals(config.site())) {
            // The cluster's own lock is ours, so the member that took the lease has been fenced by its end. A stop that
            // it
            // told is taken back in the same transaction, whether it shows already or not.
            return new Take(
                    Optional.of(lock),
                    Optional.empty(),
                    List.of(RecordWrite.over(seen.stored(RecordKey.FAILOVER), RecordKey.FAILOVER, SiteSwitchover.NONE)),
                    0,
                    new Unknown("inheriting the site lease"));
        }
        Standby standby = new Standby(lock.holder(), seen.primaryOf(lock.holder()));
        Optional<Stopped> end = seen.switchover()
                .value()
                .flatMap(request -> request)
                .filter(request -> request.targetSite().equals(config.site()))
                .flatMap(SiteSwitchover::stopped);
        // With an epoch that cannot be read, counting from the start again would let what an old leader does pass for
        // newer.
        if (end.isPresent() && has(seen.facts(), end.get()) && !(seen.epoch() instanceof Entry.Corrupt<Long>)) {
            List<RecordWrite> with = new ArrayList<>();
            with.add(RecordWrite.over(seen.stored(RecordKey.FAILOVER), RecordKey.FAILOVER, SiteSwitchover.NONE));
            return new Take(Optional.of(lock), Optional.of("switchover"), with, 0, standby);
        }
        return stand(standby);
    }

    /** Whether everything up to and into the old leader's last record, its shutdown checkpoint, has arrived here. */
    private static boolean has(SiteFacts facts, Stopped end) {
        return facts.systemIdentifier().isPresent()
                && facts.position()
                        .filter(mine ->
                                mine.timeline() == end.timeline() && Long.compareUnsigned(mine.lsn(), end.lsn()) > 0)
                        .isPresent();
    }

    private static SiteDecision takeOver(SiteObservation seen, SiteConfig config) {
        Entry<InitializeRecord> initialize = seen.initialize();
        Optional<String> group = initialize.value().flatMap(InitializeRecord::systemIdentifier);
        if (group.isEmpty()) {
            String value = new InitializeRecord(seen.facts().systemIdentifier()).encodeForGroup(config.site());
            return new Take(
                    Optional.empty(),
                    Optional.of("founded"),
                    List.of(RecordWrite.over(initialize.stored(), RecordKey.INITIALIZE, value)),
                    0,
                    new Unknown("no site leads, and the group has no database yet"));
        }
        return obstacleToTakeover(seen, config)
                .<SiteDecision>map(reason -> stand(new Unknown("no site leads; not taking over: " + reason)))
                .orElseGet(() -> new Take(
                        Optional.empty(),
                        Optional.of("takeover"),
                        withoutSwitchover(seen),
                        lostBytes(seen),
                        new Unknown("no site leads; taking over")));
    }

    private static Optional<String> obstacleToTakeover(SiteObservation seen, SiteConfig config) {
        if (seen.facts().systemIdentifier().isEmpty()) {
            return Optional.of("there is no data here");
        }
        if (seen.facts().position().isEmpty()) {
            return Optional.of("PostgreSQL does not run here, so it is not known how far its data goes");
        }
        Position mine = seen.facts().position().get();
        if (seen.epoch() instanceof Entry.Corrupt<Long> corrupt) {
            // Counting from the start again would let what an old leader does pass for newer than this.
            return Optional.of("the group's epoch record cannot be read: " + corrupt.reason());
        }
        if (seen.status() instanceof Entry.Corrupt<?> corrupt) {
            return Optional.of("the group's status record cannot be read: " + corrupt.reason());
        }
        Optional<Long> leaderTimeline = seen.status().value().flatMap(status -> status.timeline());
        if (leaderTimeline.filter(timeline -> timeline > mine.timeline()).isPresent()) {
            return Optional.of(
                    "the leader was on timeline " + leaderTimeline.get() + ", this site is on " + mine.timeline());
        }
        if (lostBytes(seen) > config.maximumLag()) {
            return Optional.of(lostBytes(seen) + " bytes of the leader's WAL never arrived here, more than maximum lag "
                    + config.maximumLag());
        }
        boolean mayWait = seen.leaderlessSince()
                .filter(since -> seen.now().isBefore(since.plus(config.electionWindow())))
                .isPresent();
        return mayWait ? betterSite(seen, config, mine) : Optional.empty();
    }

    private static Optional<String> betterSite(SiteObservation seen, SiteConfig config, Position mine) {
        return seen.sites().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(config.site()))
                .filter(entry ->
                        entry.getValue().systemIdentifier().equals(seen.facts().systemIdentifier()))
                .filter(entry -> isAhead(entry.getValue(), mine))
                .map(entry -> "site " + entry.getKey() + " has more data")
                .findFirst();
    }

    private static boolean isAhead(SiteRecord site, Position mine) {
        return site.timeline().isPresent()
                && site.lsn().isPresent()
                && new Position(site.timeline().get(), site.lsn().get()).isAheadOf(mine);
    }

    private static long lostBytes(SiteObservation seen) {
        return seen.status()
                .value()
                .filter(status -> seen.facts().position().isPresent())
                .map(status -> bytesBetween(seen.facts().position().get().lsn(), status.optime()))
                .orElse(0L);
    }

    /** Positions are unsigned: a huge one, though it is nonsense, must not look like no loss. */
    private static long bytesBetween(long mine, long published) {
        long bytes = Long.compareUnsigned(published, mine) > 0 ? published - mine : 0;
        return bytes < 0 ? Long.MAX_VALUE : bytes;
    }

    /** A request that was made to the leader that is gone is over with it. */
    private static List<RecordWrite> withoutSwitchover(SiteObservation seen) {
        Optional<Stored> stored = seen.stored(RecordKey.FAILOVER);
        return stored.filter(value -> !value.value().equals(SiteSwitchover.NONE))
                .map(value -> List.of(RecordWrite.replace(RecordKey.FAILOVER, SiteSwitchover.NONE, value.version())))
                .orElseGet(List::of);
    }

    private static Leader leader(SiteObservation seen, SiteConfig config, boolean mayFound) {
        Map<String, SiteRecord> sites = seen.sites();
        Set<String> others = new HashSet<>(sites.keySet());
        others.remove(config.site());
        return new Leader(seen.epoch().value().orElse(0L), mayFound, others);
    }

    private static SiteDecision stand(SiteStanding standing) {
        return new Stand(standing);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.SiteRecord;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import dev.primacy.multisite.SiteDecision.Stand;
import dev.primacy.multisite.SiteDecision.Take;
import dev.primacy.multisite.SiteDecision.Write;
import dev.primacy.multisite.SiteFacts.Follower;
import dev.primacy.multisite.SiteFacts.Position;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.multisite.SiteStanding.Leader;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a planned switchover. Timeline number and position do not tell whose data is a part of whose: servers that
 * were promoted apart make the same number. So the leader hands over to that very member which it sees streaming from
 * it, and the member claims only once it has replayed, not just received, the leader's last record: replay stops where
 * records do not continue what is there.
 */
final class Switchovers {
    private Switchovers() {}

    /** For the leader. */
    static SiteDecision handOver(SiteObservation seen, SiteConfig config, SiteSwitchover request, Leader leader) {
        String target = request.targetSite();
        Optional<HandingOver> begun = begun(seen, target);
        if (begun.isPresent()) {
            return goOn(seen, config, request, begun.get());
        }
        Optional<String> obstacle = obstacle(seen, config, target);
        if (obstacle.isPresent()) {
            // Whoever is no primary may have told its stop, or its predecessor may have: until the request is surely
            // gone the target may take over.
            SiteStanding meanwhile = seen.facts().primary() ? leader : new HandingOver(target, Optional.empty());
            return cancel(seen, obstacle.get(), meanwhile);
        }
        return new Stand(new HandingOver(
                target, Optional.ofNullable(seen.sites().get(target)).map(SiteRecord::member)));
    }

    private static Optional<HandingOver> begun(SiteObservation seen, String target) {
        return seen.before() instanceof HandingOver before
                        && before.target().equals(target)
                        && before.member().isPresent()
                ? Optional.of(before)
                : Optional.empty();
    }

    private static SiteDecision goOn(
            SiteObservation seen, SiteConfig config, SiteSwitchover request, HandingOver begun) {
        boolean overdue = seen.handingOverSince()
                .filter(since -> since.plus(config.switchoverTimeout()).isBefore(seen.now()))
                .isPresent();
        if (overdue) {
            // The same version can be written once only: either this, or the target's claim.
            return cancel(seen, "site " + begun.target() + " did not take over in time", begun);
        }
        if (request.stopped().isEmpty()
                && !seen.facts().primary()
                && seen.facts().stopped().isPresent()) {
            String stopped = request.stoppedAt(
                            seen.facts().stopped().get(), begun.member().orElseThrow())
                    .encode();
            return new Write(
                    RecordWrite.over(seen.stored(RecordKey.FAILOVER), RecordKey.FAILOVER, stopped),
                    "stopped for the switchover to site " + begun.target(),
                    begun);
        }
        return new Stand(begun);
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
        return seen.facts().followers().flatMap(all -> notFollowing(all, target, site.member(), mine));
    }

    private static Optional<String> notFollowing(List<Follower> all, String target, String member, Position mine) {
        Optional<Follower> follower = all.stream()
                .filter(one -> one.site().equals(target) && one.member().equals(member))
                .findFirst();
        if (follower.isEmpty()) {
            return Optional.of("member " + member + " of site " + target + " does not stream from here");
        }
        return follower.filter(one -> Long.compareUnsigned(one.flushed(), mine.lsn()) > 0)
                .map(ahead -> "member " + member + " of site " + target + " has WAL that was never written here");
    }

    private static SiteDecision cancel(SiteObservation seen, String why, SiteStanding standing) {
        return new Write(clear(seen), "switchover given up: " + why, standing);
    }

    static RecordWrite clear(SiteObservation seen) {
        return RecordWrite.over(seen.stored(RecordKey.FAILOVER), RecordKey.FAILOVER, SiteSwitchover.NONE);
    }

    /** For the target: the claim, once everything is here. */
    static Optional<SiteDecision> claim(
            SiteObservation seen, SiteConfig config, Lock lock, SiteStanding.Standby standby) {
        // With an epoch that cannot be read, counting from the start again would let what an old leader does pass for
        // newer.
        return seen.switchover()
                .value()
                .flatMap(request -> request)
                .filter(request -> request.targetSite().equals(config.site()))
                .filter(request -> isHandedTo(seen.facts(), request))
                .filter(request -> !(seen.epoch() instanceof Entry.Corrupt<Long>))
                .map(request ->
                        new Take(Optional.of(lock), Optional.of("switchover"), List.of(clear(seen)), 0, standby));
    }

    private static boolean isHandedTo(SiteFacts facts, SiteSwitchover request) {
        return facts.systemIdentifier().isPresent()
                && request.targetMember().equals(Optional.of(facts.member()))
                && request.stopped().filter(end -> hasReplayed(facts, end)).isPresent();
    }

    /** Up to and into the old leader's last record, its shutdown checkpoint. */
    private static boolean hasReplayed(SiteFacts facts, Stopped end) {
        return facts.position()
                .filter(mine ->
                        mine.timeline() == end.timeline() && Long.compareUnsigned(mine.replayed(), end.lsn()) > 0)
                .isPresent();
    }
}

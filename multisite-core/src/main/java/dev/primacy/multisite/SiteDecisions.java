// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.InitializeRecord;
import dev.primacy.dcs.record.SiteRecord;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.multisite.SiteDecision.Stand;
import dev.primacy.multisite.SiteDecision.StepBack;
import dev.primacy.multisite.SiteDecision.Write;
import dev.primacy.multisite.SiteStanding.Foreign;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.multisite.SiteStanding.Leader;
import dev.primacy.multisite.SiteStanding.Standby;
import dev.primacy.multisite.SiteStanding.Unknown;
import java.util.HashSet;
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
        return seen.lock().map(lock -> follow(seen, config, lock)).orElseGet(() -> Takeovers.takeOver(seen, config));
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
        Optional<String> group = seen.founded();
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
        Leader leader = leader(seen, config);
        if (leader.mayFound() && local.isPresent()) {
            String value = new InitializeRecord(local).encodeForGroup(config.site());
            return new Write(
                    RecordWrite.over(seen.stored(RecordKey.INITIALIZE), RecordKey.INITIALIZE, value),
                    "this is the group's database: " + local.get(),
                    leader);
        }
        Optional<SiteSwitchover> switchover = seen.switchover().value().flatMap(request -> request);
        if (switchover.isPresent()) {
            return Switchovers.handOver(seen, config, switchover.get(), leader);
        }
        if (seen.stopTold()) {
            // Most likely the target has cleared the request together with taking the lock, and the two were read at
            // different moments. Writing again needs a transaction that proves the lock is ours: inheriting it.
            return new StepBack(new Unknown("the switchover request is gone; finding out who leads"));
        }
        return stand(leader);
    }

    private static SiteDecision follow(SiteObservation seen, SiteConfig config, Lock lock) {
        if (lock.holder().equals(config.site())) {
            return Takeovers.inherit(seen, config, lock);
        }
        Standby standby = new Standby(lock.holder(), seen.primaryOf(lock.holder()));
        return Switchovers.claim(seen, config, lock, standby).orElseGet(() -> stand(standby));
    }

    private static Leader leader(SiteObservation seen, SiteConfig config) {
        Map<String, SiteRecord> sites = seen.sites();
        Set<String> others = new HashSet<>(sites.keySet());
        others.remove(config.site());
        return new Leader(seen.epoch().value().orElse(0L), seen.founded(), others);
    }

    private static SiteDecision stand(SiteStanding standing) {
        return new Stand(standing);
    }
}

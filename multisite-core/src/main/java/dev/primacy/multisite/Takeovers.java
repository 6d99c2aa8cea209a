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
import dev.primacy.multisite.SiteDecision.Stand;
import dev.primacy.multisite.SiteDecision.Take;
import dev.primacy.multisite.SiteFacts.Position;
import dev.primacy.multisite.SiteStanding.Behind;
import dev.primacy.multisite.SiteStanding.Unknown;
import java.util.List;
import java.util.Optional;

/** The rows of an unplanned change of the leader, to another site or to another member of the same. */
final class Takeovers {
    private Takeovers() {}

    /** Nobody holds the lease. */
    static SiteDecision takeOver(SiteObservation seen, SiteConfig config) {
        if (!seen.isFounded()) {
            Entry<InitializeRecord> initialize = seen.initialize();
            String value = new InitializeRecord(seen.facts().systemIdentifier()).encodeForGroup(config.site());
            return new Take(
                    Optional.empty(),
                    Optional.of("founded"),
                    List.of(RecordWrite.over(initialize.stored(), RecordKey.INITIALIZE, value)),
                    0,
                    new Unknown("no site leads, and the group has no database yet"));
        }
        return refusal("no site leads; not taking over: ", seen, config)
                .or(() -> betterSite(seen, config)
                        .map(reason -> new Unknown("no site leads; not taking over: " + reason)))
                .<SiteDecision>map(Stand::new)
                .orElseGet(() -> new Take(
                        Optional.empty(),
                        Optional.of("takeover"),
                        withoutSwitchover(seen),
                        lostBytes(seen),
                        new Unknown("no site leads; taking over")));
    }

    /**
     * Another member of this site holds the lease, or did. The cluster's own lock is ours, so it has been fenced by the
     * lock's end. But its cluster judged the loss by what it knows itself; the group may know of more.
     */
    static SiteDecision inherit(SiteObservation seen, SiteConfig config, Lock lock) {
        // A stop that the member told is taken back in the same transaction, whether it shows already or not.
        return refusal("this site leads; not inheriting the lease: ", seen, config)
                .or(() -> laterMember(seen, config))
                .filter(refusal -> seen.isFounded())
                .<SiteDecision>map(Stand::new)
                .orElseGet(() -> new Take(
                        Optional.of(lock),
                        Optional.empty(),
                        List.of(Switchovers.clear(seen)),
                        lostBytes(seen),
                        new Unknown("inheriting the site lease")));
    }

    /** What this member knows of its cluster's lock may be old; the status is as new as the claim that depends on it. */
    private static Optional<SiteStanding> laterMember(SiteObservation seen, SiteConfig config) {
        Optional<Long> told = seen.status().value().flatMap(status -> status.localTermOf(config.site()));
        Optional<Long> mine = seen.facts().localTerm();
        return told.filter(term -> mine.isEmpty() || mine.get() < term)
                .map(term -> new Unknown("another member got the leader lock of this site later, in term " + term));
    }

    private static Optional<SiteStanding> refusal(String what, SiteObservation seen, SiteConfig config) {
        if (seen.facts().systemIdentifier().isEmpty()) {
            return Optional.of(new Behind(what + "there is no data here"));
        }
        return unknown(seen)
                .<SiteStanding>map(reason -> new Unknown(what + reason))
                .or(() -> lack(seen, config).map(reason -> new Behind(what + reason)));
    }

    /** Why it is not known whether what is here is enough. */
    private static Optional<String> unknown(SiteObservation seen) {
        if (seen.facts().position().isEmpty()) {
            return Optional.of("PostgreSQL does not run here, so it is not known how far its data goes");
        }
        if (seen.epoch() instanceof Entry.Corrupt<Long> corrupt) {
            // Counting from the start again would let what an old leader does pass for newer than this.
            return Optional.of("the group's epoch record cannot be read: " + corrupt.reason());
        }
        if (seen.status() instanceof Entry.Corrupt<?> corrupt) {
            return Optional.of("the group's status record cannot be read: " + corrupt.reason());
        }
        return Optional.empty();
    }

    private static Optional<String> lack(SiteObservation seen, SiteConfig config) {
        Position mine = seen.facts().position().orElseThrow();
        Optional<Long> leaderTimeline = seen.status().value().flatMap(status -> status.timeline());
        if (leaderTimeline.filter(timeline -> timeline > mine.timeline()).isPresent()) {
            return Optional.of(
                    "the leader was on timeline " + leaderTimeline.get() + ", this site is on " + mine.timeline());
        }
        return Optional.of(lostBytes(seen))
                .filter(lost -> Long.compareUnsigned(lost, config.maximumLag()) > 0)
                .map(lost -> Long.toUnsignedString(lost)
                        + " bytes of the leader's WAL never got into the data here, more than maximum lag "
                        + config.maximumLag());
    }

    /** For a while; then that site had its chance. */
    private static Optional<String> betterSite(SiteObservation seen, SiteConfig config) {
        boolean mayWait = seen.leaderlessSince()
                .filter(since -> seen.now().isBefore(since.plus(config.electionWindow())))
                .isPresent();
        return seen.sites().entrySet().stream()
                .filter(entry -> mayWait && !entry.getKey().equals(config.site()))
                .filter(entry ->
                        entry.getValue().systemIdentifier().equals(seen.facts().systemIdentifier()))
                .filter(entry ->
                        isAhead(entry.getValue(), seen.facts().position().orElseThrow()))
                .map(entry -> "site " + entry.getKey() + " has more data")
                .findFirst();
    }

    private static boolean isAhead(SiteRecord site, Position mine) {
        return site.timeline().isPresent()
                && site.lsn().isPresent()
                && new Position(
                                site.timeline().get(),
                                site.lsn().get(),
                                site.lsn().get())
                        .isAheadOf(mine);
    }

    private static long lostBytes(SiteObservation seen) {
        return seen.status()
                .value()
                .flatMap(status -> seen.facts().position().map(mine -> mine.lacks(status.optime())))
                .orElse(0L);
    }

    /** A request that was made to the leader that is gone is over with it. */
    private static List<RecordWrite> withoutSwitchover(SiteObservation seen) {
        Optional<Stored> stored = seen.stored(RecordKey.FAILOVER);
        return stored.filter(value -> !value.value().equals(SiteSwitchover.NONE))
                .map(value -> List.of(Switchovers.clear(seen)))
                .orElseGet(List::of);
    }
}

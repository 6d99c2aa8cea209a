// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.lease.LeaseKeeper;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.SiteRecord;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.multisite.SiteFacts.Position;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells other sites where this one can be reached and how far its data goes. Owned by one thread. */
final class SiteAdvertisement {
    private static final Duration CONTEST = Duration.ofSeconds(1);

    private final SiteConfig config;
    private final Dcs dcs;
    private final LeaseKeeper keeper;
    private boolean founded;
    private Optional<MonotonicInstant> toldAt = Optional.empty();
    private @Nullable SiteFacts told;

    SiteAdvertisement(SiteConfig config, Dcs dcs, LeaseKeeper keeper) {
        this.config = config;
        this.dcs = dcs;
        this.keeper = keeper;
    }

    /** How far the group's data goes, as its leader knows it. */
    void tellStatus(SiteObservation seen) {
        // What is told before the group has a database would stay as a bar before whoever founds it in the end.
        founded = founded || seen.isFounded();
        SiteFacts facts = seen.facts();
        if (facts.primary() && seen.lease().isPresent() && founded) {
            facts.localTerm()
                    .ifPresent(term -> facts.position().ifPresent(at -> tell(at, term, isNew(at.timeline(), seen))));
        }
    }

    private static boolean isNew(long timeline, SiteObservation seen) {
        return !seen.status().value().flatMap(StatusRecord::timeline).equals(Optional.of(timeline));
    }

    /** A new timeline at once: until it shows, another site that takes over may make one of the same number. */
    private void tell(Position at, long localTerm, boolean atOnce) {
        String status = new StatusRecord(at.lsn(), Optional.of(at.timeline()), JsonObject.EMPTY)
                .toldBy(config.site(), localTerm)
                .encode();
        if (atOnce) {
            keeper.publishNow(status);
        } else {
            keeper.publish(status);
        }
    }

    /** Not more often than once a loop_wait unless something but the WAL position changed: each write wakes all. */
    void publish(SiteObservation seen) {
        SiteFacts now = seen.facts();
        if (seen.group().isEmpty() || !now.localLeader()) {
            return;
        }
        SiteFacts before = told;
        SiteRecord shown = seen.sites().get(config.site());
        // Not there any more, or another member's: the session that carried it has ended, or the site's leader changed.
        boolean lost = shown == null || !shown.member().equals(now.member());
        // Two members that both take themselves for the leader of their cluster would answer each other without a
        // pause.
        boolean urgent = before == null || now.differsFrom(before) || (lost && isOlderThan(CONTEST, seen));
        boolean due = isOlderThan(config.timing().renewEvery(), seen);
        if (urgent || (due && !now.equals(before))) {
            dcs.register(config.site(), now.record().encode(), config.timing().requestTimeout());
            told = now;
            toldAt = Optional.of(seen.now());
        }
    }

    private boolean isOlderThan(Duration age, SiteObservation seen) {
        return toldAt.filter(at -> seen.now().isBefore(at.plus(age))).isEmpty();
    }
}

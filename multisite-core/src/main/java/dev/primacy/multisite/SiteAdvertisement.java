// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.record.SiteRecord;
import dev.primacy.time.MonotonicInstant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells other sites where this one can be reached and how far its data goes. Owned by one thread. */
final class SiteAdvertisement {
    private final SiteConfig config;
    private final Dcs dcs;
    private Optional<MonotonicInstant> toldAt = Optional.empty();
    private @Nullable SiteFacts told;

    SiteAdvertisement(SiteConfig config, Dcs dcs) {
        this.config = config;
        this.dcs = dcs;
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
        boolean urgent = before == null || now.differsFrom(before) || lost;
        boolean due = toldAt.filter(
                        at -> seen.now().isBefore(at.plus(config.timing().renewEvery())))
                .isEmpty();
        if (urgent || (due && !now.equals(before))) {
            dcs.register(config.site(), now.record().encode(), config.timing().requestTimeout());
            told = now;
            toldAt = Optional.of(seen.now());
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.record.SiteSwitchover;
import java.util.Optional;

/**
 * The group as a site sees it, for display.
 *
 * @param standing of this site
 * @param leaderSite who holds the site lease, as last read
 * @param epoch as last read
 * @param switchoverToUs whether a switchover to this site is in progress
 */
public record SiteView(SiteStanding standing, Optional<String> leaderSite, long epoch, boolean switchoverToUs) {
    static SiteView atStart() {
        return new SiteView(new SiteStanding.Unknown("just started"), Optional.empty(), 0, false);
    }

    static SiteView of(SiteObservation seen, SiteStanding standing, String site) {
        boolean toUs = seen.switchover()
                .value()
                .flatMap(request -> request)
                .map(SiteSwitchover::targetSite)
                .filter(site::equals)
                .isPresent();
        return new SiteView(
                standing, seen.lock().map(Lock::holder), seen.epoch().value().orElse(0L), toUs);
    }

    SiteView with(SiteStanding now) {
        return new SiteView(now, leaderSite, epoch, switchoverToUs);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.time.LeaseTiming;
import java.time.Duration;

/**
 * Settings of one site in a group.
 *
 * @param site its name; the same for all members of the site, and no other site's
 * @param timing of the site lease
 * @param maximumLag how many bytes of published WAL a takeover may lose
 * @param switchoverTimeout how long a planned switchover may keep the old leader stopped before it takes the right back
 * @param electionWindow how long a site that may take over waits for one that has more data
 */
public record SiteConfig(
        String site, LeaseTiming timing, long maximumLag, Duration switchoverTimeout, Duration electionWindow) {
    public SiteConfig {
        if (site.isBlank() || site.contains("/")) {
            throw new IllegalArgumentException("'" + site + "' is no name of a site: give one without '/'");
        }
        if (maximumLag < 0) {
            throw new IllegalArgumentException("maximum lag must not be negative");
        }
    }

    /** The usual lag of 1 MiB, 10 s for a switchover, 2 s for an election. */
    public static SiteConfig of(String site, LeaseTiming timing) {
        return new SiteConfig(site, timing, 1 << 20, Duration.ofSeconds(10), Duration.ofSeconds(2));
    }
}

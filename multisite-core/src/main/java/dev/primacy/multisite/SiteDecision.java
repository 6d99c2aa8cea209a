// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordWrite;
import java.util.List;
import java.util.Optional;

/** What a site does next in its group, and where it stands meanwhile. */
public sealed interface SiteDecision {
    /** Where the site stands until the next round, if what is done has no effect. */
    SiteStanding standing();

    /** Nothing but standing. */
    record Stand(SiteStanding standing) implements SiteDecision {}

    /**
     * Take the lease.
     *
     * @param replacing the tenure to replace; empty: it is free
     * @param cause for the history: {@code founded}, {@code takeover}, {@code switchover}; empty when the site stays the
     *     leader and only its speaker changes
     * @param with conditional writes that belong to it
     * @param lostBytes published WAL that this site does not have
     * @param standing until the claim has succeeded
     */
    record Take(
            Optional<Lock> replacing,
            Optional<String> cause,
            List<RecordWrite> with,
            long lostBytes,
            SiteStanding standing)
            implements SiteDecision {
        public Take {
            with = List.copyOf(with);
        }
    }

    /** One conditional write, for the reason given. */
    record Write(RecordWrite write, String why, SiteStanding standing) implements SiteDecision {}

    /** Stop relying on the lease, and leave its lock to the member that now speaks for this site. */
    record StepBack(SiteStanding standing) implements SiteDecision {}
}

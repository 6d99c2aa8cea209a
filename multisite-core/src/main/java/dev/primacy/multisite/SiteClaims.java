// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.SiteHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the one transaction in which the lease changes hands: lock, epoch and history together, or nothing of it. */
final class SiteClaims {
    private SiteClaims() {}

    static LockClaim claim(SiteDecision.Take take, SiteObservation seen, SiteConfig config, Instant wallTime) {
        List<RecordWrite> with = new ArrayList<>(take.with());
        boolean otherSite =
                !seen.history().value().flatMap(SiteHistory::lastLeader).equals(Optional.of(config.site()));
        if (take.cause().isPresent() && otherSite) {
            long epoch = seen.epoch().value().orElse(0L) + 1;
            with.add(RecordWrite.over(seen.stored(RecordKey.EPOCH), RecordKey.EPOCH, Long.toString(epoch)));
            // A history that cannot be read is left as it is: what is in it may still be wanted.
            if (!(seen.history() instanceof Entry.Corrupt<SiteHistory>)) {
                SiteHistory history = seen.history()
                        .value()
                        .orElse(SiteHistory.EMPTY)
                        .append(new SiteHistory.Entry(
                                config.site(), epoch, take.cause().get(), wallTime, take.lostBytes()));
                with.add(RecordWrite.over(seen.stored(RecordKey.HISTORY), RecordKey.HISTORY, history.encode()));
            }
        }
        carryTerm(seen, config).ifPresent(with::add);
        return new LockClaim(config.site(), take.replacing(), with);
    }

    /**
     * The status, told anew by this member in its term of the cluster's leader lock. From the moment of the claim on a
     * member with an earlier term sees that another speaks for the site, however old its own facts are.
     */
    private static Optional<RecordWrite> carryTerm(SiteObservation seen, SiteConfig config) {
        Optional<Long> term = seen.facts().localTerm();
        return seen.status()
                .value()
                .filter(status -> term.isPresent())
                .map(status -> status.toldBy(config.site(), term.orElseThrow()))
                .map(status -> RecordWrite.over(seen.stored(RecordKey.STATUS), RecordKey.STATUS, status.encode()));
    }
}

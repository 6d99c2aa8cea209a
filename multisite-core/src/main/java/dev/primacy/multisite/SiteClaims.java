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

/** Makes the one transaction in which the lease changes hands: lock, epoch and history together, or nothing of it. */
final class SiteClaims {
    private SiteClaims() {}

    static LockClaim claim(SiteDecision.Take take, SiteObservation seen, SiteConfig config, Instant wallTime) {
        List<RecordWrite> with = new ArrayList<>(take.with());
        boolean otherSite =
                !seen.history().value().flatMap(SiteHistory::lastLeader).equals(java.util.Optional.of(config.site()));
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
        return new LockClaim(config.site(), take.replacing(), with);
    }
}

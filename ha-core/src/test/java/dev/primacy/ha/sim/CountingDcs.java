// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.ForwardingDcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Counts what one member asks of the store. */
final class CountingDcs extends ForwardingDcs {
    private int reads;
    private int writes;

    CountingDcs(Dcs store) {
        super(store);
    }

    int reads() {
        return reads;
    }

    int writes() {
        return writes;
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        reads++;
        return super.snapshot(timeout);
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        writes++;
        return super.write(write, timeout);
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        writes++;
        return super.acquire(claim, timeout);
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        writes++;
        return super.renew(held, status, timeout);
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        writes++;
        return super.release(held, with, timeout);
    }

    @Override
    public void register(String name, String value, Duration timeout) {
        writes++;
        super.register(name, value, timeout);
    }
}

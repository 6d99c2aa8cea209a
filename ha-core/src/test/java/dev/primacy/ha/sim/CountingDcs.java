// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
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
final class CountingDcs implements Dcs {
    private final Dcs store;
    private int reads;
    private int writes;

    CountingDcs(Dcs store) {
        this.store = store;
    }

    int reads() {
        return reads;
    }

    int writes() {
        return writes;
    }

    @Override
    public DcsCapabilities capabilities() {
        return store.capabilities();
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        reads++;
        return store.snapshot(timeout);
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        writes++;
        return store.write(write, timeout);
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        writes++;
        return store.acquire(claim, timeout);
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        writes++;
        return store.renew(held, status, timeout);
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        writes++;
        return store.release(held, with, timeout);
    }

    @Override
    public void register(String name, String value, Duration timeout) {
        writes++;
        store.register(name, value, timeout);
    }

    @Override
    public Watch watch(Runnable hint) {
        return store.watch(hint);
    }

    @Override
    public void close() {
        store.close();
    }
}

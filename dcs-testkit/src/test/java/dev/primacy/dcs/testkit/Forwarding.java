// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

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

/** A session that does what another one does; a mutant overrides what it gets wrong. */
public class Forwarding implements Dcs {
    protected final Dcs right;
    protected final MemoryFixture fixture;

    protected Forwarding(Dcs right, MemoryFixture fixture) {
        this.right = right;
        this.fixture = fixture;
    }

    /** Who holds the lock now, if anybody. */
    final Optional<Lock> leader(Duration timeout) {
        return right.snapshot(timeout).leader();
    }

    @Override
    public DcsCapabilities capabilities() {
        return right.capabilities();
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        return right.snapshot(timeout);
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        return right.write(write, timeout);
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        return right.acquire(claim, timeout);
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        return right.renew(held, status, timeout);
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        return right.release(held, with, timeout);
    }

    @Override
    public void register(String name, String value, Duration timeout) {
        right.register(name, value, timeout);
    }

    @Override
    public Watch watch(Runnable hint) {
        return right.watch(hint);
    }

    @Override
    public void close() {
        right.close();
    }
}

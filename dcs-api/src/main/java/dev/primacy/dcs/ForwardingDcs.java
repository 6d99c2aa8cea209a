// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A session that passes every verb to another one, with its answer and its exceptions. For decorators that count, measure
 * or add faults: they override the verbs that they change. May be called by any thread, as the delegate may.
 *
 * <p>It is not a {@link GroupReader}, also if the delegate is one.
 */
public abstract class ForwardingDcs implements Dcs {
    /** Gets every verb that is not overridden. */
    protected final Dcs delegate;

    /**
     * Passes verbs on from now.
     *
     * @param delegate closed by {@link #close}
     */
    protected ForwardingDcs(Dcs delegate) {
        this.delegate = delegate;
    }

    @Override
    public DcsCapabilities capabilities() {
        return delegate.capabilities();
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        return delegate.snapshot(timeout);
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        return delegate.write(write, timeout);
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        return delegate.acquire(claim, timeout);
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        return delegate.renew(held, status, timeout);
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        return delegate.release(held, with, timeout);
    }

    @Override
    public void register(String name, String value, Duration timeout) {
        delegate.register(name, value, timeout);
    }

    @Override
    public Watch watch(Runnable hint) {
        return delegate.watch(hint);
    }

    @Override
    public void close() {
        delegate.close();
    }
}

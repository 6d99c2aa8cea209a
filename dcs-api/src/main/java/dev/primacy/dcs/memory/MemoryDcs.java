// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.memory;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.time.MonotonicInstant;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One session of a {@link MemoryStore}. */
final class MemoryDcs implements Dcs {
    private static final int MAX_VALUE_BYTES = 1 << 20;

    private final MemoryStore store;
    private final String name;
    private final Duration ttl;
    private String session;
    private boolean closed;

    MemoryDcs(MemoryStore store, String name, Duration ttl) {
        this.store = store;
        this.name = name;
        this.ttl = ttl;
        this.session = store.openSession(name, ttl);
    }

    @Override
    public DcsCapabilities capabilities() {
        return new DcsCapabilities(ttl, MAX_VALUE_BYTES, true);
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        session();
        return store.snapshot();
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        session();
        requireFit(write.value());
        WriteOutcome outcome = store.write(write);
        if (outcome instanceof WriteOutcome.Done) {
            store.changed();
        }
        return outcome;
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        claim.with().forEach(write -> requireFit(write.value()));
        // Before the sign of life that the next line gives: the store counts from there.
        MonotonicInstant proven = store.clock().now();
        AcquireOutcome outcome = store.acquire(session(), claim, proven);
        if (outcome instanceof AcquireOutcome.Acquired) {
            store.changed();
        }
        return outcome;
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        requireFit(status);
        MonotonicInstant proven = store.clock().now();
        return store.renew(session(), held, status, proven);
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        with.forEach(write -> requireFit(write.value()));
        ReleaseOutcome outcome = store.release(session(), held, with);
        if (outcome instanceof ReleaseOutcome.Released) {
            store.changed();
        }
        return outcome;
    }

    @Override
    public void register(String member, String value, Duration timeout) {
        requireFit(Optional.of(value));
        store.register(session(), member, value);
    }

    @Override
    public Watch watch(Runnable hint) {
        store.watch(hint);
        return () -> store.unwatch(hint);
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        store.endSession(session);
        store.changed();
    }

    private static void requireFit(Optional<String> value) {
        int bytes =
                value.map(text -> text.getBytes(StandardCharsets.UTF_8).length).orElse(0);
        if (bytes > MAX_VALUE_BYTES) {
            throw new DcsException.Rejected("a value of " + bytes + " bytes; the limit is " + MAX_VALUE_BYTES, null);
        }
    }

    private synchronized String session() {
        if (closed) {
            throw new DcsException.Unreachable("session '" + name + "' is closed", null);
        }
        if (!store.touch(session)) {
            session = store.openSession(name, ttl);
        }
        return session;
    }
}

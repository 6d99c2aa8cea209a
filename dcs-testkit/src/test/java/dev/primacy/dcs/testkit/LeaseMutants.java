// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.AcquireOutcome.Acquired;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.testkit.MemoryFixture.Variant;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Map;

/** Backends that get the end of a session wrong. */
final class LeaseMutants {
    static final Map<String, Variant> ALL = Map.ofEntries(
            Map.entry("proven counts from the reply", ProvenFromReply::new),
            Map.entry("the store counts half the ttl", HalfTtl::new),
            Map.entry("the lock outlives a silent session", NeverSilent::new),
            Map.entry("looking is no sign of life", DeadEyes::new),
            Map.entry("the lock outlives a closed session", LeavesLock::new));

    private LeaseMutants() {}

    private static final class ProvenFromReply extends Forwarding {
        private static final Duration ON_THE_WAY = Duration.ofMillis(300);

        ProvenFromReply(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
            return delegate.acquire(claim, timeout) instanceof Acquired acquired
                    ? new Acquired(acquired.lock(), afterReply())
                    : new AcquireOutcome.Refused("");
        }

        private MonotonicInstant afterReply() {
            fixture.pass(ON_THE_WAY);
            return fixture.clock().now();
        }
    }

    private static final class HalfTtl extends Forwarding {
        HalfTtl(Dcs right, MemoryFixture fixture) {
            super(fixture.store().open("half", MemoryFixture.TTL.dividedBy(2)), fixture);
            right.close();
        }

        @Override
        public DcsCapabilities capabilities() {
            return new DcsCapabilities(MemoryFixture.TTL, 1 << 20, true);
        }
    }

    private static final class NeverSilent extends Forwarding {
        NeverSilent(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public Snapshot snapshot(Duration timeout) {
            fixture.sessions().forEach(session -> signOfLife(session, timeout));
            return delegate.snapshot(timeout);
        }

        private static void signOfLife(Dcs session, Duration timeout) {
            try {
                session.snapshot(timeout);
            } catch (DcsException.Unreachable e) {
                // That one is closed, and stays it.
            }
        }
    }

    private static final class LeavesLock extends Forwarding {
        LeavesLock(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public void close() {
            Duration timeout = MemoryFixture.TTL;
            if (leader(timeout).isEmpty()) {
                delegate.close();
            }
        }
    }

    private static final class DeadEyes extends Forwarding {
        DeadEyes(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public Snapshot snapshot(Duration timeout) {
            try (Dcs eyes = fixture.store().open("eyes", fixture.ttl())) {
                return eyes.snapshot(timeout);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.AcquireOutcome.Acquired;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.testkit.MemoryFixture.Variant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Backends that give the lock away too easily. */
final class AcquireMutants {
    static final Map<String, Variant> ALL = Map.ofEntries(
            Map.entry("acquire takes a lock that is held", TakesHeldLock::new),
            Map.entry("acquire replaces whatever tenure there is", ReplacesAnything::new),
            Map.entry("acquire writes one by one", WritesOneByOne::new),
            Map.entry("a term repeats", RepeatsTerm::new));

    private AcquireMutants() {}

    private static final class TakesHeldLock extends Forwarding {
        TakesHeldLock(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
            Optional<Lock> replacing = claim.replacing().or(() -> leader(timeout));
            return delegate.acquire(new LockClaim(claim.holder(), replacing, claim.with()), timeout);
        }
    }

    private static final class ReplacesAnything extends Forwarding {
        ReplacesAnything(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
            Optional<Lock> replacing = claim.replacing().flatMap(lock -> leader(timeout));
            return delegate.acquire(new LockClaim(claim.holder(), replacing, claim.with()), timeout);
        }
    }

    private static final class WritesOneByOne extends Forwarding {
        WritesOneByOne(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
            AcquireOutcome outcome =
                    delegate.acquire(new LockClaim(claim.holder(), claim.replacing(), List.of()), timeout);
            if (outcome instanceof Acquired) {
                claim.with().forEach(write -> delegate.write(write, timeout));
            }
            return outcome;
        }
    }

    private static final class RepeatsTerm extends Forwarding {
        RepeatsTerm(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
            LockClaim known = new LockClaim(claim.holder(), claim.replacing().map(this::real), claim.with());
            return delegate.acquire(known, timeout) instanceof Acquired acquired
                    ? new Acquired(shown(acquired.lock()), acquired.proven())
                    : new AcquireOutcome.Refused("");
        }

        @Override
        public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
            return delegate.renew(real(held), status, timeout);
        }

        @Override
        public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
            return delegate.release(real(held), with, timeout);
        }

        @Override
        public Snapshot snapshot(Duration timeout) {
            Snapshot seen = delegate.snapshot(timeout);
            return new Snapshot(seen.leader().map(RepeatsTerm::shown), seen.members(), seen.records());
        }

        private static Lock shown(Lock lock) {
            return new Lock(lock.holder(), lock.session(), 1, lock.version());
        }

        private Lock real(Lock lock) {
            return new Lock(lock.holder(), lock.session(), lock.version().value(), lock.version());
        }
    }
}

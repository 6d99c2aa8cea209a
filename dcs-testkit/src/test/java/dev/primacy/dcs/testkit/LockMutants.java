// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.AcquireOutcome.Acquired;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.RenewOutcome.Renewed;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.testkit.MemoryFixture.Variant;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Backends that get the lock wrong. */
final class LockMutants {
    static final Map<String, Variant> ALL = Map.ofEntries(
            Map.entry("release asks only for the holder's name", ReleaseByName::new),
            Map.entry("release writes before it looks who holds the lock", ReleaseWritesFirst::new),
            Map.entry("renew does not ask whose the lock is", RenewsAnything::new),
            Map.entry("renew forgets the status", ForgetsStatus::new),
            Map.entry("acquire takes a lock that is held", TakesHeldLock::new),
            Map.entry("acquire replaces whatever tenure there is", ReplacesAnything::new),
            Map.entry("acquire writes one by one", WritesOneByOne::new),
            Map.entry("a term repeats", RepeatsTerm::new),
            Map.entry("proven counts from the reply", ProvenFromReply::new),
            Map.entry("the store counts half the ttl", HalfTtl::new),
            Map.entry("the lock outlives a silent session", NeverSilent::new),
            Map.entry("the lock outlives a closed session", LeavesLock::new));

    private LockMutants() {}

    /** Finds the session that holds the lock, whosever it is, and lets it do the deed. */
    private static boolean releaseAs(MemoryFixture fixture, Lock lock, List<RecordWrite> with, Duration timeout) {
        return fixture.sessions().stream().anyMatch(session -> attempt(session, lock, with, timeout));
    }

    private static boolean attempt(Dcs session, Lock lock, List<RecordWrite> with, Duration timeout) {
        try {
            return session.release(lock, with, timeout);
        } catch (DcsException.Unreachable e) {
            // That one is closed.
            return false;
        }
    }

    private static final class ReleaseByName extends Forwarding {
        ReleaseByName(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public boolean release(Lock held, List<RecordWrite> with, Duration timeout) {
            return leader(timeout)
                    .filter(lock -> lock.holder().equals(held.holder()))
                    .map(lock -> releaseAs(fixture, lock, with, timeout))
                    .orElse(false);
        }
    }

    private static final class ReleaseWritesFirst extends Forwarding {
        ReleaseWritesFirst(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public boolean release(Lock held, List<RecordWrite> with, Duration timeout) {
            with.forEach(write -> right.write(write, timeout));
            return right.release(held, List.of(), timeout);
        }
    }

    private static final class RenewsAnything extends Forwarding {
        RenewsAnything(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
            return leader(timeout)
                    .<RenewOutcome>map(lock -> new Renewed(fixture.clock().now()))
                    .orElseGet(() -> right.renew(held, status, timeout));
        }
    }

    private static final class ForgetsStatus extends Forwarding {
        ForgetsStatus(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
            return right.renew(held, Optional.empty(), timeout);
        }
    }

    private static final class TakesHeldLock extends Forwarding {
        TakesHeldLock(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
            Optional<Lock> replacing = claim.replacing().or(() -> leader(timeout));
            return right.acquire(new LockClaim(claim.holder(), replacing, claim.with()), timeout);
        }
    }

    private static final class ReplacesAnything extends Forwarding {
        ReplacesAnything(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
            Optional<Lock> replacing = claim.replacing().flatMap(lock -> leader(timeout));
            return right.acquire(new LockClaim(claim.holder(), replacing, claim.with()), timeout);
        }
    }

    private static final class WritesOneByOne extends Forwarding {
        WritesOneByOne(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
            AcquireOutcome outcome =
                    right.acquire(new LockClaim(claim.holder(), claim.replacing(), List.of()), timeout);
            if (outcome instanceof Acquired) {
                claim.with().forEach(write -> right.write(write, timeout));
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
            return right.acquire(known, timeout) instanceof Acquired acquired
                    ? new Acquired(shown(acquired.lock()), acquired.proven())
                    : new AcquireOutcome.Refused("");
        }

        @Override
        public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
            return right.renew(real(held), status, timeout);
        }

        @Override
        public boolean release(Lock held, List<RecordWrite> with, Duration timeout) {
            return right.release(real(held), with, timeout);
        }

        @Override
        public Snapshot snapshot(Duration timeout) {
            Snapshot seen = right.snapshot(timeout);
            return new Snapshot(seen.leader().map(RepeatsTerm::shown), seen.members(), seen.records());
        }

        private static Lock shown(Lock lock) {
            return new Lock(lock.holder(), lock.session(), 1, lock.version());
        }

        private Lock real(Lock lock) {
            return new Lock(lock.holder(), lock.session(), lock.version().value(), lock.version());
        }
    }

    private static final class ProvenFromReply extends Forwarding {
        private static final Duration ON_THE_WAY = Duration.ofMillis(300);

        ProvenFromReply(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
            return right.acquire(claim, timeout) instanceof Acquired acquired
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
            return right.snapshot(timeout);
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
                right.close();
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.RenewOutcome.Renewed;
import dev.primacy.dcs.testkit.MemoryFixture.Variant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Backends that renew or release what they should not. */
final class TenureMutants {
    static final Map<String, Variant> ALL = Map.ofEntries(
            Map.entry("release asks only for the holder's name", ReleaseByName::new),
            Map.entry("release writes before it looks who holds the lock", ReleaseWritesFirst::new),
            Map.entry("renew does not ask whose the lock is", RenewsAnything::new),
            Map.entry("renew forgets the status", ForgetsStatus::new));

    private TenureMutants() {}

    /** Finds the session that holds the lock, whosever it is, and lets it do the deed. */
    private static ReleaseOutcome releaseAs(
            MemoryFixture fixture, Lock lock, List<RecordWrite> with, Duration timeout) {
        return fixture.sessions().stream()
                .map(session -> attempt(session, lock, with, timeout))
                .filter(ReleaseOutcome.Released.class::isInstance)
                .findFirst()
                .orElse(new ReleaseOutcome.Lost("no session has it"));
    }

    private static ReleaseOutcome attempt(Dcs session, Lock lock, List<RecordWrite> with, Duration timeout) {
        try {
            return session.release(lock, with, timeout);
        } catch (DcsException.Unreachable e) {
            return new ReleaseOutcome.Lost("that one is closed");
        }
    }

    private static final class ReleaseByName extends Forwarding {
        ReleaseByName(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
            return leader(timeout)
                    .filter(lock -> lock.holder().equals(held.holder()))
                    .map(lock -> releaseAs(fixture, lock, with, timeout))
                    .orElse(new ReleaseOutcome.Lost("nobody of that name"));
        }
    }

    private static final class ReleaseWritesFirst extends Forwarding {
        ReleaseWritesFirst(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
            with.forEach(write -> delegate.write(write, timeout));
            return delegate.release(held, List.of(), timeout);
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
                    .orElseGet(() -> delegate.renew(held, status, timeout));
        }
    }

    private static final class ForgetsStatus extends Forwarding {
        ForgetsStatus(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
            return delegate.renew(held, Optional.empty(), timeout);
        }
    }
}

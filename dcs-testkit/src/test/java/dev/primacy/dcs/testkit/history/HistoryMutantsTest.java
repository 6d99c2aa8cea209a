// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.testkit.Forwarding;
import dev.primacy.dcs.testkit.MemoryFixture;
import dev.primacy.dcs.testkit.MemoryFixture.Variant;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores that are wrong now and then only, which the cases of the contract need not meet. A few histories must. */
public class HistoryMutantsTest {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryMutantsTest.class);
    private static final MonotonicClock CLOCK = BootClock.system();
    /** The rarest shows in one of five: when a client whose last renewal proved too much goes silent. */
    private static final int MOST_HISTORIES = 50;

    private static final Map<String, Variant> MUTANTS = new TreeMap<>(Map.of(
            "a read is sometimes old", SometimesOld::new,
            "a write that was done is sometimes called not done", SometimesDenied::new,
            "a conflict is sometimes called success", SometimesBlind::new,
            "a write is sometimes done again later", SometimesTwice::new,
            "a lock is sometimes given to two", SometimesTwoHolders::new,
            "a renewal sometimes proves too much", SometimesTooLong::new));

    /** Of the mutants. */
    public static Stream<String> names() {
        return MUTANTS.keySet().stream();
    }

    @TestFactory
    Stream<DynamicTest> histories() {
        return MUTANTS.entrySet().stream()
                .map(mutant -> DynamicTest.dynamicTest(mutant.getKey(), () -> {
                    for (int seed = 1; seed <= MOST_HISTORIES; seed++) {
                        List<String> violations = violations(seed, mutant.getValue());
                        if (!violations.isEmpty()) {
                            LOG.info(
                                    "{} -> killed by history {}: {}",
                                    mutant.getKey(),
                                    seed,
                                    violations.get(0).lines().findFirst().orElse(""));
                            return;
                        }
                    }
                    assertThat(MOST_HISTORIES)
                            .as("histories without a violation")
                            .isZero();
                }));
    }

    private static List<String> violations(long seed, Variant mutant) {
        MemoryFixture fixture = new MemoryFixture(CLOCK, time -> RealTime.pass(CLOCK, time), mutant);
        return new Play(fixture, StoreServers.none())
                .run(seed, Duration.ofSeconds(4), fault -> {})
                .violations();
    }

    private abstract static class Sometimes extends Forwarding {
        private int calls;

        Sometimes(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        synchronized boolean now() {
            return ++calls % 4 == 0;
        }
    }

    private static final class SometimesOld extends Sometimes {
        private Optional<Snapshot> last = Optional.empty();

        SometimesOld(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public synchronized Snapshot snapshot(Duration timeout) {
            Snapshot seen = last.filter(old -> now()).orElseGet(() -> delegate.snapshot(timeout));
            last = Optional.of(seen);
            return seen;
        }
    }

    private static final class SometimesDenied extends Sometimes {
        SometimesDenied(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public WriteOutcome write(RecordWrite write, Duration timeout) {
            WriteOutcome outcome = delegate.write(write, timeout);
            if (now()) {
                throw new DcsException.Unreachable("it is said that nothing happened", null);
            }
            return outcome;
        }
    }

    private static final class SometimesBlind extends Sometimes {
        SometimesBlind(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public WriteOutcome write(RecordWrite write, Duration timeout) {
            WriteOutcome outcome = delegate.write(write, timeout);
            return outcome instanceof WriteOutcome.Conflict && write.value().isPresent()
                    ? delegate.write(
                            RecordWrite.blind(write.key(), write.value().get()), timeout)
                    : outcome;
        }
    }

    private static final class SometimesTwice extends Sometimes {
        private Optional<RecordWrite> again = Optional.empty();

        SometimesTwice(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public synchronized WriteOutcome write(RecordWrite write, Duration timeout) {
            again.ifPresent(old -> delegate.write(
                    new RecordWrite(old.key(), old.value(), new RecordWrite.Expected.Anything()), timeout));
            again = Optional.of(write).filter(repeated -> now());
            return delegate.write(write, timeout);
        }
    }

    private static final class SometimesTwoHolders extends Sometimes {
        SometimesTwoHolders(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
            Optional<Lock> held = delegate.snapshot(timeout).leader();
            return held.isPresent() && now()
                    ? delegate.acquire(new LockClaim(claim.holder(), held, claim.with()), timeout)
                    : delegate.acquire(claim, timeout);
        }
    }

    private static final class SometimesTooLong extends Sometimes {
        SometimesTooLong(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
            RenewOutcome outcome = delegate.renew(held, status, timeout);
            return outcome instanceof RenewOutcome.Renewed renewed && now()
                    ? new RenewOutcome.Renewed(renewed.proven().plus(fixture.ttl()))
                    : outcome;
        }
    }
}

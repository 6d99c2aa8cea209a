// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A case has two sessions, {@code a} and {@code b}, on an empty scope. */
@Timeout(60)
abstract class ContractCase {
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final Duration STEP = Duration.ofMillis(20);

    private final List<Dcs> sessions = new ArrayList<>();
    DcsFixture fixture;
    Dcs a;
    Dcs b;

    /** A new fixture, with an empty scope. */
    protected abstract DcsFixture fixture();

    @BeforeEach
    final void openSessions() {
        fixture = fixture();
        a = open("a");
        b = open("b");
    }

    @AfterEach
    final void closeSessions() {
        for (Dcs session : sessions) {
            fixture.hear(session);
            session.close();
        }
        // A suite whose servers are started once has one instance for all its cases.
        sessions.clear();
        fixture.close();
    }

    final Dcs open(String name) {
        return open(name, fixture.ttl());
    }

    final Dcs open(String name, Duration ttl) {
        Dcs session = fixture.open(name, ttl);
        sessions.add(session);
        return session;
    }

    final Lock acquire(Dcs session, String holder) {
        return acquire(session, LockClaim.free(holder)).lock();
    }

    final AcquireOutcome.Acquired acquire(Dcs session, LockClaim claim) {
        AcquireOutcome outcome = session.acquire(claim, TIMEOUT);
        assertThat(outcome).as("a lock that nobody else is after").isInstanceOf(AcquireOutcome.Acquired.class);
        return (AcquireOutcome.Acquired) outcome;
    }

    final Version write(Dcs session, RecordWrite write) {
        WriteOutcome outcome = session.write(write, TIMEOUT);
        assertThat(outcome).as("a write whose condition holds").isInstanceOf(WriteOutcome.Done.class);
        return ((WriteOutcome.Done) outcome).version();
    }

    final Optional<String> value(Dcs session, RecordKey key) {
        return session.snapshot(TIMEOUT).record(key).map(stored -> stored.value());
    }

    final Optional<String> holder(Dcs session) {
        return session.snapshot(TIMEOUT).leader().map(Lock::holder);
    }

    final Snapshot snapshot(Dcs session) {
        return session.snapshot(TIMEOUT);
    }

    /** Waits for what must not take as long as a ttl. */
    final void atOnce(String what, BooleanSupplier condition) {
        within(fixture.ttl().dividedBy(2), what, condition);
    }

    /** Waits for what must happen some time. */
    final void soon(String what, BooleanSupplier condition) {
        within(SOON, what, condition);
    }

    final void within(Duration limit, String what, BooleanSupplier condition) {
        MonotonicInstant end = fixture.clock().now().plus(limit);
        // An answer that was on its way when the time ran out says nothing of the end: one more look decides.
        for (boolean last = false; !condition.getAsBoolean(); fixture.pass(STEP)) {
            if (last) {
                fail("not within %s ms: %s", limit.toMillis(), what);
            }
            last = fixture.clock().now().isAfter(end);
        }
    }
}

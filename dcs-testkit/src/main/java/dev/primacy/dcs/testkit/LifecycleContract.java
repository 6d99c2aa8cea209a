// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Sessions begin and end. */
public abstract class LifecycleContract extends ContractCase {
    @Test
    final void closingFreesTheLockAtOnce() {
        acquire(a, "site-1");
        a.close();
        atOnce("the closed session's lock is free", () -> snapshot(b).leader().isEmpty());
    }

    @Test
    final void closingTwiceIsClosingOnce() {
        a.close();
        a.close();
        acquire(b, "site-2");
        a.close();
        assertThat(holder(b)).hasValue("site-2");
    }

    @Test
    final void closingOneSessionLeavesTheOthers() {
        Lock lock = acquire(a, "site-1");
        b.close();
        assertThat(snapshot(a).leader()).hasValue(lock);
    }

    @Test
    final void aClosedSessionDoesNothing() {
        Lock lock = acquire(b, "site-2");
        a.close();
        assertUnreachable(() -> a.snapshot(TIMEOUT));
        assertUnreachable(() -> a.write(RecordWrite.create(RecordKey.CONFIG, "late"), TIMEOUT));
        assertUnreachable(() -> a.acquire(LockClaim.free("site-1"), TIMEOUT));
        assertUnreachable(() -> a.renew(lock, Optional.of("late"), TIMEOUT));
        assertUnreachable(() -> a.release(lock, List.of(), TIMEOUT));
        assertUnreachable(() -> a.register("node-1", "late", TIMEOUT));
        assertThat(snapshot(b).records()).isEmpty();
        assertThat(snapshot(b).members()).isEmpty();
        assertThat(snapshot(b).leader()).hasValue(lock);
    }

    @Test
    final void anInterruptIsNotSwallowed() {
        Thread.currentThread().interrupt();
        try {
            a.snapshot(TIMEOUT);
        } catch (DcsException e) {
            // A verb may give up when interrupted, as long as it says so.
            assertThat(e).isInstanceOf(DcsException.Unreachable.class);
        } finally {
            assertThat(Thread.interrupted()).as("interrupt flag after a verb").isTrue();
        }
        assertThat(snapshot(a).records()).isEmpty();
    }

    @Test
    final void aSessionThatEndedIsReplacedAndItsLockIsLost() {
        Lock lock = acquire(a, "site-1");
        a.register("node-1", "{}", TIMEOUT);
        fixture.silence(a);
        within(
                fixture.ttl().plus(fixture.grace()),
                "the lock is free",
                () -> snapshot(b).leader().isEmpty());
        fixture.hear(a);
        soon("the session is replaced", () -> isLost(lock));
        Lock next = acquire(a, "site-1");
        assertThat(next.session()).isNotEqualTo(lock.session());
        assertThat(a.release(lock, List.of(), TIMEOUT)).isInstanceOf(ReleaseOutcome.Lost.class);
        assertThat(snapshot(b).leader()).hasValue(next);
        assertThat(snapshot(b).members()).isEmpty();
    }

    @Test
    final void anotherTtlIsHadWithoutAGap() {
        Lock before = acquire(a, "site-1");
        Dcs longer = open("a", fixture.ttl().multipliedBy(2));
        Lock after = acquire(longer, new LockClaim("site-1", Optional.of(before), List.of()))
                .lock();
        a.close();
        assertThat(longer.capabilities().ttl()).isGreaterThan(fixture.ttl());
        assertThat(snapshot(b).leader()).hasValue(after);
        assertThat(longer.renew(after, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
    }

    private boolean isLost(Lock lock) {
        try {
            return a.renew(lock, Optional.empty(), TIMEOUT) instanceof RenewOutcome.Lost;
        } catch (DcsException e) {
            // The verb that meets the end of a session may report just that; the next one has a new session.
            assertThat(e).isNotInstanceOf(DcsException.Rejected.class);
            return false;
        }
    }

    private static void assertUnreachable(ThrowingCallable verb) {
        assertThatThrownBy(verb).isInstanceOf(DcsException.Unreachable.class);
    }
}

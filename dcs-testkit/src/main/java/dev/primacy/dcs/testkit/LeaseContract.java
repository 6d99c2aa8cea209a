// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What belongs to a session ends with it: not before the time that was proven, and not much later. */
@Tag("Leases")
public abstract class LeaseContract extends ContractCase {
    @Test
    final void theTtlIsWhatWasAskedForOrSaid() {
        snapshot(a);
        assertThat(a.capabilities().ttl())
                .isBetween(fixture.ttl(), fixture.ttl().plus(fixture.grace()));
    }

    @Test
    final void aSilentSessionKeepsItsLockUntilTheProvenTimeIsOver() {
        MonotonicInstant proven = acquire(a, LockClaim.free("site-1")).proven();
        assertExpiry(proven);
    }

    @Test
    final void aRenewedLockIsKeptForAsLongAsTheLastRenewalProves() {
        Lock lock = acquire(a, "site-1");
        MonotonicInstant proven = fixture.clock().now();
        for (int i = 0; i < 8; i++) {
            fixture.pass(fixture.ttl().dividedBy(6));
            RenewOutcome outcome = a.renew(lock, Optional.empty(), TIMEOUT);
            assertThat(outcome).isInstanceOf(RenewOutcome.Renewed.class);
            proven = ((RenewOutcome.Renewed) outcome).proven();
        }
        assertExpiry(proven);
    }

    @Test
    final void aReplacedLockIsKeptForAsLongAsItsClaimProves() {
        Lock stale = acquire(b, "site-2");
        fixture.pass(fixture.ttl().dividedBy(2));
        assertExpiry(acquire(a, new LockClaim("site-1", Optional.of(stale), List.of()))
                .proven());
    }

    /** From here on nothing is heard of session a. */
    private void assertExpiry(MonotonicInstant proven) {
        assertThat(proven)
                .as("proven, against now")
                .isLessThanOrEqualTo(fixture.clock().now());
        fixture.silence(a);
        Duration ttl = a.capabilities().ttl();
        MonotonicInstant latest = fixture.clock().now().plus(ttl).plus(fixture.grace());
        while (snapshot(b).leader().isPresent()) {
            assertThat(fixture.clock().now()).as("the lock is still held").isLessThan(latest);
            fixture.pass(Duration.ofMillis(10));
        }
        assertThat(fixture.clock().now())
                .as("the lock was seen to be free, against what was proven")
                .isGreaterThanOrEqualTo(proven.plus(ttl));
    }

    @Test
    final void renewalsProveMoreAndMore() {
        Lock lock = acquire(a, "site-1");
        MonotonicInstant last = new MonotonicInstant(Long.MIN_VALUE);
        for (int i = 0; i < 10; i++) {
            fixture.pass(fixture.ttl().dividedBy(5));
            MonotonicInstant proven = ((RenewOutcome.Renewed) a.renew(lock, Optional.empty(), TIMEOUT)).proven();
            assertThat(proven).isGreaterThanOrEqualTo(last);
            last = proven;
        }
        assertThat(last.plus(fixture.ttl()))
                .as("a renewed right")
                .isGreaterThan(fixture.clock().now());
    }

    @Test
    final void aLostLockCanBeTakenByAnother() {
        Lock lost = acquire(a, "site-1");
        fixture.silence(a);
        within(
                fixture.ttl().plus(fixture.grace()),
                "b gets the lock",
                () -> b.acquire(LockClaim.free("site-2"), TIMEOUT) instanceof AcquireOutcome.Acquired);
        assertThat(snapshot(b).leader().orElseThrow().term()).isGreaterThan(lost.term());
    }

    @Test
    final void aSessionInUseOutlivesItsTtl() {
        Lock lock = acquire(a, "site-1");
        a.register("node-1", "{}", TIMEOUT);
        for (int i = 0; i < 8; i++) {
            fixture.pass(fixture.ttl().dividedBy(4));
            a.renew(lock, Optional.empty(), TIMEOUT);
        }
        assertThat(snapshot(b).leader()).hasValue(lock);
        assertThat(snapshot(b).members()).containsKey("node-1");
    }
}

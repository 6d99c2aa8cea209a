// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A tenure that is over can do nothing to the one after it. */
public abstract class TenureContract extends ContractCase {
    @Test
    final void aStaleHolderCannotRenew() {
        Lock stale = acquire(a, "site-1");
        Lock next = replace(stale);
        assertThat(a.renew(stale, Optional.of("stale"), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
        assertThat(snapshot(b).leader()).hasValue(next);
        assertThat(value(b, RecordKey.STATUS)).isEmpty();
    }

    @Test
    final void aStaleHolderCannotRelease() {
        Lock stale = acquire(a, "site-1");
        Lock next = replace(stale);
        assertThat(a.release(stale, List.of(RecordWrite.blind(RecordKey.STATUS, "stale")), TIMEOUT))
                .isInstanceOf(ReleaseOutcome.Lost.class);
        assertThat(snapshot(b).leader()).hasValue(next);
        assertThat(value(b, RecordKey.STATUS)).isEmpty();
    }

    @Test
    final void aStaleTenureCannotBeReplaced() {
        Lock stale = acquire(a, "site-1");
        Lock next = replace(stale);
        assertThat(a.acquire(new LockClaim("site-1", Optional.of(stale), List.of()), TIMEOUT))
                .isInstanceOf(AcquireOutcome.Refused.class);
        assertThat(snapshot(b).leader()).hasValue(next);
    }

    @Test
    final void nothingCannotBeReplaced() {
        Lock over = acquire(a, "site-1");
        a.release(over, List.of(), TIMEOUT);
        assertThat(b.acquire(new LockClaim("site-2", Optional.of(over), List.of()), TIMEOUT))
                .isInstanceOf(AcquireOutcome.Refused.class);
        assertThat(snapshot(b).leader()).isEmpty();
    }

    @Test
    final void theSameHolderTwiceIsTwoTenures() {
        Lock first = acquire(a, "site-1");
        a.release(first, List.of(), TIMEOUT);
        Lock second = acquire(a, "site-1");
        assertThat(second).isNotEqualTo(first);
        assertThat(a.renew(first, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
        assertThat(a.release(first, List.of(), TIMEOUT)).isInstanceOf(ReleaseOutcome.Lost.class);
        assertThat(b.acquire(new LockClaim("site-2", Optional.of(first), List.of()), TIMEOUT))
                .isInstanceOf(AcquireOutcome.Refused.class);
        assertThat(snapshot(b).leader()).hasValue(second);
    }

    @Test
    final void anotherSessionOfTheSameNameIsAnotherHolder() {
        Lock lock = acquire(a, "site-1");
        var twin = open("a");
        assertThat(twin.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
        assertThat(twin.release(lock, List.of(), TIMEOUT)).isInstanceOf(ReleaseOutcome.Lost.class);
        assertThat(snapshot(b).leader()).hasValue(lock);
    }

    @Test
    final void replacingMakesANewTenureInOneStep() {
        Lock stale = acquire(a, "site-1");
        write(a, RecordWrite.create(RecordKey.EPOCH, "1"));
        var seen = snapshot(b).record(RecordKey.EPOCH);
        Lock next = acquire(
                        b,
                        new LockClaim(
                                "site-2", Optional.of(stale), List.of(RecordWrite.over(seen, RecordKey.EPOCH, "2"))))
                .lock();
        assertThat(next.holder()).isEqualTo("site-2");
        assertThat(next.session()).isNotEqualTo(stale.session());
        assertThat(value(a, RecordKey.EPOCH)).hasValue("2");
        assertThat(b.renew(next, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
    }

    @Test
    final void aHolderMayReplaceItself() {
        Lock first = acquire(a, "site-1");
        Lock second = acquire(a, new LockClaim("site-1", Optional.of(first), List.of()))
                .lock();
        assertThat(a.renew(first, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
        assertThat(a.renew(second, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
    }

    @Test
    final void termsGrow() {
        List<Long> terms = new ArrayList<>();
        Lock lock = acquire(a, "site-1");
        terms.add(lock.term());
        lock = acquire(b, new LockClaim("site-2", Optional.of(lock), List.of())).lock();
        terms.add(lock.term());
        b.release(lock, List.of(), TIMEOUT);
        terms.add(acquire(a, "site-1").term());
        a.close();
        atOnce("the closed session's lock is free", () -> snapshot(b).leader().isEmpty());
        terms.add(acquire(b, "site-2").term());
        assertThat(terms).isSorted().doesNotHaveDuplicates();
    }

    private Lock replace(Lock stale) {
        return acquire(b, new LockClaim("site-2", Optional.of(stale), List.of()))
                .lock();
    }
}

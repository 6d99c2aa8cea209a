// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.lease.FlakyDcs.Mood;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;

/** Locks that the store keeps for us and nobody here relies on: they are freed, but not too early. */
class StrayLockTest implements LeaseKeeper.Listener {
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(500);
    private static final LeaseTiming TIMING = LeaseTiming.of(TTL, Duration.ofSeconds(10), Duration.ofSeconds(10));

    private final VirtualTime time = new VirtualTime();
    private final MemoryStore store = new MemoryStore(time);
    private final FlakyDcs dcs = new FlakyDcs(store.open("a", TTL), time);
    private final Dcs other = store.open("b", TTL);
    private final LeaseKeeper keeper = new LeaseKeeper("lease", dcs, TIMING, time, time, this);

    @Override
    public void extended(Lease lease) {}

    @Override
    public void ended(Lease lease, String reason) {}

    @Override
    public void unanswered(Lease lease, DcsException problem) {}

    @Example
    void aStrayLockOfAnUnansweredClaimIsFreedAfterItWasShownForATtl() {
        Lock stray = claimInVain();
        keeper.dropUnanswered(stray);
        live(TTL.minusMillis(1));
        keeper.dropUnanswered(stray);
        assertThat(other.snapshot(TTL).leader())
                .as("whoever was replaced may rely on it")
                .hasValue(stray);
        live(Duration.ofMillis(1));
        keeper.dropUnanswered(stray);
        assertThat(other.snapshot(TTL).leader()).isEmpty();
    }

    /** Each tenure is counted from when it was first shown itself. */
    @Example
    void anotherStrayLockIsCountedAnew() {
        Lock first = claimInVain();
        keeper.dropUnanswered(first);
        live(TTL.minusSeconds(1));
        dcs.become(Mood.REPLIES_LOST, Duration.ZERO);
        assertThatThrownBy(() -> keeper.acquire(new LockClaim("a", Optional.of(first), List.of())))
                .isInstanceOf(DcsException.OutcomeUnknown.class);
        dcs.become(Mood.FINE, Duration.ZERO);
        Lock second = shown();
        keeper.dropUnanswered(second);
        live(Duration.ofSeconds(2));
        keeper.dropUnanswered(second);
        assertThat(other.snapshot(TTL).leader()).hasValue(second);
        live(TTL);
        keeper.dropUnanswered(second);
        assertThat(other.snapshot(TTL).leader()).isEmpty();
    }

    @Example
    void withoutAnUnansweredClaimNothingIsDropped() {
        Lock own = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("a"), TTL)).lock();
        keeper.dropUnanswered(own);
        live(TTL);
        keeper.dropUnanswered(own);
        assertThat(other.snapshot(TTL).leader()).hasValue(own);
    }

    /** Though a later claim was not answered. */
    @Example
    void aLockThatIsHeldIsNotDropped() {
        keeper.acquire(LockClaim.free("a"));
        Lock held = keeper.held().orElseThrow().lock();
        dcs.become(Mood.DOWN, Duration.ZERO);
        assertThatThrownBy(() -> keeper.acquire(LockClaim.free("a"))).isInstanceOf(DcsException.Unreachable.class);
        dcs.become(Mood.FINE, Duration.ZERO);
        for (Duration lived = Duration.ZERO; lived.compareTo(TTL) <= 0; lived = lived.plus(TIMING.renewEvery())) {
            keeper.vouch();
            keeper.dropUnanswered(held);
            live(TIMING.renewEvery());
        }
        keeper.dropUnanswered(held);
        assertThat(keeper.held().map(Lease::lock)).hasValue(held);
        assertThat(other.snapshot(TTL).leader()).hasValue(held);
    }

    @Example
    void aClaimThatSucceededEndsTheDoubt() {
        Lock stray = claimInVain();
        keeper.acquire(new LockClaim("a", Optional.of(stray), List.of()));
        keeper.release(List.of());
        Lock own = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("a"), TTL)).lock();
        keeper.dropUnanswered(own);
        live(TTL);
        keeper.dropUnanswered(own);
        assertThat(other.snapshot(TTL).leader()).hasValue(own);
    }

    /** A claim that was refused says nothing of an earlier one that was not answered. */
    @Example
    void aRefusedClaimDoesNotForgetTheUnansweredOne() {
        Lock stray = claimInVain();
        assertThat(keeper.acquire(LockClaim.free("a"))).isInstanceOf(AcquireOutcome.Refused.class);
        keeper.dropUnanswered(stray);
        live(TTL);
        keeper.dropUnanswered(stray);
        assertThat(other.snapshot(TTL).leader()).isEmpty();
    }

    @Example
    void aLockOfAnotherSessionIsNotDropped() {
        dcs.become(Mood.DOWN, Duration.ZERO);
        assertThatThrownBy(() -> keeper.acquire(LockClaim.free("a"))).isInstanceOf(DcsException.Unreachable.class);
        dcs.become(Mood.FINE, Duration.ZERO);
        other.acquire(LockClaim.free("b"), TTL);
        Lock foreign = shown();
        keeper.dropUnanswered(foreign);
        live(TTL);
        keeper.dropUnanswered(foreign);
        assertThat(other.snapshot(TTL).leader()).hasValue(foreign);
    }

    /** A slow answer: the store has kept our lock for a while already, and whom we replaced may still rely on its own. */
    @Example
    void anAbandonedLockOutlastsWhoeverItReplaced() {
        dcs.become(Mood.FINE, Duration.ofSeconds(16));
        keeper.acquire(LockClaim.free("a"));
        MonotonicInstant answered = time.now();
        dcs.become(Mood.FINE, Duration.ZERO);
        keeper.abandon("handed over");
        live(TTL.minusMillis(1));
        assertThat(other.snapshot(TTL).leader())
                .as("a ttl from the answer, %s", answered)
                .isPresent();
        live(Duration.ofMillis(2));
        assertThat(other.snapshot(TTL).leader()).isEmpty();
    }

    /** A claim that the store took and did not answer. */
    private Lock claimInVain() {
        dcs.become(Mood.REPLIES_LOST, Duration.ZERO);
        assertThatThrownBy(() -> keeper.acquire(LockClaim.free("a"))).isInstanceOf(DcsException.OutcomeUnknown.class);
        dcs.become(Mood.FINE, Duration.ZERO);
        assertThat(keeper.held()).isEmpty();
        return shown();
    }

    private Lock shown() {
        return dcs.snapshot(TTL).leader().orElseThrow();
    }

    /** Time passes while both sessions are in use, so that no lock goes by itself. */
    private void live(Duration span) {
        MonotonicInstant end = time.now().plus(span);
        while (time.now().isBefore(end)) {
            Duration left = time.now().until(end);
            time.pass(left.compareTo(STEP) < 0 ? left : STEP);
            dcs.snapshot(TTL);
            other.snapshot(TTL);
        }
    }
}

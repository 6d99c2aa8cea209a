// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.lease.FlakyDcs.Mood;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LeaseKeeperTest implements LeaseKeeper.Listener {
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final LeaseTiming TIMING = LeaseTiming.of(TTL, Duration.ofSeconds(10), Duration.ofSeconds(10));

    private static final List<Mood> MOODS = List.of(Mood.FINE, Mood.FINE, Mood.DOWN, Mood.REPLIES_LOST);

    private final VirtualTime time = new VirtualTime();
    private final MemoryStore store = new MemoryStore(time);
    private final FlakyDcs dcs = new FlakyDcs(store.open("a", TTL), time);
    private final Dcs other = store.open("b", TTL);
    private final List<String> heard = new ArrayList<>();
    private final LeaseKeeper keeper = new LeaseKeeper("lease", dcs, TIMING, time, time, this);

    @Override
    public void extended(Lease lease) {
        heard.add("extended");
    }

    @Override
    public void ended(Lease lease, String reason) {
        heard.add("ended: " + reason);
    }

    @Override
    public void unanswered(Lease lease, DcsException problem) {
        heard.add("unanswered: " + problem.getMessage());
    }

    @Example
    void aLeaseIsKeptForAsLongAsItsOwnerVouches() {
        acquire();
        vouchFor(Duration.ofMinutes(10));
        assertThat(keeper.held()).isPresent();
        assertThat(heard).containsOnly("extended");
    }

    @Example
    void theRightCountsFromBeforeTheRequestAndIsShorterThanTheTtl() {
        dcs.become(Mood.FINE, Duration.ofSeconds(8));
        MonotonicInstant sent = time.now();
        acquire();
        assertThat(keeper.held().orElseThrow().until())
                .isLessThan(sent.plus(Duration.ofSeconds(4)).plus(TTL));
        assertThat(time.now()).isEqualTo(sent.plus(Duration.ofSeconds(8)));
    }

    @Example
    void aRightEndsInTimeWhenTheStoreIsDown() {
        acquire();
        MonotonicInstant until = keeper.held().orElseThrow().until();
        dcs.become(Mood.DOWN, Duration.ZERO);
        vouchFor(Duration.ofSeconds(40));
        assertThat(keeper.held()).isEmpty();
        assertThat(heard).contains("unanswered: down", "ended: not renewed in time");
        assertThat(time.now()).isGreaterThan(until);
    }

    @Example
    void oneMissedRenewalCostsNothing() {
        acquire();
        dcs.become(Mood.DOWN, Duration.ZERO);
        vouchFor(Duration.ofSeconds(12));
        dcs.become(Mood.FINE, Duration.ZERO);
        vouchFor(Duration.ofSeconds(60));
        assertThat(keeper.held()).isPresent();
        assertThat(heard).contains("unanswered: down").noneMatch(event -> event.startsWith("ended"));
    }

    @Example
    void aRefusalIsNotRepeatedWithoutPause() {
        acquire();
        dcs.become(Mood.FORBIDDEN, Duration.ZERO);
        vouchFor(Duration.ofSeconds(25));
        assertThat(heard.stream().filter("unanswered: forbidden"::equals)).hasSize(3);
    }

    @Example
    void aLockThatAnotherReplacedIsLostAtTheNextRenewal() {
        Lock lock = acquire();
        other.acquire(new LockClaim("b", Optional.of(lock), List.of()), TTL);
        vouchFor(Duration.ofSeconds(11));
        assertThat(keeper.held()).isEmpty();
        assertThat(heard).last().asString().startsWith("ended: the lock is held by b");
        assertThat(other.snapshot(TTL).leader().map(Lock::holder)).hasValue("b");
    }

    @Example
    void anOwnerThatHangsLosesItsLease() {
        acquire();
        time.pass(TTL.multipliedBy(3));
        assertThat(keeper.held()).isEmpty();
        assertThat(heard).contains("ended: its owner hangs");
        time.pass(TTL);
        assertThat(other.snapshot(TTL).leader()).isEmpty();
    }

    @Example
    void aProcessThatWasStoppedWakesWithoutTheRight() {
        acquire();
        time.freeze(TTL);
        assertThat(keeper.held()).isEmpty();
    }

    @Example
    void releasingEndsTheRightBeforeTheRequestIsSent() {
        acquire();
        dcs.become(Mood.DOWN, Duration.ZERO);
        assertThatThrownBy(() -> keeper.release(List.of())).isInstanceOf(DcsException.Unreachable.class);
        assertThat(keeper.held()).isEmpty();
        assertThat(heard).last().isEqualTo("ended: released");
        dcs.become(Mood.FINE, Duration.ZERO);
        time.pass(TTL.multipliedBy(2));
        assertThat(other.snapshot(TTL).leader()).isEmpty();
    }

    @Example
    void releasingWritesWhatBelongsToIt() {
        acquire();
        assertThat(keeper.release(List.of(RecordWrite.create(RecordKey.STATUS, "last"))))
                .isInstanceOf(ReleaseOutcome.Released.class);
        assertThat(other.snapshot(TTL).leader()).isEmpty();
        assertThat(other.snapshot(TTL).record(RecordKey.STATUS)).isPresent();
        assertThat(keeper.release(List.of())).isInstanceOf(ReleaseOutcome.Lost.class);
    }

    @Example
    void aRenewalThatWasOvertakenByAReleaseDoesNotReviveTheLease() {
        acquire();
        dcs.during(() -> keeper.release(List.of()));
        vouchFor(Duration.ofSeconds(11));
        assertThat(keeper.held()).isEmpty();
        assertThat(heard).last().isEqualTo("ended: released");
    }

    @Example
    void anAbandonedLockIsLeftToASuccessorAndThenReleased() {
        Lock lock = acquire();
        keeper.abandon("handed over");
        assertThat(keeper.held()).isEmpty();
        assertThat(other.snapshot(TTL).isHeldBy(lock)).isTrue();
        time.pass(TTL.plusSeconds(1));
        assertThat(other.snapshot(TTL).leader()).isEmpty();
    }

    @Example
    void theStatusGoesWithTheNextRenewal() {
        acquire();
        keeper.publish("{\"optime\":1}");
        vouchFor(Duration.ofSeconds(11));
        assertThat(other.snapshot(TTL).record(RecordKey.STATUS).orElseThrow().value())
                .isEqualTo("{\"optime\":1}");
    }

    @Example
    void whatCannotWaitGoesAtOnce() {
        acquire();
        vouchFor(Duration.ofSeconds(11));
        keeper.publishNow("{\"optime\":1}");
        vouchFor(Duration.ofSeconds(1));
        assertThat(other.snapshot(TTL).record(RecordKey.STATUS).orElseThrow().value())
                .isEqualTo("{\"optime\":1}");
    }

    @Example
    void whatAnEarlierTenurePublishedIsForgotten() {
        acquire();
        keeper.publish("{\"optime\":1}");
        keeper.release(List.of());
        acquire();
        vouchFor(Duration.ofSeconds(11));
        assertThat(other.snapshot(TTL).record(RecordKey.STATUS)).isEmpty();
    }

    @Example
    void aRefusedClaimChangesNothing() {
        other.acquire(LockClaim.free("b"), TTL);
        assertThat(keeper.acquire(LockClaim.free("a"))).isInstanceOf(AcquireOutcome.Refused.class);
        assertThat(keeper.held()).isEmpty();
        assertThat(heard).isEmpty();
    }

    @Example
    void closingEndsTheRight() {
        acquire();
        keeper.close();
        keeper.close();
        assertThat(heard).containsExactly("extended", "ended: closed");
    }

    /** The claim: whoever believes to hold the lock does hold it, whatever the store and the network do. */
    @Property(tries = 300)
    void whatIsBelievedIsTrue(@ForAll long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < 200; step++) {
            dcs.become(MOODS.get(random.nextInt(MOODS.size())), Duration.ofMillis(random.nextInt(3000)));
            act(random.nextInt(12));
            time.pass(Duration.ofMillis(random.nextInt(4000)));
            keeper.held()
                    .ifPresent(lease -> assertThat(other.snapshot(TTL).leader()).hasValue(lease.lock()));
        }
    }

    private void act(int choice) {
        try {
            switch (choice) {
                case 0, 1, 2 ->
                    keeper.acquire(new LockClaim("a", dcs.snapshot(TTL).leader(), List.of()));
                case 3 -> keeper.release(List.of());
                case 4 -> keeper.abandon("test");
                case 5 -> time.freeze(TTL.dividedBy(2));
                default -> keeper.vouch();
            }
        } catch (DcsException e) {
            assertThat(keeper.held().map(Lease::lock))
                    .satisfiesAnyOf(
                            held -> assertThat(held).isEmpty(),
                            held -> assertThat(other.snapshot(TTL).leader()).isEqualTo(held));
        }
    }

    private Lock acquire() {
        assertThat(keeper.acquire(LockClaim.free("a"))).isInstanceOf(AcquireOutcome.Acquired.class);
        return keeper.held().orElseThrow().lock();
    }

    private static final Duration SHORT = Duration.ofSeconds(9);
    private static final LeaseTiming SHORTER = LeaseTiming.of(SHORT, Duration.ofSeconds(3), Duration.ofSeconds(3));

    private Lock ours() {
        return keeper.held().orElseThrow().lock();
    }

    @Example
    void aRightIsCutDownBeforeTheStoreHearsOfAShorterTtl() {
        acquire();
        Lock before = ours();
        keeper.configure(SHORTER);
        assertThat(keeper.held().orElseThrow().until()).isEqualTo(SHORTER.rightUntil(time.now()));
        assertThat(other.snapshot(TTL).leader()).contains(before);
        vouchFor(Duration.ofSeconds(60));
        assertThat(ours()).isEqualTo(before);
        assertThat(keeper.held().orElseThrow().until()).isLessThanOrEqualTo(SHORTER.rightUntil(time.now()));
    }

    @Example
    void aTenureLastsOverAChangeOfTheTtlAndNotOverALoss() {
        acquire();
        long first = ours().term();
        assertThat(keeper.isHeldSince(first)).isTrue();
        keeper.configure(SHORTER);
        assertThat(keeper.moveTo(store.open("a", SHORT), SHORTER, Optional.of(ours())))
                .isTrue();
        assertThat(ours().term()).isGreaterThan(first);
        assertThat(keeper.isHeldSince(first)).isTrue();
        assertThat(keeper.isHeldSince(ours().term())).isTrue();
        Lock lost = ours();
        keeper.abandon("a test");
        assertThat(keeper.isHeldSince(first)).isFalse();
        keeper.acquire(new LockClaim("a", Optional.of(lost), List.of()));
        assertThat(keeper.isHeldSince(ours().term())).isTrue();
        assertThat(keeper.isHeldSince(lost.term())).isFalse();
    }

    /** As when a renewal was on its way while the ttl changed. */
    @Example
    void aRenewalThatWasSentBeforeProlongsByTheShorterTtlOnly() {
        acquire();
        dcs.during(() -> keeper.configure(SHORTER));
        vouchFor(Duration.ofSeconds(11));
        assertThat(keeper.held().orElseThrow().until()).isLessThanOrEqualTo(SHORTER.rightUntil(time.now()));
    }

    @Example
    void theNewSessionTakesTheLockOverAndKeepsIt() {
        acquire();
        Lock before = ours();
        FlakyDcs next = new FlakyDcs(store.open("a", SHORT), time);
        keeper.configure(SHORTER);
        assertThat(keeper.moveTo(next, SHORTER, Optional.of(before))).isTrue();
        assertThat(ours().term()).isGreaterThan(before.term());
        assertThat(other.snapshot(TTL).leader()).contains(ours());
        dcs.close();
        vouchFor(Duration.ofSeconds(60));
        assertThat(other.snapshot(TTL).leader()).contains(ours());
        assertThat(heard).containsOnly("extended");
    }

    @Example
    void aMoveWhoseAnswerIsLostEndsNothingAndIsTakenUpAgain() {
        acquire();
        Lock before = ours();
        FlakyDcs next = new FlakyDcs(store.open("a", Duration.ofSeconds(60)), time);
        LeaseTiming longer = LeaseTiming.of(Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(10));
        next.become(Mood.REPLIES_LOST, Duration.ZERO);
        assertThatThrownBy(() -> keeper.moveTo(next, longer, Optional.of(before)))
                .isInstanceOf(DcsException.OutcomeUnknown.class);
        Lock shown = other.snapshot(TTL).leader().orElseThrow();
        assertThat(shown).isNotEqualTo(before);
        assertThat(keeper.isMovingTo(shown)).isTrue();
        vouchFor(Duration.ofSeconds(12));
        assertThat(ours())
                .as("its renewal was refused, and it stands until its end")
                .isEqualTo(before);
        next.become(Mood.FINE, Duration.ZERO);
        assertThat(keeper.moveTo(next, longer, Optional.of(shown))).isTrue();
        assertThat(other.snapshot(TTL).leader()).contains(ours());
        assertThat(keeper.isMovingTo(ours())).isFalse();
    }

    @Example
    void aLockThatAnotherHasIsNotMoved() {
        acquire();
        Lock before = ours();
        other.acquire(new LockClaim("b", Optional.of(before), List.of()), TTL);
        assertThat(keeper.moveTo(store.open("a", SHORT), SHORTER, Optional.of(before)))
                .isFalse();
        assertThat(other.snapshot(TTL).leader().orElseThrow().holder()).isEqualTo("b");
    }

    /** Others may have had it between: what was known in the tenure before holds no more. */
    @Example
    void aLockThatIsRegainedAfterTheRightHasEndedIsGivenBack() {
        Lock before = heldByPromisesAlone();
        assertThat(other.snapshot(TTL).leader()).isEmpty();
        assertThat(ours()).isEqualTo(before);
        dcs.become(Mood.FINE, Duration.ofSeconds(40));
        assertThat(keeper.regain(Optional.empty())).isFalse();
        assertThat(keeper.held()).isEmpty();
        assertThat(other.snapshot(TTL).leader()).isEmpty();
    }

    @Example
    void aLockThatIsRegainedInTimeIsTheSameTenureStill() {
        Lock before = heldByPromisesAlone();
        dcs.become(Mood.FINE, Duration.ZERO);
        assertThat(keeper.regain(Optional.empty())).isTrue();
        assertThat(other.snapshot(TTL).leader()).contains(ours());
        assertThat(keeper.isHeldSince(before.term())).isTrue();
    }

    /** The store is down, and has let the lock expire. */
    private Lock heldByPromisesAlone() {
        Lock lock = acquire();
        dcs.become(Mood.DOWN, Duration.ZERO);
        vouchFor(Duration.ofSeconds(20));
        keeper.promised(lock, time.now());
        vouchFor(Duration.ofSeconds(20));
        return lock;
    }

    private void vouchFor(Duration span) {
        MonotonicInstant end = time.now().plus(span);
        while (time.now().isBefore(end)) {
            keeper.vouch();
            time.pass(Duration.ofSeconds(1));
        }
    }
}

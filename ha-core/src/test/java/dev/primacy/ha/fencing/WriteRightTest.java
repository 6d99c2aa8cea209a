// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.fencing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.postgres.Postgres.Guard;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.Loop;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In virtual time: the loop runs when it is woken, on this thread. */
class WriteRightTest {
    private static final LeaseTiming TIMING =
            LeaseTiming.of(Duration.ofSeconds(20), Duration.ofSeconds(2), Duration.ofSeconds(5));
    private static final Lock LOCK = new Lock("me", "s", 1, new Version(1));

    private final List<Deadline> armed = new ArrayList<>();
    private MonotonicInstant now = at(0);
    private Optional<MonotonicInstant> cluster = Optional.of(at(18));
    private Optional<MonotonicInstant> site = Optional.of(at(18));
    private boolean guardConfirms = true;
    private int guardLost;
    private WriteRight right = newRight();

    private record Deadline(MonotonicInstant soft, MonotonicInstant hard) {}

    @BeforeEach
    void noDeadlineYet() {
        assertThat(armed).isEmpty();
    }

    private static MonotonicInstant at(long second) {
        return new MonotonicInstant(Duration.ofSeconds(1000 + second).toNanos());
    }

    private WriteRight newRight() {
        Guard guard = new Guard() {
            @Override
            public boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout) {
                if (guardConfirms) {
                    armed.add(new Deadline(soft, hard));
                }
                return guardConfirms;
            }

            @Override
            public void disarm() {
                armed.clear();
            }
        };
        Loops loops = (name, step) -> new Loop() {
            @Override
            public void wake() {
                try {
                    step.run();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void close() {
                // Nothing runs by itself.
            }
        };
        return new WriteRight(
                guard,
                TIMING,
                () -> now,
                loops,
                () -> cluster.map(until -> new Lease(LOCK, until)),
                () -> site,
                () -> guardLost++);
    }

    @Test
    void theDeadlineIsTheEarlierOfTheTwo() {
        site = Optional.of(at(11));
        assertThat(right.claim()).isTrue();
        assertThat(armed).containsExactly(new Deadline(TIMING.fenceAt(at(11)), at(11)));
        assertThat(right.until()).contains(at(11));
    }

    @Test
    void bothRightsAreNeeded() {
        site = Optional.empty();
        assertThat(right.claim()).isFalse();
        site = Optional.of(at(18));
        cluster = Optional.empty();
        assertThat(right.claim()).isFalse();
        assertThat(armed).isEmpty();
        assertThat(right.isClaimed()).isFalse();
    }

    @Test
    void aRightThatIsAboutToEndIsNone() {
        now = TIMING.fenceAt(at(18));
        assertThat(right.claim()).isFalse();
    }

    @Test
    void eachRenewalMovesTheDeadline() {
        right.claim();
        cluster = Optional.of(at(20));
        right.leaseMoved();
        assertThat(armed).hasSize(1);
        site = Optional.of(at(21));
        right.leaseMoved();
        assertThat(armed.get(1).hard()).isEqualTo(at(20));
    }

    @Test
    void nothingIsArmedWhileNothingIsClaimed() {
        right.leaseMoved();
        assertThat(armed).isEmpty();
    }

    /** A right that is known to be gone is not kept until the deadline that it had. */
    @Test
    void aLostLeaseIsFencedAtOnce() {
        right.claim();
        cluster = Optional.empty();
        right.leaseMoved();
        assertThat(armed.get(1)).isEqualTo(new Deadline(now, now.plus(TIMING.fenceBudget())));
    }

    @Test
    void losingALeaseNeverMovesTheDeadlineAway() {
        cluster = Optional.of(at(3));
        right.claim();
        now = at(2);
        cluster = Optional.empty();
        right.leaseMoved();
        assertThat(armed.get(armed.size() - 1).hard()).isEqualTo(at(3));
    }

    @Test
    void aGuardThatDoesNotConfirmIsNoGuard() {
        guardConfirms = false;
        assertThat(right.claim()).isFalse();
        assertThat(right.isClaimed()).isFalse();
        guardConfirms = true;
        right.claim();
        guardConfirms = false;
        cluster = Optional.of(at(17));
        right.leaseMoved();
        assertThat(guardLost).isEqualTo(1);
    }

    @Test
    void aDeadlineThatComesNearerIsConfirmedBeforeTheStoreMayHear() {
        assertThat(right.confirm()).as("there is none to hold").isTrue();
        right.claim();
        cluster = Optional.of(at(5));
        assertThat(right.confirm()).isTrue();
        assertThat(armed.get(1).hard()).isEqualTo(at(5));
        guardConfirms = false;
        cluster = Optional.of(at(4));
        assertThat(right.confirm()).isFalse();
        guardConfirms = true;
        cluster = Optional.empty();
        assertThat(right.confirm()).as("a right is missing").isFalse();
    }

    @Test
    void droppingTakesTheDeadlineBack() {
        right.claim();
        right.drop();
        cluster = Optional.of(at(30));
        site = Optional.of(at(30));
        right.leaseMoved();
        assertThat(armed).isEmpty();
    }
}

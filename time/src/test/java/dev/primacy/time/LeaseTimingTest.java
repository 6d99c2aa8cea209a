// SPDX-License-Identifier: Apache-2.0
package dev.primacy.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class LeaseTimingTest {
    /**
     * The holder's clock runs at rate {@code 1 + holderSkew}, the store's at {@code 1 + storeSkew}; the request takes any
     * time to arrive. In true time the holder's right has ended before the store lets go.
     */
    @Property
    void theRightEndsHereBeforeItBeginsElsewhere(
            @ForAll @LongRange(min = 5_000, max = 600_000) long ttlMillis,
            @ForAll @DoubleRange(min = -0.0005, max = 0.0005) @Scale(6) double holderSkew,
            @ForAll @DoubleRange(min = -0.0005, max = 0.0005) @Scale(6) double storeSkew,
            @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long sentTrueNanos,
            @ForAll @LongRange(min = 0, max = 3_600_000_000_000L) long delayNanos) {
        LeaseTiming timing = LeaseTiming.of(
                Duration.ofMillis(ttlMillis), Duration.ofMillis(ttlMillis / 10), Duration.ofMillis(ttlMillis / 4));
        MonotonicInstant sent = new MonotonicInstant((long) (sentTrueNanos * (1 + holderSkew)));
        MonotonicInstant until = timing.rightUntil(sent);

        double holderEndsTrue = until.nanos() / (1 + holderSkew);
        double storeEndsTrue = sentTrueNanos + (double) delayNanos + ttlMillis * 1e6 / (1 + storeSkew);
        assertThat(holderEndsTrue).isLessThan(storeEndsTrue);
        assertThat(timing.fenceAt(until)).isLessThan(until);
    }

    /** Replies in any order: the right may only be counted from the latest request sent, and that never shortens it. */
    @Property
    void laterProofNeverShortensTheRight(
            @ForAll @LongRange(min = 0, max = 1L << 60) long one,
            @ForAll @LongRange(min = 0, max = 1L << 60) long other) {
        Assume.that(one <= other);
        LeaseTiming timing = LeaseTiming.of(Duration.ofSeconds(20), Duration.ofSeconds(2), Duration.ofSeconds(5));
        assertThat(timing.rightUntil(new MonotonicInstant(one)))
                .isLessThanOrEqualTo(timing.rightUntil(new MonotonicInstant(other)));
    }

    @Test
    void refusesALoopWaitAndRetryTimeoutThatOutlastTheTtl() {
        assertThatThrownBy(() -> LeaseTiming.of(Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofSeconds(10)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("loop_wait 10.0 s + 2 * retry_timeout 10.0 s = 30.0 s exceeds ttl 20.0 s");
    }

    @Test
    void namesEveryProblemAtOnce() {
        assertThat(LeaseTiming.problems(Duration.ofMillis(10), Duration.ZERO, Duration.ofSeconds(-1)))
                .hasSize(3);
    }
}

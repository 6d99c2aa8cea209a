// SPDX-License-Identifier: Apache-2.0
package dev.primacy.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a lease is worth to its holder, in one place. The store gives the right to another no earlier than {@code ttl}
 * after it received the last renewal; the holder counts from before it sent that renewal, takes {@code drift} and
 * {@code margin} off, and starts fencing {@code fenceBudget} before the end. So the right has always ended here before
 * it begins elsewhere, if clocks run at rates within {@code drift} of each other, whatever they show.
 *
 * @param ttl how long the store keeps the right after it received a renewal
 * @param renewEvery the longest time between two renewals (Patroni's {@code loop_wait})
 * @param requestTimeout the longest time one request to the store may take (Patroni's {@code retry_timeout})
 * @param drift how far the rates of two clocks may differ, as a fraction
 * @param margin slack for the grain of clocks and the reaction time of the guard
 * @param fenceBudget the time that fencing may take
 */
public record LeaseTiming(
        Duration ttl,
        Duration renewEvery,
        Duration requestTimeout,
        double drift,
        Duration margin,
        Duration fenceBudget) {
    private static final double DEFAULT_DRIFT = 0.001;
    private static final Duration DEFAULT_MARGIN = Duration.ofMillis(250);
    private static final Duration LONGEST_FENCE_BUDGET = Duration.ofSeconds(2);

    public LeaseTiming {
        List<String> problems = problems(ttl, renewEvery, requestTimeout, drift, margin, fenceBudget);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    /** The usual drift and margin, and a fence budget of a tenth of the ttl but at most two seconds. */
    public static LeaseTiming of(Duration ttl, Duration renewEvery, Duration requestTimeout) {
        return new LeaseTiming(ttl, renewEvery, requestTimeout, DEFAULT_DRIFT, DEFAULT_MARGIN, defaultFenceBudget(ttl));
    }

    /**
     * Everything that is wrong with these settings, with the numbers; empty when they can be used. The holder must be
     * able to miss one whole renewal, its request running into the timeout, and still succeed with the next.
     */
    public static List<String> problems(Duration ttl, Duration renewEvery, Duration requestTimeout) {
        return problems(ttl, renewEvery, requestTimeout, DEFAULT_DRIFT, DEFAULT_MARGIN, defaultFenceBudget(ttl));
    }

    private static Duration defaultFenceBudget(Duration ttl) {
        Duration tenth = ttl.dividedBy(10);
        return tenth.compareTo(LONGEST_FENCE_BUDGET) < 0 ? tenth : LONGEST_FENCE_BUDGET;
    }

    private static List<String> problems(
            Duration ttl,
            Duration renewEvery,
            Duration requestTimeout,
            double drift,
            Duration margin,
            Duration fenceBudget) {
        List<String> problems = new ArrayList<>();
        if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(Duration.ofDays(1)) > 0) {
            problems.add("ttl " + seconds(ttl) + " must lie between 1 s and 1 day");
        }
        if (renewEvery.isNegative() || renewEvery.isZero()) {
            problems.add("loop_wait " + seconds(renewEvery) + " must be positive");
        }
        if (requestTimeout.isNegative() || requestTimeout.isZero()) {
            problems.add("retry_timeout " + seconds(requestTimeout) + " must be positive");
        }
        if (!(drift >= 0 && drift < 0.5)) {
            problems.add("drift " + drift + " must be at least 0 and below 0.5");
        }
        if (margin.isNegative() || fenceBudget.isNegative()) {
            problems.add("margin and fence budget must not be negative");
        }
        Duration needed = renewEvery.plus(requestTimeout.multipliedBy(2));
        if (needed.compareTo(ttl) > 0) {
            problems.add("loop_wait " + seconds(renewEvery) + " + 2 * retry_timeout " + seconds(requestTimeout) + " = "
                    + seconds(needed) + " exceeds ttl " + seconds(ttl));
        }
        if (problems.isEmpty() && margin.plus(fenceBudget).plus(renewEvery).compareTo(shortened(ttl, drift)) >= 0) {
            problems.add("margin " + seconds(margin) + " + fence budget " + seconds(fenceBudget) + " + loop_wait "
                    + seconds(renewEvery) + " leave nothing of ttl " + seconds(ttl));
        }
        return problems;
    }

    /**
     * The same with more slack, for what takes its time after fencing has ended the right here.
     *
     * @throws IllegalArgumentException if nothing would be left
     */
    public LeaseTiming withMargin(Duration more) {
        return new LeaseTiming(ttl, renewEvery, requestTimeout, drift, margin.plus(more), fenceBudget);
    }

    /** Other times with this drift and margin. */
    public LeaseTiming with(Duration otherTtl, Duration otherRenewEvery, Duration otherRequestTimeout) {
        return new LeaseTiming(
                otherTtl, otherRenewEvery, otherRequestTimeout, drift, margin, defaultFenceBudget(otherTtl));
    }

    /** What would be wrong {@link #with} these; empty when they can be used. */
    public List<String> problemsWith(Duration otherTtl, Duration otherRenewEvery, Duration otherRequestTimeout) {
        return problems(otherTtl, otherRenewEvery, otherRequestTimeout, drift, margin, defaultFenceBudget(otherTtl));
    }

    /** How long a right lasts that was renewed at the best. */
    public Duration worth() {
        return shortened(ttl, drift).minus(margin);
    }

    /** The end of a right whose last proof of renewal was sent at {@code sent}. */
    public MonotonicInstant rightUntil(MonotonicInstant sent) {
        return sent.plus(worth());
    }

    /** When fencing must begin so that it has ended at {@code until}. */
    public MonotonicInstant fenceAt(MonotonicInstant until) {
        return until.minus(fenceBudget);
    }

    private static Duration shortened(Duration ttl, double drift) {
        return Duration.ofNanos((long) Math.floor(ttl.toNanos() * (1 - drift)));
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }
}

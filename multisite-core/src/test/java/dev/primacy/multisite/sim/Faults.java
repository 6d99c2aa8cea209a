// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Random;

/** How often what goes wrong; everything is drawn from the seed. */
final class Faults {
    private static final Duration USUAL = Duration.ofMillis(4);

    private final VirtualTime time;
    private final double rate;
    private final MonotonicInstant calm;

    /**
     * Faults that happen.
     *
     * @param rate share of requests that go wrong in some way
     * @param calm from when on nothing goes wrong any more
     */
    Faults(VirtualTime time, double rate, MonotonicInstant calm) {
        this.time = time;
        this.rate = rate;
        this.calm = calm;
    }

    boolean areOn() {
        return time.now().isBefore(calm);
    }

    /** What happens to one request. */
    enum Fate {
        ANSWERED,
        UNREACHABLE,
        REQUEST_LOST,
        REPLY_LOST,
        APPLIED_LATE
    }

    Fate fate() {
        Fate[] all = Fate.values();
        return happens(rate) ? all[1 + random().nextInt(all.length - 1)] : Fate.ANSWERED;
    }

    boolean dropsHint() {
        return happens(0.3);
    }

    /** How long one way takes; sometimes nearly as long as the caller waits. */
    Duration way(Duration timeout) {
        return time.upTo(happens(rate / 2) ? timeout : USUAL);
    }

    boolean happens(double share) {
        return areOn() && random().nextDouble() < share;
    }

    private Random random() {
        return time.random;
    }
}

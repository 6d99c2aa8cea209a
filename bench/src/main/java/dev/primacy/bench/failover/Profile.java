// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench.failover;

import java.time.Duration;

/** The times of a cluster, in seconds as in {@code patroni.yml}. */
enum Profile {
    /** Patroni's own. */
    USUAL(30, 10, 10),
    /** The shortest ttl that Patroni takes. */
    FAST(20, 1, 3),
    /** Shorter than Patroni takes. */
    SHORT(5, 1, 2);

    private static final int SHORTEST_OF_PATRONI = 20;

    final int ttl;
    final int loopWait;
    final int retryTimeout;

    Profile(int ttl, int loopWait, int retryTimeout) {
        this.ttl = ttl;
        this.loopWait = loopWait;
        this.retryTimeout = retryTimeout;
    }

    boolean isForPatroni() {
        return ttl >= SHORTEST_OF_PATRONI;
    }

    Duration round() {
        return Duration.ofSeconds(loopWait);
    }

    /** Within this time everything that follows from a fault has happened, or something is wrong. */
    Duration patience() {
        return Duration.ofSeconds(ttl + loopWait + 2L * retryTimeout + 90);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.store;

import java.time.Duration;

/** What the stores do differently, as their backends and the contract have it. */
public enum StoreKind {
    /** A lease ends its ttl after the last keep-alive; a new leader of the servers grants every lease its ttl again. */
    ETCD(false, Duration.ZERO, Duration.ZERO, false),
    /** A session of half the ttl ends after twice that time; a new leader of the servers counts anew. */
    CONSUL(false, Duration.ZERO, Duration.ZERO, false),
    /**
     * Sessions end at the next tick; a snapshot is read piece by piece; a proof is older than the request that brought it.
     */
    ZOOKEEPER(true, Duration.ofSeconds(2), Duration.ofMillis(1500), false),
    /** Nothing ends by itself: whoever has seen no renewal for a ttl, by its own clock, may take the lock. */
    KUBERNETES(true, Duration.ZERO, Duration.ZERO, true);

    private final boolean torn;
    private final Duration expiryGrain;
    private final Duration proofAge;
    private final boolean observed;

    StoreKind(boolean torn, Duration expiryGrain, Duration proofAge, boolean observed) {
        this.torn = torn;
        this.expiryGrain = expiryGrain;
        this.proofAge = proofAge;
        this.observed = observed;
    }

    /** Whether the pieces of a snapshot are of different moments. */
    boolean isTorn() {
        return torn;
    }

    Duration expiryGrain() {
        return expiryGrain;
    }

    Duration proofAge() {
        return proofAge;
    }

    boolean isObserved() {
        return observed;
    }
}

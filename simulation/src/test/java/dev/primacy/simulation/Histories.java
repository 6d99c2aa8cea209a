// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.LongFunction;

/** Histories of one shape, by seed: says what was violated. Speaks only the JDK's types, so that other loaders' classes can ask. */
public final class Histories implements LongFunction<Optional<String>>, AutoCloseable {
    private final int sites;
    private final int members;
    private final ExecutorService threads = Threads.pool();

    public Histories(int sites, int members) {
        this.sites = sites;
        this.members = members;
    }

    @Override
    public Optional<String> apply(long seed) {
        try {
            return Simulation.run(Scenario.of(seed, sites, members), threads).violation();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in the history of seed " + seed, e);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}

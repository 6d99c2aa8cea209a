// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import dev.primacy.time.Loop;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Asks every agent again and again what it is, each on a thread of its own so that a silent one delays no other. */
public final class Sampler implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(150);

    private final List<Sample> samples = Collections.synchronizedList(new ArrayList<>());
    private final List<Loop> loops;

    /** Starts to ask. */
    public Sampler(List<Node> nodes, Loops loops, MonotonicClock clock) {
        this.loops = nodes.stream()
                .map(node -> loops.start("sampler " + node, () -> {
                    MonotonicInstant at = clock.now();
                    samples.add(new Sample(at, node.name(), node.rest().status()));
                    return EVERY;
                }))
                .toList();
    }

    /** A copy of what is known now. */
    public List<Sample> all() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    @Override
    public void close() {
        loops.forEach(Loop::close);
    }
}

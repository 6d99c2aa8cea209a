// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;

/** One run of an agent's process: it may be frozen, and it may die. Its clock has an origin and a rate of its own. */
final class Agent {
    private final String name;
    private final VirtualTime time;
    private final double rate;
    private final long origin;
    private MonotonicInstant pausedUntil = new MonotonicInstant(0);
    private boolean alive = true;

    Agent(String name, VirtualTime time, double rate, long origin) {
        this.name = name;
        this.time = time;
        this.rate = rate;
        this.origin = origin;
    }

    MonotonicClock clock() {
        return () -> new MonotonicInstant(origin + (long) (time.now().nanos() * rate));
    }

    MonotonicInstant pausedUntil() {
        return pausedUntil;
    }

    void pause(Duration duration) {
        pausedUntil = time.now().plus(duration);
    }

    boolean isAlive() {
        return alive;
    }

    void kill() {
        alive = false;
        pausedUntil = new MonotonicInstant(0);
    }

    @Override
    public String toString() {
        return name;
    }
}

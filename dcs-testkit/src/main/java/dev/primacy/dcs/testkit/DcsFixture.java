// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.RecordKey;
import dev.primacy.time.MonotonicClock;
import java.time.Duration;
import java.util.Optional;

/**
 * What the suites need to know of a backend. Each case gets a fixture of its own, with an empty scope; servers may be
 * shared between fixtures.
 */
public interface DcsFixture extends AutoCloseable {
    /** Opens a session on this fixture's scope, with {@link #ttl}. The suites close it. */
    Dcs open(String name);

    /** Asked for by every session. Short, since cases wait for its end; 2 to 3 seconds where time is real. */
    Duration ttl();

    /** How much later than the ttl what a silent session carried may vanish. */
    Duration grace();

    /** The clock that the sessions count on. */
    MonotonicClock clock();

    /** Lets time pass on that clock. */
    void pass(Duration time);

    /** From now on the store hears nothing of this session, which does not notice. */
    void silence(Dcs session);

    /** Puts bytes under a key, without the backend, as a foreign client might. */
    void put(RecordKey key, byte[] raw);

    /** The network between this session and the store, if it can be disturbed. */
    default Optional<FaultProxy> network(Dcs session) {
        return Optional.empty();
    }

    /** Releases what the fixture itself holds; its sessions are closed before. */
    @Override
    void close();
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.RecordKey;
import dev.primacy.time.MonotonicClock;
import java.time.Duration;

/**
 * What the suites need to know of a backend. Each case gets a fixture of its own, with an empty scope; servers may be
 * shared between fixtures.
 */
public interface DcsFixture extends AutoCloseable {
    /** Opens a session on this fixture's scope. The suites close it. */
    Dcs open(String name, Duration ttl);

    /** Opens a session with {@link #ttl}. */
    default Dcs open(String name) {
        return open(name, ttl());
    }

    /** Asked for by most sessions. Short, since cases wait for its end; 2 to 3 seconds where time is real. */
    Duration ttl();

    /** How much later than the ttl what a silent session carried may vanish. */
    Duration grace();

    /** The clock that the sessions count on. */
    MonotonicClock clock();

    /** Lets time pass on that clock. */
    void pass(Duration time);

    /** From now on the store hears nothing of this session, which does not notice. */
    void silence(Dcs session);

    /** Ends the silence. */
    void hear(Dcs session);

    /** Puts bytes under a key, without the backend, as a foreign client might. */
    void put(RecordKey key, byte[] raw);

    /** Releases what the fixture itself holds; its sessions are closed before. */
    @Override
    void close();
}

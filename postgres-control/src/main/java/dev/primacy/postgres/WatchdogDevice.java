// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

/** An open watchdog: it resets the host unless it is told in time that all is well. Opening it has started it. */
interface WatchdogDevice extends AutoCloseable {
    /**
     * Has it wait that long from now on.
     *
     * @return how long it really waits, in seconds; a device may not be able to do as asked
     */
    int setTimeout(int seconds);

    /** Has it wait anew. */
    void keepAlive();

    /** Stops it, where its driver allows that, and lets go of it. */
    @Override
    void close();
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.time;

import java.time.Duration;

/** A step that runs again and again on one thread: at once when woken, else after the wait that it asked for. */
public interface Loop extends AutoCloseable {
    /**
     * Asks for a round now. Never blocks; any number of calls while a round runs lead to one more round. May be called
     * by any thread, also after {@link #close}, where it does nothing.
     */
    void wake();

    /**
     * Interrupts a running round and waits a few seconds for its end. Does nothing the second time. A round that closes
     * its own loop is not waited for.
     */
    @Override
    void close();

    /** One round. */
    @FunctionalInterface
    interface Step {
        /**
         * Runs one round.
         *
         * @return the longest time until the next round
         * @throws Exception reported by the loop, which goes on after a short pause; a loop never dies of its step
         */
        Duration run() throws Exception;
    }
}

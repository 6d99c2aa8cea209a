// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;

/**
 * Something that keeps the server's clients from getting an answer after a deadline, whatever becomes of this process. What
 * it is told once holds without any further word: that no word comes is the very case it is there for.
 *
 * <p>Calls come one at a time.
 */
public interface Fence {
    /**
     * Sets the deadline, or replaces the one before. Returns when it is sure that this deadline, or an earlier one, holds.
     *
     * @param soft when to begin to end the server in good order, for those that can
     * @param hard from here on nothing is answered any more
     * @return false if that is not sure within {@code timeout}: then the server must not become or stay primary
     * @throws PostgresException the same, with the reason
     */
    boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout);

    /**
     * Ends the deadline, also one that an agent left which died. Only for a server that is no primary any more.
     *
     * @throws PostgresException if something may be left; it errs on the side of fencing
     */
    void disarm();
}

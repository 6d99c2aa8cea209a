// SPDX-License-Identifier: Apache-2.0
package dev.primacy.time;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Starts loops. Code that decides takes one as a constructor parameter: real threads in production ({@link
 * ThreadLoops}), virtual time in a simulation.
 */
@FunctionalInterface
public interface Loops {
    /**
     * Starts a loop whose first round runs at once.
     *
     * @param name for the thread and for reports of failed rounds
     */
    Loop start(String name, Loop.Step step);

    /**
     * A lock between loops, for sections in which a loop waits for something. In virtual time a thread that waited for
     * another kind of lock would stop the time in which its owner comes to an end.
     */
    default Lock lock() {
        return new ReentrantLock();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.time;

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
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.failsafe;

import java.util.Optional;

/**
 * Where a promise outlives the agent that gave it. An agent that forgot it with its death could take the lock while the
 * leader relies on it.
 */
public interface PromiseMemory {
    /**
     * The promise that was kept last.
     *
     * @throws java.io.UncheckedIOException if it cannot be told; then this member must not claim anything
     */
    Optional<Promise> recall();

    /**
     * Keeps a promise in place of the one before. Returns when it would survive a crash of the host.
     *
     * @throws java.io.UncheckedIOException if it would not
     */
    void keep(Promise promise);
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who want to know of the server's end. */
final class ExitListeners {
    private static final Logger LOG = LoggerFactory.getLogger(ExitListeners.class);

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    void add(Runnable listener) {
        listeners.add(listener);
    }

    void clear() {
        listeners.clear();
    }

    /** Calls each; one that throws must not end the thread that watches the guard. */
    void report() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.error("a listener for the server's end failed", e);
            }
        }
    }
}

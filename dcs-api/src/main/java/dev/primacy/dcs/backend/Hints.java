// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.backend;

import dev.primacy.dcs.Dcs.Watch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever wants to hear that something may have changed. May be used by any thread, also by the actions themselves: this
 * holds no lock while they run.
 */
public final class Hints {
    private static final Logger LOG = LoggerFactory.getLogger(Hints.class);

    private final List<Hint> all = new CopyOnWriteArrayList<>();

    /**
     * From now on this action is called with each hint, until the answer is closed. Closing does not wait for a call that
     * runs, does nothing the second time, and ends only this watch: two with one action are two.
     *
     * @param action called on the threads that give hints, by several at one time if these do; must not block
     */
    public Watch add(Runnable action) {
        Hint added = new Hint(action);
        all.add(added);
        return () -> all.remove(added);
    }

    /** Whether nobody wants to hear. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** Calls the actions on this thread, in the order they were added. One that throws is logged; the others are called. */
    public void give() {
        for (Hint hint : all) {
            try {
                hint.action.run();
            } catch (RuntimeException e) {
                LOG.warn("a watcher failed on a hint", e);
            }
        }
    }

    /** Compared by identity. */
    private static final class Hint {
        private final Runnable action;

        Hint(Runnable action) {
            this.action = action;
        }
    }
}

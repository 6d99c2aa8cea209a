// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.Dcs.Watch;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whoever wants to hear that something may have changed. May be used by any thread. */
final class Hints {
    private static final Logger LOG = LoggerFactory.getLogger(Hints.class);

    private final List<Hint> all = new CopyOnWriteArrayList<>();

    Watch add(Runnable action) {
        Hint added = new Hint(action);
        all.add(added);
        return () -> all.remove(added);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** One that throws is reported; the others are still called. */
    void give() {
        for (Hint hint : all) {
            try {
                hint.action.run();
            } catch (RuntimeException e) {
                LOG.warn("a watcher failed on a hint", e);
            }
        }
    }

    /** Two watches with one action are two. */
    private static final class Hint {
        private final Runnable action;

        Hint(Runnable action) {
            this.action = action;
        }
    }
}

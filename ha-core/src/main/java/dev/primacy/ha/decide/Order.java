// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.record.JsonObject;
import java.time.Duration;
import java.util.Optional;

/** What a person asks of this member. It is done when nothing is to be done that cannot wait, or denied. */
public sealed interface Order {
    /** Ends the server and starts it again, as what it is. */
    String RESTART = "restart";
    /** Removes the data here and copies it anew. */
    String REINITIALIZE = "reinitialize";
    /** Has the server read its settings again. */
    String RELOAD = "reload";

    /** The long action that it becomes. */
    String action();

    /**
     * A restart, if all that it names holds.
     *
     * @param role only of a server with this role, in Patroni's words
     * @param olderThan only of a server below this version, for example 150004
     * @param ifPending only of a server with settings that wait for a restart
     * @param timeout for the start; empty: the cluster's
     * @param request the same as the person wrote it
     */
    record Restart(
            Optional<String> role,
            Optional<Integer> olderThan,
            boolean ifPending,
            Optional<Duration> timeout,
            JsonObject request)
            implements Order {
        @Override
        public String action() {
            return RESTART;
        }
    }

    /**
     * A copy instead of the data that is here.
     *
     * @param force ends another long action for it
     * @param fromLeader whatever other member offers itself
     */
    record Reinitialize(boolean force, boolean fromLeader) implements Order {
        @Override
        public String action() {
            return REINITIALIZE;
        }
    }

    /** The server's settings have changed. */
    record Reload() implements Order {
        @Override
        public String action() {
            return RELOAD;
        }
    }
}

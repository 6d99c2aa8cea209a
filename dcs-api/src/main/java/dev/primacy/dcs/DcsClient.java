// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import java.time.Duration;

/**
 * Connections to one store, shared by all sessions that are opened on it, however many scopes these look at. May be used
 * by any thread.
 */
public interface DcsClient extends AutoCloseable {
    /**
     * Opens a session, without waiting for the store: a store that is down shows in the verbs. A session that only reads,
     * writes records and watches costs the store nothing of its own.
     */
    Dcs open(Scope scope);

    /** No session can be opened any more; the connections end with the last session. */
    @Override
    void close();

    /**
     * Which tree to open, and for whom.
     *
     * @param path for example {@code /service/demo}
     * @param session a name for the session that people can recognise, for example {@code fra1}
     * @param ttl how long the store keeps what belongs to a silent session. To change it without giving the lock up, open a
     *     second session with the new ttl, let it replace the first one's tenure, and close the first
     */
    record Scope(String path, String session, Duration ttl) {
        public Scope {
            path = ("/" + path).replaceAll("/+", "/").replaceAll("/$", "");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.net.InetSocketAddress;
import java.util.List;

/** The servers of one store, which can be disturbed. Indexes go from 0. One thread at a time. */
public interface StoreServers extends AutoCloseable {
    /** Where clients connect to, by index. */
    List<InetSocketAddress> addresses();

    /**
     * Which of them leads. Waits for one that does.
     *
     * @throws IllegalStateException if there is none for a long time
     */
    int leader();

    /** Ends a server at once, as a crash does; what it had written stays. */
    void kill(int index);

    /** Stops a server without ending it: connections stay and get no answer. */
    void freeze(int index);

    /** Lets a frozen server go on. */
    void thaw(int index);

    /** Starts a server that was killed; does not wait until it serves. */
    void restart(int index);

    /** Undoes all of that and waits until every server serves. */
    void heal();

    /** No servers at all, for a store that has none. */
    static StoreServers none() {
        return new NoServers();
    }

    /** How many there are. */
    default int count() {
        return addresses().size();
    }

    /** Ends the servers and deletes their data. */
    @Override
    void close();
}

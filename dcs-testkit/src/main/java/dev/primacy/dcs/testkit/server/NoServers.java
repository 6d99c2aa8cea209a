// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.net.InetSocketAddress;
import java.util.List;

/** Nothing that could be disturbed. */
final class NoServers implements StoreServers {
    @Override
    public List<InetSocketAddress> addresses() {
        return List.of();
    }

    @Override
    public int leader() {
        throw none();
    }

    @Override
    public void kill(int index) {
        throw none();
    }

    @Override
    public void freeze(int index) {
        throw none();
    }

    @Override
    public void thaw(int index) {
        throw none();
    }

    @Override
    public void restart(int index) {
        throw none();
    }

    @Override
    public void heal() {}

    @Override
    public void close() {}

    private static IllegalStateException none() {
        return new IllegalStateException("this store has no servers");
    }
}

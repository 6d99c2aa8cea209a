// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.apache.zookeeper.server.ServerCnxnFactory;

/** One server of an {@link EmbeddedZooKeeper}. */
interface EmbeddedServer {
    /** Sessions shorter or longer than this are not granted. */
    int LONGEST_SESSION_MILLIS = 120_000;

    int CONNECTIONS_PER_CLIENT = 0;

    String address();

    void start();

    void stop();

    boolean leads();

    /** For clients, for followers, and for elections. */
    record Ports(int client, int follower, int election) {
        String address() {
            return "127.0.0.1:" + client;
        }
    }

    static ServerCnxnFactory listen(Ports ports) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.client());
        return ServerCnxnFactory.createFactory(address, CONNECTIONS_PER_CLIENT);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * What a server counts.
 *
 * @param connections without the one that asks
 */
record ServerCounters(int connections, long zxid) {
    static ServerCounters of(EmbeddedZooKeeper server) {
        InetSocketAddress address = ZooKeeperFixture.addresses(server).get(0);
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write("srvr".getBytes(US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            return new ServerCounters(
                    Integer.parseInt(field(answer, "Connections")) - 1, Long.decode(field(answer, "Zxid")));
        } catch (IOException e) {
            throw new IllegalStateException("asking " + server.connectString(), e);
        }
    }

    private static String field(String answer, String name) {
        return answer.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElseThrow();
    }
}

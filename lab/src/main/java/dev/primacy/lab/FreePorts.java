// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;

/**
 * Hands out free TCP ports below the range that the kernel takes for outgoing connections. A port from that range could
 * be taken while its server is down, even by a client that tries to reach that very server. None is handed out twice by one
 * program before all have been: its server may just be restarting.
 */
final class FreePorts {
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 29_000;
    /** Programs that run at the same time start at different places. */
    private static int next =
            LOWEST + (int) Math.floorMod(ProcessHandle.current().pid() * 64, (long) (HIGHEST - LOWEST));

    private FreePorts() {}

    static synchronized int take() {
        int port = IntStream.range(0, HIGHEST - LOWEST)
                .map(i -> LOWEST + (next - LOWEST + i) % (HIGHEST - LOWEST))
                .filter(FreePorts::isFree)
                .findFirst()
                .orElseThrow(() -> new LabException("no free TCP port between " + LOWEST + " and " + HIGHEST));
        next = port + 1;
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}

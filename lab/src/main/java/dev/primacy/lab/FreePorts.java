// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.stream.IntStream;

/**
 * Hands out free TCP ports below the range that the kernel takes for outgoing connections. A port from that range could
 * be taken while its server is down, even by a client that tries to reach that very server.
 */
final class FreePorts {
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 29_000;

    private int next;

    /**
     * Starts at a place of its own.
     *
     * @param seed differs between programs that run at the same time
     */
    FreePorts(long seed) {
        next = LOWEST + (int) Math.floorMod(seed * 64, (long) (HIGHEST - LOWEST));
    }

    int take() {
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

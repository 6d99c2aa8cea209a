// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import java.io.IOException;
import java.net.Socket;
import java.util.function.Consumer;

/** One forwarded connection. */
final class Link {
    private final Socket client;
    private final Socket server;
    private final Faults faults;
    private final Consumer<Link> onClose;
    private volatile boolean lost;

    Link(Socket client, Socket server, Faults faults, Consumer<Link> onClose) {
        this.client = client;
        this.server = server;
        this.faults = faults;
        this.onClose = onClose;
    }

    void start() {
        daemon("fault-proxy-requests", () -> forward(client, server, false));
        daemon("fault-proxy-replies", () -> forward(server, client, true));
    }

    static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    boolean hasLost() {
        return lost;
    }

    private void forward(Socket from, Socket to, boolean reply) {
        byte[] piece = new byte[1 << 16];
        try {
            for (int size = from.getInputStream().read(piece);
                    size >= 0;
                    size = from.getInputStream().read(piece)) {
                if (faults.pass(reply)) {
                    to.getOutputStream().write(piece, 0, size);
                } else {
                    lost = true;
                }
            }
        } catch (IOException e) {
            // One side has broken the connection; the other side is told below.
            lost = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    void close() {
        onClose.accept(this);
        closeHard(client);
        closeHard(server);
    }

    /** With a reset instead of an orderly end, as when a host vanishes. */
    static void closeHard(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // Closed already, by the other direction.
        }
        try {
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("closing a forwarded connection", e);
        }
    }
}

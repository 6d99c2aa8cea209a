// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network that fails on demand: forwards TCP connections on loopback to one of several servers in turn. Knows nothing of
 * the protocol. May be used by any thread.
 */
public final class FaultProxy implements AutoCloseable {
    private final List<InetSocketAddress> servers;
    private final ServerSocket listener;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Faults faults = new Faults();
    private int next;

    /** A proxy for these servers; a new connection goes to the next one of them. */
    public FaultProxy(List<InetSocketAddress> servers) {
        this(servers, InetAddress.getLoopbackAddress());
    }

    /** As {@link #FaultProxy(List)}, on this address. */
    public FaultProxy(List<InetSocketAddress> servers, InetAddress host) {
        this.servers = List.copyOf(servers);
        try {
            listener = new ServerSocket(0, 50, host);
        } catch (IOException e) {
            throw new UncheckedIOException("listening on loopback", e);
        }
        Link.daemon("fault-proxy-" + listener.getLocalPort(), this::accept);
    }

    /** Where clients connect to. */
    public String address() {
        return listener.getInetAddress().getHostAddress() + ":" + listener.getLocalPort();
    }

    /** Breaks all connections, and every new one at once. */
    public void cut() {
        faults.cut(true);
        reset();
    }

    /** Breaks all connections; new ones work. */
    public void reset() {
        links.forEach(Link::close);
    }

    /** Nothing passes any more in either direction, and no connection breaks. */
    public void freeze() {
        faults.freeze(true);
    }

    /** Requests arrive, and so many pieces of replies come back; what follows is lost. */
    public void loseRepliesAfter(int pieces) {
        faults.loseRepliesAfter(pieces);
    }

    /** Everything takes longer, in each direction. */
    public void delay(Duration time) {
        faults.delay(time);
    }

    /** Ends all faults. What was frozen arrives late; connections that lost something break. */
    public void heal() {
        faults.heal();
        links.stream().filter(Link::hasLost).forEach(Link::close);
    }

    private void accept() {
        while (!listener.isClosed()) {
            acceptOne();
        }
    }

    private void acceptOne() {
        try {
            Socket client = listener.accept();
            if (faults.isCut()) {
                Link.closeHard(client);
            } else {
                connect(client);
            }
        } catch (IOException e) {
            // The listener was closed, which ends the loop, or the client has gone again.
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server = new Socket();
        try {
            server.connect(servers.get(next++ % servers.size()), 1000);
        } catch (IOException e) {
            // To the client a server that does not run looks the same as one that hangs up.
            Link.closeHard(client);
            return;
        }
        Link link = new Link(client, server, faults, links::remove);
        links.add(link);
        link.start();
    }

    /** Breaks all connections for good. */
    @Override
    public void close() {
        faults.heal();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing the listener on " + address(), e);
        }
        reset();
    }
}

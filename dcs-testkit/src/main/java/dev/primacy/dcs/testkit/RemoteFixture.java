// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixture for real servers, in real time: each session reaches them over a network of its own that can be disturbed.
 * Extend it once for a backend. May be used by any thread.
 */
public abstract class RemoteFixture implements DcsFixture {
    private static final MonotonicClock CLOCK = BootClock.system();
    private static final AtomicInteger PATHS = new AtomicInteger();

    private final DcsProvider provider;
    private final List<InetSocketAddress> servers;
    private final String path = newPath();
    private final Map<Dcs, FaultProxy> networks = new ConcurrentHashMap<>();
    private final AtomicInteger opened = new AtomicInteger();

    /** A fixture with a scope of its own on these servers. */
    protected RemoteFixture(DcsProvider provider, List<InetSocketAddress> servers) {
        this.provider = provider;
        this.servers = List.copyOf(servers);
    }

    /** A path for a scope that nobody else in this process uses, whatever a test appends to it. */
    public static String newPath() {
        // A letter at the end, since some stores allow no other sign there.
        return "/service/case-" + PATHS.incrementAndGet() + "x";
    }

    /** The provider's section for a session that finds the servers at this address, a host and a port. */
    protected abstract Map<String, Object> section(String address);

    /** Where this fixture's scope lies. */
    public final String path() {
        return path;
    }

    @Override
    public final Dcs open(String name, Duration ttl) {
        // Each session begins at another server, so that sessions meet across the cluster.
        List<InetSocketAddress> addresses = new ArrayList<>(servers);
        Collections.rotate(addresses, opened.getAndIncrement());
        FaultProxy network = new FaultProxy(addresses);
        Dcs session = provider.open(new DcsClient.Scope(path, name, ttl), section(network.address()), CLOCK);
        networks.put(session, network);
        return session;
    }

    /** All that lies between this session and the servers. */
    public final FaultProxy network(Dcs session) {
        return Objects.requireNonNull(networks.get(session), "a session of this fixture");
    }

    @Override
    public final MonotonicClock clock() {
        return CLOCK;
    }

    @Override
    public final void pass(Duration time) {
        RealTime.pass(CLOCK, time);
    }

    @Override
    public final void silence(Dcs session) {
        network(session).freeze();
    }

    @Override
    public final void hear(Dcs session) {
        network(session).heal();
    }

    @Override
    public final void close() {
        networks.values().forEach(FaultProxy::close);
    }
}

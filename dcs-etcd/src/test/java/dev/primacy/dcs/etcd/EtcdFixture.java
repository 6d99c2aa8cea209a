// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.testkit.FaultProxy;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.server.StoreServers;
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

/** Real servers; each session reaches them through a network of its own. */
final class EtcdFixture implements RemoteFixture {
    static final Duration TTL = Duration.ofSeconds(2);
    static final MonotonicClock CLOCK = BootClock.system();
    private static final AtomicInteger FIXTURES = new AtomicInteger();

    private final StoreServers servers;
    private final String path;
    private final Map<Dcs, FaultProxy> networks = new ConcurrentHashMap<>();
    private final AtomicInteger opened = new AtomicInteger();

    EtcdFixture(StoreServers servers) {
        this.servers = servers;
        this.path = newPath();
    }

    /** A scope that nobody else uses, whatever a test appends to it. */
    static String newPath() {
        return "/service/case-" + FIXTURES.incrementAndGet() + "-";
    }

    @Override
    public Dcs open(String name, Duration ttl) {
        // Each session begins at another server, so that sessions meet across the cluster.
        List<InetSocketAddress> addresses = new ArrayList<>(servers.addresses());
        Collections.rotate(addresses, opened.getAndIncrement());
        FaultProxy network = new FaultProxy(addresses);
        Dcs session = new Etcd3Provider()
                .open(
                        new DcsClient.Scope(path, name, ttl),
                        Map.of("host", network.address(), "use_proxies", true),
                        CLOCK);
        networks.put(session, network);
        return session;
    }

    @Override
    public Duration ttl() {
        return TTL;
    }

    /** etcd looks for expired leases twice in a second. */
    @Override
    public Duration grace() {
        return Duration.ofMillis(1500);
    }

    @Override
    public MonotonicClock clock() {
        return CLOCK;
    }

    @Override
    public void pass(Duration time) {
        RealTime.pass(CLOCK, time);
    }

    @Override
    public FaultProxy network(Dcs session) {
        return Objects.requireNonNull(networks.get(session), "a session of this fixture");
    }

    @Override
    public void put(RecordKey key, byte[] raw) {
        try (Foreign foreign = new Foreign(servers.addresses().get(0))) {
            foreign.put(path + "/" + key.path(), raw);
        }
    }

    @Override
    public void close() {
        networks.values().forEach(FaultProxy::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

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

/** Real servers; each session begins at another one, and reaches them through a network of its own. */
final class ConsulFixture implements RemoteFixture {
    static final Duration TTL = Duration.ofSeconds(3);
    private static final MonotonicClock CLOCK = BootClock.system();
    private static final AtomicInteger FIXTURES = new AtomicInteger();

    private final StoreServers servers;
    private final String path = "/service/case-" + FIXTURES.incrementAndGet();
    private final Map<Dcs, FaultProxy> networks = new ConcurrentHashMap<>();
    private final AtomicInteger opened = new AtomicInteger();

    ConsulFixture(StoreServers servers) {
        this.servers = servers;
    }

    @Override
    public Dcs open(String name, Duration ttl) {
        List<InetSocketAddress> addresses = new ArrayList<>(servers.addresses());
        Collections.rotate(addresses, opened.getAndIncrement());
        FaultProxy network = new FaultProxy(addresses);
        Dcs session = new ConsulProvider()
                .open(new DcsClient.Scope(path, name, ttl), Map.of("url", "http://" + network.address()), CLOCK);
        networks.put(session, network);
        return session;
    }

    String path() {
        return path;
    }

    @Override
    public Duration ttl() {
        return TTL;
    }

    /** Raft's decision to end the session, and what two cores need for it under load. */
    @Override
    public Duration grace() {
        return Duration.ofSeconds(2);
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
        new Foreign(servers.addresses().get(0)).put(path.substring(1) + "/" + key.path(), raw);
    }

    @Override
    public void close() {
        networks.values().forEach(FaultProxy::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.testkit.FaultProxy;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** Real servers; each session reaches them through a network of its own. */
final class ZooKeeperFixture implements RemoteFixture {
    static final Duration TTL = Duration.ofSeconds(3);
    private static final MonotonicClock CLOCK = BootClock.system();
    private static final AtomicInteger FIXTURES = new AtomicInteger();

    private final EmbeddedZooKeeper servers;
    private final DcsClient.Scope scope;
    private final Map<Dcs, FaultProxy> networks = new ConcurrentHashMap<>();
    private final AtomicInteger opened = new AtomicInteger();

    ZooKeeperFixture(EmbeddedZooKeeper servers) {
        this.servers = servers;
        this.scope = new DcsClient.Scope("service/case-" + FIXTURES.incrementAndGet(), "", TTL);
    }

    @Override
    public Dcs open(String name, Duration ttl) {
        // Each session begins at another server, so that sessions meet across the ensemble.
        List<InetSocketAddress> addresses = new ArrayList<>(addresses());
        Collections.rotate(addresses, opened.getAndIncrement());
        FaultProxy network = new FaultProxy(addresses);
        Dcs session = new ZooKeeperProvider()
                .open(
                        new DcsClient.Scope(scope.path(), name, ttl),
                        Map.of("hosts", network.address(), "tick_time", EmbeddedZooKeeper.TICK_MILLIS),
                        CLOCK);
        networks.put(session, network);
        return session;
    }

    private List<InetSocketAddress> addresses() {
        return Stream.of(servers.connectString().split(","))
                .map(address -> address.split(":"))
                .map(parts -> new InetSocketAddress(parts[0], Integer.parseInt(parts[1])))
                .collect(Collectors.toList());
    }

    String path() {
        return scope.path();
    }

    @Override
    public Duration ttl() {
        return TTL;
    }

    /** ZooKeeper looks for expired sessions once in a tick; a follower reports signs of life up to a tick late. */
    @Override
    public Duration grace() {
        return Duration.ofMillis(6L * EmbeddedZooKeeper.TICK_MILLIS);
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
        put(key.path(), raw, CreateMode.PERSISTENT);
    }

    /** As Patroni's client does it; an ephemeral znode goes with this client, at once. */
    void put(String key, byte[] raw, CreateMode mode) {
        try (ZooKeeper foreign = foreign()) {
            makeParents(foreign, key);
            foreign.create(path() + "/" + key, raw, ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
        } catch (Exception e) {
            throw new IllegalStateException(key, e);
        }
    }

    ZooKeeper foreign() throws IOException {
        return new ZooKeeper(servers.connectString(), 10_000, event -> {});
    }

    void makeParents(ZooKeeper foreign, String key) throws KeeperException, InterruptedException {
        String path = path() + "/" + key;
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            makeParent(foreign, path.substring(0, slash));
        }
    }

    private static void makeParent(ZooKeeper foreign, String path) throws KeeperException, InterruptedException {
        try {
            foreign.create(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        } catch (KeeperException.NodeExistsException e) {
            // Another client was faster, or it was there before.
        }
    }

    @Override
    public void close() {
        networks.values().forEach(FaultProxy::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.dcs.testkit.server.ZooKeeperServers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** Sessions in ZooKeeper. */
final class ZooKeeperFixture extends RemoteFixture {
    static final Duration TTL = Duration.ofSeconds(3);

    private final List<InetSocketAddress> servers;
    private final int tickMillis;

    ZooKeeperFixture(EmbeddedZooKeeper servers) {
        this(addresses(servers), EmbeddedZooKeeper.TICK_MILLIS);
    }

    ZooKeeperFixture(StoreServers servers) {
        this(servers.addresses(), ZooKeeperServers.TICK_MILLIS);
    }

    private ZooKeeperFixture(List<InetSocketAddress> servers, int tickMillis) {
        super(new ZooKeeperProvider(), servers);
        this.servers = servers;
        this.tickMillis = tickMillis;
    }

    @Override
    protected Map<String, Object> section(String address) {
        return Map.of("hosts", address, "tick_time", tickMillis);
    }

    static List<InetSocketAddress> addresses(EmbeddedZooKeeper servers) {
        return Stream.of(servers.connectString().split(","))
                .map(address -> address.split(":"))
                .map(parts -> new InetSocketAddress(parts[0], Integer.parseInt(parts[1])))
                .collect(Collectors.toList());
    }

    private String connectString() {
        return servers.stream()
                .map(address -> address.getHostString() + ":" + address.getPort())
                .collect(Collectors.joining(","));
    }

    @Override
    public Duration ttl() {
        return TTL;
    }

    /** ZooKeeper looks for expired sessions once in a tick; a follower reports signs of life up to a tick late. */
    @Override
    public Duration grace() {
        return Duration.ofMillis(6L * tickMillis);
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
        return new ZooKeeper(connectString(), 10_000, event -> {});
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
}

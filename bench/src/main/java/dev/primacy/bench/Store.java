// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench;

import dev.primacy.dcs.testkit.server.ConsulServers;
import dev.primacy.dcs.testkit.server.EtcdServers;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.dcs.testkit.server.ZooKeeperServers;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A real store that runs.
 *
 * @param section its name in {@code patroni.yml}, which is the provider's too
 * @param options what that section says
 * @param counters what its servers count
 */
record Store(String section, StoreServers servers, Map<String, Object> options, Counters counters)
        implements AutoCloseable {

    /** One server of the store of that name. */
    static Store start(String name) {
        return switch (name) {
            case "etcd" -> {
                EtcdServers servers = EtcdServers.start(1);
                yield new Store("etcd3", servers, Map.of("hosts", hosts(servers)), Counters.of(servers));
            }
            case "consul" -> {
                ConsulServers servers = ConsulServers.start(1);
                yield new Store("consul", servers, Map.of("host", hosts(servers)), Counters.of(servers));
            }
            case "zookeeper" -> {
                ZooKeeperServers servers = ZooKeeperServers.start(1);
                Map<String, Object> options =
                        Map.of("hosts", hosts(servers), "tick_time", ZooKeeperServers.TICK_MILLIS);
                yield new Store("zookeeper", servers, options, Counters.of(servers));
            }
            default -> throw new IllegalArgumentException("no store '" + name + "'; there are etcd, consul, zookeeper");
        };
    }

    /** As {@code host:port}. */
    String address() {
        return hosts(servers);
    }

    private static String hosts(StoreServers servers) {
        return servers.addresses().stream().map(Store::text).collect(Collectors.joining(","));
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    @Override
    public void close() {
        servers.close();
    }
}

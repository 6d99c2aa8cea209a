// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench;

import dev.primacy.dcs.testkit.server.Certificates;
import dev.primacy.dcs.testkit.server.ConsulServers;
import dev.primacy.dcs.testkit.server.EtcdServers;
import dev.primacy.dcs.testkit.server.LocalServers;
import dev.primacy.dcs.testkit.server.ZooKeeperServers;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A real store that runs.
 *
 * @param section its name in {@code patroni.yml}, which is the provider's too
 * @param options what that section says
 * @param counters what its servers count
 */
record Store(String section, LocalServers servers, Map<String, Object> options, Counters counters)
        implements AutoCloseable {
    private static final int HTTPS = 8501;

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

    /**
     * Consul over TLS, where one connection serves many requests at a time.
     *
     * @param folder for certificates and keys
     */
    static Store consulOverTls(Path folder) {
        Certificates certificates = new Certificates(folder);
        Certificates.Pair pair = certificates.issue("server", List.of());
        Path authority = certificates.authority();
        ConsulServers servers = ConsulServers.start(
                1,
                List.of("-hcl=ports={https=" + HTTPS + "} ca_file=\"" + authority + "\" cert_file=\""
                        + pair.certificate() + "\" key_file=\"" + pair.key() + "\""));
        String host = servers.addresses().get(0).getHostString();
        // Nobody knew the server's address when the certificate was made.
        Map<String, Object> options =
                Map.of("url", "https://" + host + ":" + HTTPS, "cacert", authority.toString(), "verify", false);
        return new Store("consul", servers, options, Counters.of(servers));
    }

    /** As {@code host:port}. */
    String address() {
        return hosts(servers);
    }

    private static String hosts(LocalServers servers) {
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

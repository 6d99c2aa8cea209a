// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** etcd servers. They elect quickly, so that leases may be short, and do not wait for the disk, which no crash here loses. */
public final class EtcdServers extends LocalServers {
    private static final int CLIENTS = 2379;
    private static final int PEERS = 2380;
    private static final int METRICS = 2381;

    private final List<String> hosts;

    private EtcdServers(int count) {
        super("etcd");
        hosts = IntStream.range(0, count).mapToObj(i -> nextHost()).toList();
    }

    /** Starts this many, as one cluster; the test is skipped where there is no etcd. */
    public static EtcdServers start(int count) {
        return start(count, "http", List.of());
    }

    /**
     * Starts this many with more options.
     *
     * @param scheme {@code http} or {@code https}, for clients
     * @param options of etcd, as on its command line
     */
    public static EtcdServers start(int count, String scheme, List<String> options) {
        Path program = ServerPrograms.require("etcd");
        EtcdServers servers = new EtcdServers(count);
        servers.run(IntStream.range(0, count)
                .mapToObj(i -> servers.process(i, program, scheme, options))
                .toList());
        return servers;
    }

    private ServerProcess process(int index, Path program, String scheme, List<String> options) {
        String name = "etcd-" + index;
        String host = hosts.get(index);
        String clients = scheme + "://" + host + ":" + CLIENTS;
        String peers = "http://" + host + ":" + PEERS;
        String cluster = IntStream.range(0, hosts.size())
                .mapToObj(i -> "etcd-" + i + "=http://" + hosts.get(i) + ":" + PEERS)
                .collect(Collectors.joining(","));
        Stream<String> own = Stream.of(
                program.toString(),
                "--name=" + name,
                "--data-dir=" + home().resolve(name),
                "--listen-client-urls=" + clients,
                "--advertise-client-urls=" + clients,
                "--listen-peer-urls=" + peers,
                "--initial-advertise-peer-urls=" + peers,
                "--listen-metrics-urls=http://" + host + ":" + METRICS,
                "--initial-cluster=" + cluster,
                "--heartbeat-interval=50",
                "--election-timeout=500",
                "--unsafe-no-fsync=true",
                "--log-level=warn");
        List<String> command = new ArrayList<>(own.toList());
        command.addAll(options);
        return new ServerProcess(command, Map.of(), home().resolve(name + ".log"));
    }

    @Override
    public List<InetSocketAddress> addresses() {
        return hosts.stream().map(host -> new InetSocketAddress(host, CLIENTS)).toList();
    }

    /** Prometheus counters of one server, as text. */
    public String metrics(int index) {
        return Http.get("http://" + hosts.get(index) + ":" + METRICS + "/metrics")
                .orElse("");
    }

    @Override
    protected boolean serves(int index) {
        return isHealthy("http://" + hosts.get(index) + ":" + METRICS);
    }

    static boolean isHealthy(String url) {
        return Http.get(url + "/health")
                .filter(body -> body.contains("\"health\":\"true\""))
                .isPresent();
    }

    @Override
    protected boolean leads(int index) {
        return metrics(index).lines().anyMatch("etcd_server_is_leader 1"::equals);
    }
}

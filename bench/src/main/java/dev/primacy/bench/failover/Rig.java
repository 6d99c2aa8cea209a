// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench.failover;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.record.FailoverRecord;
import dev.primacy.dcs.testkit.FaultProxy;
import dev.primacy.dcs.testkit.server.EtcdServers;
import dev.primacy.dcs.testkit.server.ServerPrograms;
import dev.primacy.lab.Await;
import dev.primacy.lab.Cluster;
import dev.primacy.lab.Node;
import dev.primacy.lab.NodeSpec;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Three etcd servers and three members, each of which reaches etcd over a network of its own that can be cut. */
final class Rig implements AutoCloseable {
    static final long LOSS_BOUND = 1 << 20;

    private static final int MEMBERS = 3;
    private static final Duration REQUEST = Duration.ofSeconds(5);

    final Candidate candidate;
    final Profile profile;
    final MonotonicClock clock = BootClock.system();
    final Await await = new Await(clock);
    final EtcdServers etcd;
    final Cluster cluster;
    /** The number of the last row. */
    final AtomicLong rows = new AtomicLong();

    private final Map<String, List<FaultProxy>> networks = new HashMap<>();

    Rig(Candidate candidate, Profile profile, Path logs) {
        this.candidate = candidate;
        this.profile = profile;
        // As etcd comes, and not as the tests' servers are set.
        this.etcd = EtcdServers.start(
                MEMBERS,
                "http",
                List.of("--heartbeat-interval=100", "--election-timeout=1000", "--unsafe-no-fsync=false"));
        this.cluster = new Cluster(
                candidate.name(), MEMBERS, candidate.command(), candidate.owner(), this::config, logs, clock);
    }

    private String config(NodeSpec node) {
        List<FaultProxy> network = etcd.addresses().stream()
                .map(server -> new FaultProxy(List.of(server)))
                .toList();
        networks.put(node.name(), network);
        return node.member(Map.of(
                "etcd",
                network.stream().map(FaultProxy::address).collect(Collectors.joining(", ")),
                "bin_dir",
                ServerPrograms.require("postgres").getParent(),
                "ttl",
                profile.ttl,
                "loop_wait",
                profile.loopWait,
                "retry_timeout",
                profile.retryTimeout,
                "loss_bound",
                LOSS_BOUND));
    }

    /** From now on nothing passes between this member and etcd, and no connection breaks. */
    void cutFromEtcd(Node node) {
        networks.getOrDefault(node.name(), List.of()).forEach(FaultProxy::freeze);
    }

    /** Ends every fault that was made, except that agents which were killed stay dead. */
    void heal() {
        networks.values().stream().flatMap(List::stream).forEach(FaultProxy::heal);
        cluster.nodes().forEach(Node::thaw);
        etcd.heal();
    }

    /** Asks for a switchover as {@code patronictl} does; an agent that has no such request finds it in the store. */
    void askForSwitchover(Node leader, Node next) {
        String body = "{\"leader\":\"" + leader.name() + "\",\"candidate\":\"" + next.name() + "\"}";
        if (leader.rest().post("/switchover", body) == 501) {
            FailoverRecord wanted =
                    FailoverRecord.of(Optional.of(leader.name()), Optional.of(next.name()), Optional.empty());
            write(RecordWrite.blind(RecordKey.FAILOVER, wanted.encode()));
        }
    }

    private void write(RecordWrite record) {
        String hosts = etcd.addresses().stream().map(Rig::text).collect(Collectors.joining(","));
        DcsClient.Scope scope =
                new DcsClient.Scope("/service/" + candidate.name(), "failover-bench", Duration.ofSeconds(profile.ttl));
        try (Dcs store = DcsProvider.named("etcd3").open(scope, Map.of("hosts", hosts), clock)) {
            store.write(record, REQUEST);
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    /** What the servers of etcd have counted since they started: each message of a client. */
    double requests() {
        double sum = 0;
        for (int i = 0; i < etcd.count(); i++) {
            sum += etcd.metrics(i)
                    .lines()
                    .filter(line -> line.startsWith("grpc_server_msg_received_total{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
        return sum;
    }

    @Override
    public void close() {
        try (etcd;
                cluster) {
            Stream<FaultProxy> all = networks.values().stream().flatMap(List::stream);
            all.forEach(FaultProxy::close);
        }
    }
}

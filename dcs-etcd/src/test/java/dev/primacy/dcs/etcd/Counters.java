// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.testkit.server.EtcdServers;
import java.util.stream.IntStream;

/** What a cluster has done so far, from the metrics of its members. */
record Counters(long ranges, long transactions, long keepAlives, long proposals) {
    static Counters of(EtcdServers servers) {
        return new Counters(
                handled(servers, "Range"),
                handled(servers, "Txn"),
                handled(servers, "LeaseKeepAlive"),
                sum(servers, 0, "etcd_server_proposals_committed_total"));
    }

    Counters since(Counters before) {
        return new Counters(
                ranges - before.ranges,
                transactions - before.transactions,
                keepAlives - before.keepAlives,
                proposals - before.proposals);
    }

    private static long handled(EtcdServers servers, String method) {
        return IntStream.range(0, servers.count())
                .mapToLong(i -> servers.metrics(i)
                        .lines()
                        .filter(line -> line.startsWith("grpc_server_handled_total")
                                && line.contains("grpc_method=\"" + method + "\""))
                        .mapToLong(Counters::value)
                        .sum())
                .sum();
    }

    private static long sum(EtcdServers servers, int index, String name) {
        return servers.metrics(index)
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(Counters::value)
                .sum();
    }

    private static long value(String line) {
        return (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench;

import dev.primacy.time.Allowed;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what backends cost, and how long they take. */
@Allowed("a program's main")
@Command(
        name = "bin/bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures backends against real servers: how long their verbs take (medians, beside Patroni's own "
                        + "code where that is installed), how many requests and writes a round of a leader and of a standby "
                        + "costs by the servers' own counters, and how many connections a process needs to watch 100 clusters.")
final class Main implements Callable<Integer> {
    private static final int WATCHED = 100;

    @Parameters(paramLabel = "STORE", description = "etcd, consul, zookeeper; all of them if none is given")
    private List<String> stores = List.of("etcd", "consul", "zookeeper");

    @Option(
            names = "--peer",
            paramLabel = "DIR",
            description = "root of a system with Patroni installed; bin/golden tells how to make one")
    private Path peer = Path.of(System.getProperty("user.home"), ".cache/primacy/patroni-root");

    @Option(names = "--script", hidden = true)
    private Path script = Path.of("bench/src/main/python/patroni_latency.py");

    public static void main(String[] arguments) {
        CommandLine program = new CommandLine(new Main());
        program.setExecutionExceptionHandler((problem, line, parsed) -> {
            System.err.println("bench: " + problem.getMessage());
            return 1;
        });
        System.exit(program.execute(arguments));
    }

    @Override
    public Integer call() {
        Table latencies = new Table();
        latencies.row("store", "verb", "median, ms", "Patroni, ms", "ratio");
        Table costs = new Table();
        costs.row("store", "who", "requests a round", "writes a round");
        Table connections = new Table();
        connections.row("store", "connections for " + WATCHED + " clusters");
        Peer patroni = new Peer(peer, script);
        for (String name : stores) {
            System.err.println("Measuring " + name);
            try (Store store = Store.start(name)) {
                Bench bench = new Bench(store);
                cost(costs, name, "leader, status changes", bench.leader(true));
                cost(costs, name, "leader, idle", bench.leader(false));
                cost(costs, name, "standby, member changes", bench.standby(true));
                cost(costs, name, "standby, idle", bench.standby(false));
                connections.row(name, String.valueOf(bench.connectionsWatching(WATCHED)));
                if (name.equals("consul")) {
                    // What it puts there is deleted with the plain store's own files.
                    try (Store tls = Store.consulOverTls(store.servers().home())) {
                        connections.row(
                                name + " over TLS", String.valueOf(new Bench(tls).connectionsWatching(WATCHED)));
                    }
                }
                Map<String, Double> ours = bench.latencies();
                Map<String, Double> theirs = patroni.isInstalled() ? patroni.latencies(store) : Map.of();
                ours.forEach((verb, median) -> latency(latencies, name, verb, median, theirs.get(verb)));
            }
        }
        System.out.println(latencies);
        System.out.println(costs);
        System.out.println(connections);
        return 0;
    }

    private static void latency(Table table, String store, String verb, double ours, @Nullable Double theirs) {
        table.row(
                store,
                verb,
                Table.text("%.2f", ours),
                theirs == null ? "not installed" : Table.text("%.2f", theirs),
                theirs == null ? "-" : Table.text("%.2f", ours / theirs));
    }

    private static void cost(Table table, String store, String who, Bench.Cost cost) {
        table.row(store, who, Table.text("%.2f", cost.requests()), Table.text("%.2f", cost.writes()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench.failover;

import dev.primacy.lab.Node;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What an agent costs while nothing happens, and how long it takes to begin. */
final class Costs {
    /** For whatever a cluster is waited for. */
    static final Duration LIMIT = Duration.ofMinutes(2);

    private Costs() {}

    /**
     * A cluster without load, per member. The agent's own processes count, PostgreSQL's do not.
     *
     * @param leaderCpu seconds of processor time a minute
     * @param replicaCpu the same of a replica
     * @param memory resident megabytes of the member with most
     * @param requests to etcd a round
     */
    record Idle(double leaderCpu, double replicaCpu, double memory, double requests) {}

    static Idle idle(Rig rig, Duration window) {
        rig.cluster.awaitSettled(LIMIT);
        Node leader = rig.cluster.requirePrimary();
        Node replica = rig.cluster.nodes().stream()
                .filter(node -> !node.equals(leader))
                .findFirst()
                .orElseThrow();
        MonotonicInstant begin = rig.clock.now();
        double requests = rig.requests();
        long ofLeader = cpuNanos(leader);
        long ofReplica = cpuNanos(replica);
        rig.await.pause(window);
        double minutes = begin.until(rig.clock.now()).toNanos() / 60e9;
        double rounds = rig.cluster.nodes().size() * minutes * 60 / rig.profile.loopWait;
        return new Idle(
                (cpuNanos(leader) - ofLeader) / 1e9 / minutes,
                (cpuNanos(replica) - ofReplica) / 1e9 / minutes,
                rig.cluster.nodes().stream()
                        .mapToDouble(Costs::residentMegabytes)
                        .max()
                        .orElseThrow(),
                (rig.requests() - requests) / rounds);
    }

    /**
     * From the start of an agent on, in milliseconds.
     *
     * @param answer its first answer over REST
     * @param writable a new cluster of one accepts writes
     * @param streaming a second member, started then, streams
     */
    record Start(double answer, double writable, double streaming) {}

    static Start start(Rig rig) {
        List<Node> nodes = rig.cluster.nodes();
        Node first = nodes.get(0);
        MonotonicInstant begin = rig.clock.now();
        first.start();
        double answer = after(begin, rig, "an answer", () -> first.rest().get("/liveness") > 0);
        double writable = after(begin, rig, "a writable primary", () -> rig.cluster.isWritable(first));
        Node second = nodes.get(1);
        MonotonicInstant joining = rig.clock.now();
        second.start();
        return new Start(
                answer, writable, after(joining, rig, "a standby that streams", () -> rig.cluster.isStreaming(second)));
    }

    private static double after(MonotonicInstant begin, Rig rig, String what, BooleanSupplier condition) {
        rig.await.until(what, LIMIT, condition);
        return begin.until(rig.clock.now()).toNanos() / 1e6;
    }

    /** With that of threads that have ended. The kernel tells it in hundredths of a second. */
    private static long cpuNanos(Node node) {
        return node.agentProcesses().stream()
                .map(process -> Path.of("/proc", Long.toString(process.pid()), "stat"))
                .mapToLong(stat -> (number(stat, 13) + number(stat, 14)) * 10_000_000)
                .sum();
    }

    private static double residentMegabytes(Node node) {
        return node.agentProcesses().stream()
                // Pages, which are of 4 KiB wherever PostgreSQL's packages run.
                .mapToDouble(process -> number(Path.of("/proc", Long.toString(process.pid()), "statm"), 1) * 4 / 1024.0)
                .sum();
    }

    private static long number(Path file, int word) {
        try {
            // A program's name, in brackets, may have spaces.
            String text = Files.readString(file, StandardCharsets.US_ASCII).replaceAll("\\(.*\\)", "name");
            return Long.parseLong(text.strip().split(" ", -1)[word]);
        } catch (IOException ended) {
            return 0;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.testkit.server.EtcdServers;
import dev.primacy.lab.verdict.Incident;
import dev.primacy.lab.verdict.Interval;
import dev.primacy.lab.verdict.Verdict;
import dev.primacy.postgres.PostgresInstallation;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Three members on three etcd servers, whose agents die and come back. */
@RequiresAgents
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final MonotonicClock clock = BootClock.system();
    private final Await await = new Await(clock);
    private final EtcdServers etcd = EtcdServers.start(3);
    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final AtomicLong rows = new AtomicLong();
    private final Cluster cluster = new Cluster(
            "trio",
            3,
            List.of(TestGroup.CHECKOUT.resolve("bin/agent").toString()),
            Optional.empty(),
            this::config,
            Path.of("target", "trio").toAbsolutePath(),
            clock);

    private String config(NodeSpec node) {
        return node.member(Map.of(
                "etcd",
                etcd.addresses().stream()
                        .map(server -> server.getHostString() + ":" + server.getPort())
                        .collect(Collectors.joining(", ")),
                "bin_dir",
                PostgresInstallation.find(Optional.empty()).orElseThrow(),
                "ttl",
                6,
                "loop_wait",
                1,
                "retry_timeout",
                2,
                "loss_bound",
                1 << 20));
    }

    @BeforeAll
    void start() {
        cluster.start();
    }

    @AfterAll
    void stop() {
        try (etcd) {
            cluster.close();
        }
    }

    @Test
    void agentAlone() {
        Verdict verdict = judge("kill -9 of the agent", Node::killAgent);
        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.twoWritable()).isZero();
    }

    @Test
    void agentAndPostmaster() {
        Verdict verdict = judge("kill -9 of agent and postmaster", Node::killAgentAndPostmaster);
        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.twoWritable()).isZero();
    }

    /** The agent comes back at once, as under a service manager. */
    private Verdict judge(String title, Consumer<Node> fault) {
        cluster.awaitSettled(LIMIT);
        Node primary = cluster.requirePrimary();
        try (Writer writer = new Writer(
                cluster.nodes(),
                rows,
                Duration.ofMillis(1),
                new ThreadLoops((name, problem) -> failures.add(problem)),
                clock)) {
            await.until("writing", LIMIT, () -> writer.acks().latest().isPresent());
            var before = writer.acks().latest().orElseThrow();
            MonotonicInstant begin = clock.now();
            fault.accept(primary);
            primary.start();
            await.until(
                    "writing again", LIMIT, () -> writer.acks().resumed(before).isPresent());
            cluster.awaitSettled(LIMIT);
            await.pause(Duration.ofSeconds(1));
            writer.close();
            assertThat(failures).isEmpty();
            return Verdict.of(
                    List.of(new Incident("k", title, false, new Interval(begin, clock.now()))),
                    writer.acks().all(),
                    Writer.rowsOf(cluster.requirePrimary()),
                    1 << 20);
        }
    }
}

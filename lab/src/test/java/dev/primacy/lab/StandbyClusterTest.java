// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.time.BootClock;
import dev.primacy.time.ThreadLoops;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two clusters with stores of their own and real servers: one follows the other, then they change places. */
@RequiresAgents
class StandbyClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final EtcdCluster main = new EtcdCluster("standby-cluster/main", "");
    private final EtcdCluster other = new EtcdCluster(
            "standby-cluster/other",
            "",
            "standby_cluster: {host: 127.0.0.1, port: " + main.node(1).spec().pgPort() + "}");
    private Writer writer;

    @BeforeEach
    void start() {
        main.start();
        List<Node> all = Stream.of(main, other)
                .flatMap(cluster -> cluster.nodes().stream())
                .toList();
        writer = new Writer(all, new ThreadLoops((name, problem) -> failures.add(problem)), BootClock.system());
        other.node(1).start();
        other.awaitRole("pg1", Role.STANDBY_LEADER);
        other.node(2).start();
        other.awaitFollows("pg2");
    }

    @AfterEach
    void end() {
        try (main;
                other) {
            writer.close();
            assertThat(failures).isEmpty();
        }
    }

    private static int timeline(EtcdCluster cluster, int node) {
        return cluster.node(node).rest().status().timeline();
    }

    @Test
    void clustersChangePlacesWithoutALostRow() {
        assertThat(timeline(other, 2)).isEqualTo(1);
        assertThat(other.node(1).rest().get("/standby-leader")).isEqualTo(200);
        assertThat(other.node(1).rest().get("/primary")).isEqualTo(503);
        assertThat(other.node(1).rest().get("/leader")).isEqualTo(200);
        assertThat(other.node(2).rest().get("/standby-leader")).isEqualTo(503);
        assertThat(other.node(2).rest().get("/replica")).isEqualTo(200);
        main.set(
                "standby_cluster.host=127.0.0.1",
                "standby_cluster.port=" + other.node(1).spec().pgPort());
        main.awaitRole("pg1", Role.STANDBY_LEADER);
        int acknowledged = writer.acks().all().size();
        assertThat(acknowledged).isPositive();
        assertThat(other.node(1).rest().status().role()).isEqualTo(Role.STANDBY_LEADER);
        other.set("standby_cluster=null");
        other.awaitRole("pg1", Role.PRIMARY);
        assertThat(timeline(other, 1)).isEqualTo(2);
        main.await.until(
                "writes go on at the other cluster",
                LIMIT,
                () -> writer.acks().all().size() > acknowledged);
        main.await.until("the old cluster follows", LIMIT, () -> timeline(main, 1) == 2 && timeline(main, 2) == 2);
        main.awaitFollows("pg2");
        writer.close();
        BitSet rows = Writer.rowsOf(other.node(1));
        BitSet lost = new BitSet();
        writer.acks().all().forEach(ack -> lost.set(Math.toIntExact(ack.id())));
        lost.andNot(rows);
        assertThat(lost).as("acknowledged rows that are gone").isEqualTo(new BitSet());
        main.await.until(
                "the last member of all has every row",
                LIMIT,
                () -> Writer.rowsOf(main.node(2)).equals(rows));
        assertThat(main.node(1).rest().status().role()).isEqualTo(Role.STANDBY_LEADER);
    }
}

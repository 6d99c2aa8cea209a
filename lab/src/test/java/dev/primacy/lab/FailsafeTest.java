// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.lab.EtcdCluster.Outcome;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A real store that freezes under agents with real servers in failsafe mode, while a client writes. */
@RequiresAgents
class FailsafeTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final EtcdCluster cluster = new EtcdCluster("failsafe", "");
    private final BootClock clock = BootClock.system();
    private Writer writer;

    @BeforeEach
    void start() {
        cluster.start();
        cluster.set("failsafe_mode=true");
        cluster.await.until("both are listed", LIMIT, () -> {
            Outcome listed = cluster.run(
                    "",
                    Stream.of(
                            "curl",
                            "-s",
                            "http://127.0.0.1:" + cluster.node(1).spec().restPort() + "/failsafe"));
            return listed.text().contains("\"pg1\"") && listed.text().contains("\"pg2\"");
        });
        writer = new Writer(cluster.nodes(), new ThreadLoops((name, problem) -> failures.add(problem)), clock);
        cluster.await.until(
                "the client writes", LIMIT, () -> writer.acks().latest().isPresent());
        cluster.freezeStore();
    }

    @AfterEach
    void end() {
        try (cluster) {
            writer.close();
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void aPrimaryGoesOnThroughTwoTtlsWithoutTheStoreAndKeepsItsTimeline() {
        MonotonicInstant later = clock.now().plus(TestGroup.LOCAL_TTL.multipliedBy(2));
        cluster.await.until("two ttls have passed", LIMIT, () -> clock.now().isAfter(later));
        assertThat(cluster.node(1).rest().status().role()).isEqualTo(Role.PRIMARY);
        cluster.await.until(
                "a write was acknowledged after that",
                LIMIT,
                () -> writer.acks()
                        .latest()
                        .filter(ack -> ack.acked().isAfter(later))
                        .isPresent());
        cluster.thawStore();
        MonotonicInstant settled = clock.now().plus(TestGroup.LOCAL_TTL);
        cluster.await.until(
                "a write was acknowledged after the store came back",
                LIMIT,
                () -> writer.acks()
                        .latest()
                        .filter(ack -> ack.acked().isAfter(settled))
                        .isPresent());
        assertThat(cluster.node(1).rest().status().text())
                .as("no demotion on the way")
                .contains("\"timeline\":1,");
    }

    @Test
    void withoutAPromiseThePrimaryEndsBeforeItsLease() {
        cluster.node(2).kill();
        cluster.await.until(
                "pg1 is primary no more",
                LIMIT,
                () -> cluster.node(1).rest().status().role() != Role.PRIMARY);
        cluster.thawStore();
        cluster.awaitRole("pg1", Role.PRIMARY);
    }
}

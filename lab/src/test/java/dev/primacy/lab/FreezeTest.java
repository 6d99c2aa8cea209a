// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.lab.verdict.Ack;
import dev.primacy.lab.verdict.Incident;
import dev.primacy.lab.verdict.Interval;
import dev.primacy.lab.verdict.Verdict;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The leader stands still for longer than both leases last, while sessions of its clients may live on. Nobody but a
 * process that was not stopped can fence it in time.
 */
@RequiresAgents
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FreezeTest {
    private static final Duration FREEZE = TestGroup.SITE_TTL.plusSeconds(4);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final Loops loops = new ThreadLoops((name, problem) -> failures.add(problem));
    private final TestGroup test = new TestGroup("freeze");
    private Writer writer;

    @BeforeAll
    void start() {
        test.group.start();
    }

    @AfterAll
    void stop() {
        test.close();
    }

    @BeforeEach
    void write() {
        writer = new Writer(test.group.nodes(), loops, test.clock);
    }

    @AfterEach
    void stopWriting() {
        writer.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void agentAlone() {
        losesNothingAndNeverOverlaps("SIGSTOP of the agent", Node::freezeAgent);
    }

    @Test
    void agentAndPostmaster() {
        losesNothingAndNeverOverlaps("SIGSTOP of agent and postmaster", Node::freezeAgentAndPostmaster);
    }

    private void losesNothingAndNeverOverlaps(String title, Consumer<Node> freeze) {
        test.await.until("writing", LIMIT, () -> writer.acks().latest().isPresent());
        Node frozen = test.group.requirePrimary();
        MonotonicInstant begin = test.clock.now();
        Ack before = writer.acks().latest().orElseThrow();
        freeze.accept(frozen);
        try {
            test.await.until(
                    "another node writes",
                    LIMIT,
                    () -> writer.acks().resumed(before).isPresent());
            assertThat(writer.acks().resumed(before).orElseThrow().node()).isNotEqualTo(frozen.name());
            Duration passed = begin.until(test.clock.now());
            test.await.pause(FREEZE.compareTo(passed) > 0 ? FREEZE.minus(passed) : Duration.ofSeconds(1));
        } finally {
            frozen.thaw();
        }
        test.group.awaitSettled(LIMIT);
        test.await.pause(Duration.ofSeconds(3));
        writer.close();
        Node primary = test.group.requirePrimary();
        assertThat(primary.name()).isNotEqualTo(frozen.name());
        Verdict verdict = Verdict.of(
                List.of(new Incident("f", title, true, new Interval(begin, test.clock.now()))),
                writer.acks().all(),
                Writer.rowsOf(primary),
                0);
        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.twoWritable()).isZero();
        assertThat(verdict.lost()).isZero();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.lab.Node;
import dev.primacy.lab.RequiresAgents;
import dev.primacy.lab.verdict.Verdict;
import dev.primacy.time.Loops;
import dev.primacy.time.ThreadLoops;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every fault of the bench once, in a cluster with the shortest ttl: what came of it, and not how long it took. */
@RequiresAgents
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FaultsTest {
    private static final Logger LOG = LoggerFactory.getLogger(FaultsTest.class);

    private final long seed = ProcessHandle.current().pid();
    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final Loops loops = new ThreadLoops((name, problem) -> failures.add(problem));
    private final Rig rig = new Rig(
            new Candidate(
                    Candidate.OURS,
                    List.of(RequiresAgents.CHECKOUT.resolve("bin/agent").toString()),
                    Optional.empty()),
            Profile.SHORT,
            Path.of("target", "faults").toAbsolutePath());

    @BeforeAll
    void start() {
        rig.cluster.start();
    }

    @AfterAll
    void stop() {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneWritesAndNoMoreIsLostThanMay(Scenario scenario) {
        LOG.info("{}, seed {}", scenario.title, seed);
        rig.cluster.awaitSettled(rig.profile.patience());
        Node before = rig.cluster.requirePrimary();
        Verdict verdict = Sample.take(
                        rig, scenario, new Random(seed + scenario.key().hashCode()), loops)
                .verdict();
        assertThat(failures).isEmpty();
        assertThat(verdict.twoWritable()).isLessThanOrEqualTo(residual(scenario));
        assertThat(withoutResidual(verdict).problems()).isEmpty();
        if (scenario == Scenario.E) {
            assertThat(rig.cluster.requirePrimary()).as("primary").isEqualTo(before);
        }
    }

    /** All of a node is thawed at once, guard included: until its first step sessions may get answers. See the README. */
    private static Duration residual(Scenario scenario) {
        return scenario == Scenario.D ? Duration.ofMillis(100) : Duration.ZERO;
    }

    /** What is judged besides the time in which two were writable. */
    private static Verdict withoutResidual(Verdict verdict) {
        return new Verdict(
                verdict.outcomes(), verdict.acknowledged(), verdict.lost(), Duration.ZERO, verdict.lossBound());
    }
}

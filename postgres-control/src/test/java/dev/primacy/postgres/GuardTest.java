// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static dev.primacy.postgres.TestServers.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.TestServers.Node;
import dev.primacy.time.MonotonicInstant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@RequiresPostgres
class GuardTest {
    private static final Logger LOG = LoggerFactory.getLogger(GuardTest.class);
    private static final Duration SOFT = Duration.ofMillis(700);
    private static final Duration HARD = Duration.ofMillis(1200);

    /** A new leader's first renewal comes while it becomes primary. */
    @Test
    void deadlinesThatComeAtOnceAreAllConfirmed() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (TestServers servers = new TestServers()) {
            Postgres.Guard guard = servers.node("a").postgres().guard();
            MonotonicInstant soon = Wait.CLOCK.now().plus(Duration.ofMinutes(5));
            List<Callable<Boolean>> renewals = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                MonotonicInstant end = soon.plus(Duration.ofMillis(i));
                renewals.add(() -> guard.arm(end, end, LONG));
            }
            for (Future<Boolean> confirmed : threads.invokeAll(renewals, 2, TimeUnit.MINUTES)) {
                assertThat(confirmed.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void withoutRenewalNoWriteIsAcknowledgedAfterTheDeadline() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            try (Writer writer = new Writer(a, 4)) {
                MonotonicInstant hard = a.arm(SOFT, HARD);
                Wait.until(hard.plus(Duration.ofSeconds(1)));
                report("not renewed", writer, hard);
                assertThat(writer.last()).isLessThan(hard);
                assertThat(TestServers.processes(a.settings())).isEmpty();
                // It was asked to end in good order, and had the time.
                assertThat(a.status().control().orElseThrow().primaryShutDownCleanly())
                        .isTrue();
                assertThatThrownBy(() -> a.postgres().startPrimary(LONG)).hasMessageContaining("not armed");
            }
        }
    }

    @Test
    void backendsOfAFrozenPostmasterEndToo() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            try (Writer writer = new Writer(a, 2)) {
                MonotonicInstant hard = a.arm(SOFT, HARD);
                TestServers.signal("STOP", TestServers.postmaster(a.settings()));
                int before = writer.acknowledged();
                Wait.until("backends that go on", LONG, () -> writer.acknowledged() > before + 20);
                Wait.until(hard.plus(Duration.ofSeconds(1)));
                report("frozen postmaster", writer, hard);
                assertThat(writer.last()).isLessThan(hard);
                assertThat(TestServers.processes(a.settings())).isEmpty();
            }
        }
    }

    /** Without any time for good order; what the kill takes has to fit into the lease's margin. */
    @Test
    void theKillItselfIsQuick() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            try (Writer writer = new Writer(a, 4)) {
                MonotonicInstant hard = a.arm(HARD, HARD);
                Wait.until(hard.plus(Duration.ofSeconds(1)));
                report("killed outright", writer, hard);
                assertThat(writer.last()).isLessThan(hard.plus(Duration.ofMillis(250)));
                assertThat(TestServers.processes(a.settings())).isEmpty();
            }
        }
    }

    /** What is left of the guard's wait does not pass while it is frozen, and must not be waited for afterwards. */
    @Test
    void aThawedNodeIsFencedBeforeItsSessionsGetFar() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            try (Writer writer = new Writer(a, 2)) {
                int inHalfASecond = inHalfASecond(writer);
                MonotonicInstant hard = a.arm(Duration.ofMillis(900), Duration.ofMillis(1000));
                long guard = TestServers.guards(a.settings()).get(0).pid();
                String node =
                        TestServers.processes(a.settings()) + " " + TestServers.postmaster(a.settings()) + " " + guard;
                TestServers.signal("STOP", node);
                int frozen = writer.acknowledged();
                Wait.until(hard.plus(Duration.ofMillis(100)));
                TestServers.signal("CONT", node);
                Wait.until(
                        "the end of all",
                        LONG,
                        () -> TestServers.processes(a.settings()).isEmpty());
                report("thawed", writer, hard);
                assertThat(writer.acknowledged() - frozen).isLessThan(inHalfASecond / 2);
            }
        }
    }

    @Test
    void frozenBackendsAreKilledToo() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            for (String pid : TestServers.processes(a.settings()).split(" ", -1)) {
                TestServers.signal("STOP", Long.parseLong(pid));
            }
            MonotonicInstant hard = a.arm(SOFT, HARD);
            Wait.until(
                    "the end of all",
                    LONG,
                    () -> TestServers.processes(a.settings()).isEmpty());
            assertThat(Wait.CLOCK.now()).isLessThan(hard.plus(Duration.ofMillis(500)));
        }
    }

    @Test
    void anAgentThatWasKilledTakesItsPrimaryWithIt() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            a.postgres().initialize();
            Process agent = Agents.start(a.settings(), "primary");
            try (Writer writer = new Writer(a, 2)) {
                agent.destroyForcibly();
                MonotonicInstant killed = Wait.CLOCK.now();
                Wait.until(
                        "the end",
                        LONG,
                        () -> TestServers.processes(a.settings()).isEmpty());
                MonotonicInstant gone = Wait.CLOCK.now();
                report("agent killed, against the kill", writer, killed);
                assertThat(gone).isLessThan(killed.plus(Duration.ofMillis(2500)));
                assertThat(writer.last()).isLessThan(gone);
            } finally {
                agent.destroyForcibly();
            }
        }
    }

    @Test
    void anAgentThatWasKilledWithItsGuardAndKeeperTakesItsPrimaryWithIt() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            a.postgres().initialize();
            Process agent = Agents.start(a.settings(), "primary");
            try (Writer writer = new Writer(a, 2)) {
                ProcessHandle guard = agent.children().findFirst().orElseThrow();
                ProcessHandle keeper = guard.children().findFirst().orElseThrow();
                TestServers.signal("KILL", agent.pid() + " " + guard.pid() + " " + keeper.pid());
                MonotonicInstant killed = Wait.CLOCK.now();
                Wait.until(
                        "the end",
                        LONG,
                        () -> TestServers.processes(a.settings()).isEmpty());
                report("agent, guard and keeper killed, against the kill", writer, killed);
                assertThat(writer.last()).isLessThan(killed.plus(Duration.ofSeconds(1)));
            } finally {
                agent.destroyForcibly();
            }
        }
    }

    @Test
    void aGuardOrKeeperThatWasKilledTakesTheServerWithIt() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            for (boolean keeper : new boolean[] {false, true}) {
                CountDownLatch exit = new CountDownLatch(1);
                a.postgres().onExit(exit::countDown);
                List<ProcessHandle> guards = TestServers.guards(a.settings());
                assertThat(guards).hasSize(1);
                long victim = keeper
                        ? guards.get(0).children().findFirst().orElseThrow().pid()
                        : guards.get(0).pid();
                TestServers.signal("KILL", victim);
                MonotonicInstant killed = Wait.CLOCK.now();
                assertThat(exit.await(3, TimeUnit.SECONDS)).isTrue();
                LOG.info(
                        "{} killed, server's end known after {} ms",
                        keeper ? "keeper" : "guard",
                        killed.until(Wait.CLOCK.now()).toMillis());
                assertThat(TestServers.processes(a.settings())).isEmpty();
                a.arm();
                assertThat(a.postgres().startPrimary(LONG)).isTrue();
            }
        }
    }

    @Test
    void renewalsKeepItAliveAndAFrozenGuardConfirmsNothing() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            MonotonicInstant start = Wait.CLOCK.now();
            while (Wait.CLOCK.now().isBefore(start.plus(Duration.ofSeconds(2)))) {
                a.arm(Duration.ofMillis(400), Duration.ofMillis(700));
                Wait.until(Wait.CLOCK.now().plus(Duration.ofMillis(100)));
            }
            assertThat(a.server().primary()).isTrue();

            MonotonicInstant hard = a.arm(Duration.ofMillis(400), Duration.ofMillis(700));
            ProcessHandle guard = TestServers.guards(a.settings()).get(0);
            TestServers.signal("STOP", guard.pid());
            MonotonicInstant now = Wait.CLOCK.now();
            assertThat(a.postgres().guard().arm(now.plus(LONG), now.plus(LONG), Duration.ofMillis(200)))
                    .isFalse();
            Wait.until(hard.plus(Duration.ofMillis(100)));
            TestServers.signal("CONT", guard.pid());
            // The command that lay in the pipe does not help: the deadline passed before it was read.
            Wait.until(
                    "the end",
                    Duration.ofMillis(500),
                    () -> TestServers.processes(a.settings()).isEmpty());
        }
    }

    @Test
    void aStandbySurvivesItsAgentAndIsAdopted() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            Node b = servers.node("b");
            b.postgres().cloneFrom(a.address());
            Process agent =
                    Agents.start(b.settings(), Integer.toString(a.settings().port()));
            agent.destroyForcibly().waitFor();
            CountDownLatch exit = new CountDownLatch(1);
            b.postgres().onExit(exit::countDown);
            a.sql("CREATE TABLE t (n int)");
            b.awaitReplayed(a);
            assertThat(b.status().state()).isEqualTo(State.RUNNING);
            assertThat(b.postgres().adopted()).isTrue();
            MonotonicInstant now = Wait.CLOCK.now();
            assertThat(b.postgres().guard().arm(now.plus(LONG), now.plus(LONG), LONG))
                    .isFalse();
            assertThatThrownBy(() -> b.postgres().promote(LONG)).hasMessageContaining("not armed");
            b.postgres().follow(a.address());
            b.postgres().stop(Postgres.StopMode.FAST, LONG);
            assertThat(exit.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(b.postgres().startStandby(java.util.Optional.of(a.address()), LONG))
                    .isTrue();
            assertThat(b.postgres().adopted()).isFalse();
        }
    }

    /** Agent, keeper, postmaster and all backends stand still: the guard needs none of them. */
    @Test
    void endsTheServerWhileEverythingElseIsFrozen() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            a.postgres().initialize();
            Process agent = Agents.start(a.settings(), "primary", "10");
            try (Writer writer = new Writer(a, 2)) {
                ProcessHandle guard = agent.children().findFirst().orElseThrow();
                ProcessHandle keeper = guard.children().findFirst().orElseThrow();
                TestServers.signal(
                        "STOP", agent.pid() + " " + keeper.pid() + " " + TestServers.processes(a.settings()));
                MonotonicInstant frozen = Wait.CLOCK.now();
                Wait.until(
                        "the end of all",
                        LONG,
                        () -> TestServers.processes(a.settings()).isEmpty());
                report("all but the guard frozen, against the freeze", writer, frozen);
                // Frozen as it is, it would outlive the test, and its guard with it.
                keeper.destroyForcibly();
            } finally {
                agent.destroyForcibly();
            }
        }
    }

    /** Every process of the host stands still beyond the deadline. What is acknowledged after the thaw is what remains. */
    @Test
    void endsTheServerOfAHostThatWasFrozenAndThawed() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            try (Writer writer = new Writer(a, 4)) {
                ProcessHandle guard = TestServers.guards(a.settings()).get(0);
                ProcessHandle keeper = guard.children().findFirst().orElseThrow();
                String all = TestServers.processes(a.settings()) + " " + keeper.pid() + " " + guard.pid();
                MonotonicInstant hard = a.arm(Duration.ofSeconds(3), Duration.ofSeconds(3));
                TestServers.signal("STOP", all);
                Wait.until(hard.plus(Duration.ofSeconds(1)));
                MonotonicInstant thawed = Wait.CLOCK.now();
                TestServers.signal("CONT", all);
                Wait.until(
                        "the end of all",
                        LONG,
                        () -> TestServers.processes(a.settings()).isEmpty());
                report("host frozen and thawed, against the thaw", writer, thawed);
            }
        }
    }

    /**
     * A container is paused and goes on beyond the deadline. What is left of the guard's own wait does not pass meanwhile;
     * sessions would go on for as long. That is a second at most, where the agent cannot tell.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @EnabledIf(value = "dev.primacy.postgres.Freezer#works", disabledReason = "no cgroup can be made here")
    void endsTheServerOfAContainerThatWasPaused(boolean agentGoesOn) throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            a.postgres().initialize();
            Process agent = Agents.start(a.settings(), "primary", "4");
            ProcessHandle guard = agent.children().findFirst().orElseThrow();
            ProcessHandle keeper = guard.children().findFirst().orElseThrow();
            try (Writer writer = new Writer(a, 2)) {
                int inHalfASecond = inHalfASecond(writer);
                String all = agent.pid() + " " + guard.pid() + " " + keeper.pid() + " "
                        + TestServers.processes(a.settings());
                try (Freezer container = new Freezer("primacy-" + agent.pid(), all)) {
                    Agents.renew(agent);
                    if (!agentGoesOn) {
                        TestServers.signal("STOP", agent.pid());
                    }
                    container.pause();
                    int paused = writer.acknowledged();
                    Wait.until(Wait.CLOCK.now().plus(Duration.ofMillis(4100)));
                    MonotonicInstant resumed = Wait.CLOCK.now();
                    container.resume();
                    Wait.until(
                            "the end of all",
                            LONG,
                            () -> TestServers.processes(a.settings()).isEmpty());
                    report(
                            "container paused, agent goes on " + agentGoesOn + ", against the end of the pause",
                            writer,
                            resumed);
                    assertThat(writer.acknowledged() - paused)
                            .isLessThan(agentGoesOn ? inHalfASecond / 2 : 3 * inHalfASecond);
                }
            } finally {
                agent.destroyForcibly();
            }
        }
    }

    @Test
    void needsNoPrivileges() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            ProcessHandle guard = TestServers.guards(a.settings()).get(0);
            ProcessHandle keeper = guard.children().findFirst().orElseThrow();
            for (ProcessHandle process : List.of(guard, keeper)) {
                assertThat(status(process, "Uid")).doesNotStartWith("0\t");
                assertThat(status(process, "CapEff")).isEqualTo("0000000000000000");
            }
            a.arm(SOFT, HARD);
            Wait.until(
                    "the end of all",
                    LONG,
                    () -> TestServers.processes(a.settings()).isEmpty());
        }
    }

    @Test
    void costsNextToNothing() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            ProcessHandle guard = TestServers.guards(a.settings()).get(0);
            ProcessHandle keeper = guard.children().findFirst().orElseThrow();
            long before = cpuNanos(guard) + cpuNanos(keeper);
            MonotonicInstant start = Wait.CLOCK.now();
            for (int i = 1; i <= 5; i++) {
                a.arm();
                Wait.until(start.plus(Duration.ofSeconds(i)));
            }
            double milliseconds = (cpuNanos(guard) + cpuNanos(keeper) - before) / 1e6;
            int resident = resident(guard) + resident(keeper);
            LOG.warn(
                    "guard and keeper: {} ms CPU per minute with a renewal each second, {} kB resident",
                    Math.round(milliseconds * 12),
                    resident);
            assertThat(resident).isLessThan(15 << 10);
        }
    }

    private static int inHalfASecond(Writer writer) {
        int start = writer.acknowledged();
        Wait.until(Wait.CLOCK.now().plus(Duration.ofMillis(500)));
        return writer.acknowledged() - start;
    }

    private static void report(String what, Writer writer, MonotonicInstant against) {
        LOG.warn(
                "{}: last of {} acknowledgements {} ms before (-: after)",
                what,
                writer.acknowledged(),
                writer.last().until(against).toMillis());
    }

    private static long cpuNanos(ProcessHandle process) throws Exception {
        return Long.parseLong(Files.readString(Path.of("/proc/" + process.pid() + "/schedstat"))
                .split(" ", 2)[0]);
    }

    private static int resident(ProcessHandle process) throws Exception {
        return Integer.parseInt(status(process, "VmRSS").replace(" kB", ""));
    }

    private static String status(ProcessHandle process, String field) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .findFirst()
                .orElseThrow()
                .substring(field.length() + 1)
                .strip();
    }
}

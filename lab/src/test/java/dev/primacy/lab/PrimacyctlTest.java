// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.lab.EtcdCluster.Outcome;
import dev.primacy.lab.verdict.Ack;
import dev.primacy.time.BootClock;
import dev.primacy.time.Loops;
import dev.primacy.time.ThreadLoops;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * {@code bin/primacyctl} against agents with real servers, while a client writes. Each test leaves a cluster whose first
 * member leads.
 */
@RequiresAgents
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.Random.class)
class PrimacyctlTest {
    private static final Pattern STARTED = Pattern.compile("\"postmaster_start_time\":\"([^\"]*)\"");

    private final LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
    private final Loops loops = new ThreadLoops((name, problem) -> failures.add(problem));
    private final EtcdCluster cluster = new EtcdCluster("primacyctl", "");
    private Writer writer;

    @BeforeAll
    void start() {
        cluster.start();
        writer = new Writer(cluster.nodes(), loops, BootClock.system());
    }

    /** Whatever people did: what was acknowledged is there. */
    @AfterAll
    void nothingWasLost() {
        try (cluster) {
            writer.close();
            List<Ack> acks = writer.acks().all();
            BitSet rows = Writer.rowsOf(cluster.node(1));
            assertThat(acks).isNotEmpty();
            assertThat(acks.stream().filter(ack -> !rows.get((int) ack.id()))).isEmpty();
            assertThat(failures).isEmpty();
        }
    }

    private Outcome ctl(String... arguments) {
        return typing("", arguments);
    }

    private Outcome typing(String input, String... arguments) {
        return cluster.run(
                input,
                Stream.concat(
                        Stream.of(
                                RequiresAgents.CHECKOUT
                                        .resolve("bin/primacyctl")
                                        .toString(),
                                "-c",
                                cluster.node(1).configFile().toString()),
                        Stream.of(arguments)));
    }

    private String done(String... arguments) {
        Outcome outcome = ctl(arguments);
        assertThat(outcome.text()).isNotEmpty();
        assertThat(outcome.status()).as(outcome.text()).isZero();
        return outcome.text();
    }

    private void refused(String why, String... arguments) {
        Outcome outcome = ctl(arguments);
        assertThat(outcome.text()).contains(why).doesNotContain("\tat ");
        assertThat(outcome.status()).isEqualTo(1);
    }

    private String started(int node) {
        Matcher found = STARTED.matcher(cluster.node(node).rest().status().text());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    @Test
    void lists() {
        assertThat(done("list"))
                .matches("(?s)\\+ Cluster: demo \\(\\d+\\) -*\\+-.*")
                .containsPattern("\\| Member +\\| Host +\\| Role +\\| State +\\| TL \\| Receive LSN \\| Lag \\|")
                .containsPattern("\\| pg1 +\\| 127.0.0.1:\\d+ +\\| Leader +\\| running +\\|")
                .containsPattern("\\| pg2 +\\| 127.0.0.1:\\d+ +\\| Replica +\\| streaming +\\|");
        assertThat(done("list", "-f", "json", "demo"))
                .startsWith("[{\"Cluster\":\"demo\",\"Member\":\"pg1\",\"Host\":\"127.0.0.1:")
                .contains("\"Role\":\"Replica\",\"State\":\"streaming\",\"TL\":");
        assertThat(done("list", "-e", "-f", "tsv", "-t"))
                .contains("Pending restart\tPending restart reason\tScheduled restart\tTags");
        assertThat(done("history", "-f", "tsv")).startsWith("TL\tLSN\tReason\tTimestamp\tNew Leader");
    }

    @Test
    void switchesOverAndBack() {
        assertThat(done("switchover", "--candidate", "pg2", "--force"))
                .contains("Current cluster topology")
                .contains("Successfully switched over to \"pg2\"");
        cluster.awaitRole("pg2", Role.PRIMARY);
        cluster.awaitFollows("pg1");
        cluster.await.until(
                "it shows in the history",
                EtcdCluster.LIMIT,
                () -> done("history", "-f", "tsv")
                        .matches("(?s).*\n1\t\\d+\tno recovery target specified\t\\S+\tpg2\n.*"));
        refused("Error: Member pg1 is not the leader of cluster demo", "switchover", "--leader", "pg1", "--force");
        refused("Error: Member pg2 is already the leader", "failover", "--candidate", "pg2", "--force");
        Outcome asked = typing("pg2\npg1\nnow\ny\n", "switchover");
        assertThat(asked.text())
                .contains("Are you sure you want to switchover cluster demo, demoting current leader pg2? [y/N]: ")
                .contains("Successfully switched over to \"pg1\"");
        assertThat(asked.status()).isZero();
        cluster.awaitRole("pg1", Role.PRIMARY);
        cluster.awaitFollows("pg2");
    }

    @Test
    void schedulesASwitchoverForMembersToSee() {
        assertThat(done("switchover", "--candidate", "pg2", "--scheduled", "2099-01-01T00:00:00+00:00", "--force"))
                .contains("Switchover scheduled\n")
                .contains(" Switchover scheduled at: 2099-01-01T00:00:00+00:00\n")
                .contains("                     from: pg1\n")
                .contains("                       to: pg2\n");
        assertThat(cluster.node(1).rest().delete("/switchover")).isEqualTo(200);
        assertThat(done("list")).doesNotContain("scheduled");
    }

    @Test
    void restartsAllAndTheLeaderStaysIt() {
        int timeline = cluster.node(1).rest().status().timeline();
        List<String> before = List.of(started(1), started(2));
        assertThat(done("restart", "demo", "--force"))
                .contains("Success: restart on member pg1\n")
                .contains("Success: restart on member pg2\n");
        assertThat(List.of(started(1), started(2))).doesNotContainAnyElementsOf(before);
        assertThat(cluster.node(1).rest().status().role()).isEqualTo(Role.PRIMARY);
        assertThat(cluster.node(1).rest().status().timeline()).isEqualTo(timeline);
        cluster.awaitFollows("pg2");
        refused(
                "Failed: restart for member pg1, status code=503, (restart conditions are not satisfied)",
                "restart",
                "demo",
                "pg1",
                "--pg-version",
                "9.6.3",
                "--force");
        refused("Error: No any among provided members", "restart", "demo", "pg9", "--force");
        assertThat(typing("now\nn\n", "restart", "demo").text()).contains("Error: Aborted restart");
    }

    @Test
    void schedulesARestart() {
        assertThat(done("restart", "demo", "pg2", "--scheduled", "2099-01-01T00:00:00Z", "--force"))
                .contains("Success: restart scheduled on member pg2");
        cluster.await.until("it shows", EtcdCluster.LIMIT, () -> done("list").contains("2099-01-01T00:00:00+00:00"));
        assertThat(done("restart", "demo", "pg2", "--scheduled", "2099-02-01T00:00:00Z", "--force"))
                .contains("Success: restart scheduled on member pg2");
        assertThat(cluster.node(2).rest().delete("/restart")).isEqualTo(200);
        assertThat(cluster.node(2).rest().delete("/restart")).isEqualTo(404);
    }

    @Test
    void copiesAMemberAnewButNotTheLeader() {
        String before = started(2);
        assertThat(done("reinit", "demo", "pg2", "--force", "--wait"))
                .contains("Success: reinitialize for member pg2")
                .contains("Reinitialize is completed on: pg2");
        cluster.awaitFollows("pg2");
        assertThat(started(2)).isNotEqualTo(before);
        refused("Error: No replica among provided members", "reinit", "demo", "pg1", "--force");
    }

    @Test
    void pausesAndResumes() {
        assertThat(done("pause", "--wait"))
                .contains("'pause' request sent, waiting until it is recognized by all nodes")
                .contains("Success: cluster management is paused");
        assertThat(done("list")).contains("\n Maintenance mode: on\n");
        refused("Error: Cluster is already paused", "pause");
        refused(
                "Error: Can't schedule switchover in the paused state",
                "switchover",
                "--candidate",
                "pg2",
                "--scheduled",
                "2099-01-01T00:00:00Z",
                "--force");
        assertThat(done("restart", "demo", "pg1", "--force")).contains("Success: restart on member pg1");
        assertThat(done("resume", "--wait")).contains("Success: cluster management is resumed");
        refused("Error: Cluster is not paused", "resume");
        assertThat(cluster.node(1).rest().status().role()).isEqualTo(Role.PRIMARY);
    }

    @Test
    void changesSettings() {
        assertThat(done("edit-config", "-s", "maximum_lag_on_failover=2000000", "-p", "work_mem=5MB", "--force"))
                .contains("+maximum_lag_on_failover: 2000000\n")
                .contains("Configuration changed");
        assertThat(done("show-config"))
                .contains("maximum_lag_on_failover: 2000000\n")
                .contains("postgresql:\n  parameters:\n    work_mem: 5MB\n");
        refused("ttl is no number of seconds", "edit-config", "-s", "ttl=long", "--force");
        assertThat(done("edit-config", "-s", "postgresql=null", "--force")).contains("Configuration changed");
        assertThat(done("show-config")).doesNotContain("work_mem");
        assertThat(typing("n\n", "edit-config", "-s", "pause=true").text()).contains("Apply these changes? [y/N]");
        assertThat(typing("loop_wait: 3\n", "edit-config", "--apply", "-", "--force", "-q")
                        .status())
                .isZero();
        assertThat(done("show-config")).contains("loop_wait: 3\n");
    }

    @Test
    void tellsHowItIsUsed() {
        for (String command : List.of(
                "list",
                "switchover",
                "failover",
                "restart",
                "reinit",
                "pause",
                "resume",
                "edit-config",
                "show-config",
                "history")) {
            assertThat(done(command, "--help")).contains("Usage: primacyctl " + command);
        }
        assertThat(ctl("nonsense").status()).isEqualTo(2);
        assertThat(ctl("list", "--nonsense").status()).isEqualTo(2);
        assertThat(ctl("restart").status()).isEqualTo(2);
        assertThat(ctl().status()).isEqualTo(2);
        refused("Error: This cluster has no leader", "switchover", "nowhere", "--force");
    }
}

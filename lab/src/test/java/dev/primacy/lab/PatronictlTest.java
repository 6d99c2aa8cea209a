// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.lab.EtcdCluster.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.opentest4j.TestAbortedException;
import org.slf4j.LoggerFactory;

/**
 * Patroni's own command line against our agents, in the system that {@code bin/golden} uses. Skipped where there is none,
 * since nothing here installs it.
 */
@RequiresAgents
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PatronictlTest {
    private static final Path SYSTEM = Path.of(
                    System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"))
            .resolve("primacy/patroni-root");

    private EtcdCluster cluster;
    private Path config;

    @BeforeAll
    void start() throws IOException {
        if (!Files.isExecutable(SYSTEM.resolve("usr/bin/patronictl"))
                || !System.getProperty("user.name").equals("root")) {
            String advice = "no patronictl in " + SYSTEM + ", or no right to enter it: bin/golden --help says what is"
                    + " looked for";
            LoggerFactory.getLogger(PatronictlTest.class).warn("SKIPPED PatronictlTest: {}", advice);
            throw new TestAbortedException(advice);
        }
        cluster = new EtcdCluster("patronictl", "authentication: {username: admin, password: secret}");
        cluster.start();
        config = Files.createTempFile(SYSTEM.resolve("tmp"), "primacy-", ".yml");
        Files.copy(cluster.node(1).configFile(), config, StandardCopyOption.REPLACE_EXISTING);
    }

    @AfterAll
    void stop() throws IOException {
        if (cluster != null) {
            cluster.close();
            Files.delete(config);
        }
    }

    private String done(String... arguments) {
        Outcome outcome = cluster.run(
                "",
                Stream.concat(
                        Stream.of(
                                "chroot",
                                SYSTEM.toString(),
                                "env",
                                "LC_ALL=C.UTF-8",
                                "patronictl",
                                "-c",
                                "/tmp/" + config.getFileName()),
                        Stream.of(arguments)));
        assertThat(outcome.status()).as(outcome.text()).isZero();
        return outcome.text();
    }

    @Test
    void worksWithOurAgents() {
        assertThat(done("list"))
                .containsPattern("\\+ Cluster: demo \\(\\d+\\)")
                .containsPattern("pg1 +\\| 127.0.0.1:\\d+ +\\| Leader +\\| running +\\| +1 +\\|")
                .containsPattern("pg2 +\\| 127.0.0.1:\\d+ +\\| Replica +\\| streaming +\\| +1 +\\|");

        assertThat(cluster.node(1).rest().delete("/restart"))
                .as("without the password")
                .isEqualTo(401);
        assertThat(done("switchover", "demo", "--leader", "pg1", "--candidate", "pg2", "--force"))
                .contains("Successfully switched over to \"pg2\"");
        cluster.awaitRole("pg2", Role.PRIMARY);
        cluster.awaitFollows("pg1");

        cluster.await.until(
                "it shows in the history",
                EtcdCluster.LIMIT,
                () -> done("history", "demo", "-f", "tsv")
                        .matches("(?s).*\n1\t\\d+\tno recovery target specified\t20[-0-9]+T[:.0-9]+\\+00:00\tpg2\n.*"));

        assertThat(done("restart", "demo", "--force"))
                .contains("Success: restart on member pg1")
                .contains("Success: restart on member pg2");
        cluster.awaitRole("pg2", Role.PRIMARY);
        cluster.awaitFollows("pg1");

        assertThat(done("restart", "demo", "pg1", "--scheduled", "2099-01-01T00:00:00+00:00", "--force"))
                .contains("Success: restart scheduled on member pg1");
        cluster.await.until("it shows", EtcdCluster.LIMIT, () -> done("list").contains("2099-01-01T00:00:00+00:00"));
        assertThat(done("flush", "demo", "pg1", "restart", "--force"))
                .contains("Success: flush scheduled restart for member pg1");

        assertThat(done("reinit", "demo", "pg1", "--force", "--wait"))
                .contains("Success: reinitialize for member pg1")
                .contains("Reinitialize is completed on: pg1");
        cluster.awaitFollows("pg1");

        assertThat(done("pause", "--wait")).contains("Success: cluster management is paused");
        assertThat(done("list")).contains("Maintenance mode: on");
        assertThat(done("resume", "--wait")).contains("Success: cluster management is resumed");

        assertThat(done("edit-config", "-s", "loop_wait=3", "--force")).contains("Configuration changed");
        assertThat(done("show-config")).contains("loop_wait: 3");

        assertThat(done("reload", "demo", "--force")).contains("Reload request received for member pg1");

        assertThat(done("failover", "demo", "--candidate", "pg1", "--force"))
                .contains("Successfully failed over to \"pg1\"");
        cluster.awaitRole("pg1", Role.PRIMARY);
        cluster.awaitFollows("pg2");
    }
}

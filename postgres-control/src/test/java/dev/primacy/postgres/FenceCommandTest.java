// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static dev.primacy.postgres.TestServers.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.postgres.FencingSettings.Command;
import dev.primacy.postgres.FencingSettings.Mode;
import dev.primacy.postgres.TestServers.Node;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@RequiresPostgres
class FenceCommandTest {
    private static final Duration SOFT = Duration.ofMillis(700);
    private static final Duration HARD = Duration.ofMillis(1200);
    /** Writes down what it is told. */
    private static final String RECORD = "echo \"$*\" >>\"$(dirname \"$0\")/told\"\n";

    /** A program in the servers' folder, that the server's user can run and write beside. */
    private static Path program(TestServers servers, String body) throws IOException {
        Path folder = Files.createDirectories(servers.folder().resolve("command"));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path program = folder.resolve("fence-me");
        Files.writeString(program, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return program;
    }

    private static Node node(TestServers servers, Path program, Mode mode) throws IOException {
        Command command = new Command(List.of(program.toString()), mode, Duration.ofSeconds(2));
        return servers.node(
                servers.settings("a", TestServers.freePort()),
                new FencingSettings(Mode.OFF, FencingSettings.Watchdog.NONE, Optional.of(command)));
    }

    private static List<String> told(Path program) throws IOException {
        return Files.readAllLines(program.resolveSibling("told"));
    }

    private static void awaitTold(Path program, String last) throws Exception {
        Wait.until(
                last,
                LONG,
                () -> Files.exists(program.resolveSibling("told"))
                        && told(program).contains(last));
    }

    @Test
    void isToldOfDeadlineEndAndFence() throws Exception {
        try (TestServers servers = new TestServers()) {
            Path program = program(servers, RECORD);
            Node a = node(servers, program, Mode.REQUIRED);
            a.postgres().initialize();
            MonotonicInstant hard = a.arm(Duration.ofMinutes(1), Duration.ofMinutes(2));
            assertThat(told(program)).singleElement().asString().matches("arm demo a 1[12]\\d{4} " + hard.millis());
            assertThat(a.postgres().startPrimary(LONG)).isTrue();
            a.postgres().stop(Postgres.StopMode.FAST, LONG);
            a.postgres().guard().disarm();
            assertThat(told(program).get(1)).isEqualTo("disarm demo a");

            a.postgres().guard().open();
            a.arm();
            assertThat(a.postgres().startPrimary(LONG)).isTrue();
            a.arm(SOFT, HARD);
            awaitTold(program, "fence demo a");
            assertThat(TestServers.processes(a.settings())).isEmpty();
        }
    }

    @Test
    void isToldByTheGuardThatTheAgentHasDied() throws Exception {
        try (TestServers servers = new TestServers()) {
            Path program = program(servers, RECORD + "[ \"$1\" != fence ] || exit 3\n");
            Node a = servers.node("a");
            a.postgres().initialize();
            Process agent = Agents.start(a.settings(), "primary", "360", program.toString());
            agent.destroyForcibly().waitFor();
            awaitTold(program, "fence demo a");
            assertThat(TestServers.processes(a.settings())).isEmpty();
            // There is no agent that could report the failure: the server's log has it.
            Wait.until(
                    "the failure in the log",
                    LONG,
                    () -> Files.readString(a.data().resolveSibling("a.log"))
                            .contains("guard: the fence command ended with status 3: timeout -k 1 10 " + program));
        }
    }

    @Test
    void aRequiredOneThatFailsKeepsTheServerFromBecomingPrimary() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = node(servers, program(servers, "echo no power controller; exit 7\n"), Mode.REQUIRED);
            a.postgres().initialize();
            MonotonicInstant now = Wait.CLOCK.now();
            assertThat(a.postgres().guard().arm(now.plus(LONG), now.plus(LONG), LONG))
                    .isFalse();
            assertThatThrownBy(() -> a.postgres().startPrimary(LONG)).hasMessageContaining("not armed");
        }
    }

    @Test
    void oneThatHangsIsKilledAndConfirmsNothing() throws Exception {
        try (TestServers servers = new TestServers()) {
            Path program = program(servers, RECORD + "exec sleep 600\n");
            Node a = node(servers, program, Mode.REQUIRED);
            a.postgres().initialize();
            MonotonicInstant now = Wait.CLOCK.now();
            assertThat(a.postgres().guard().arm(now.plus(LONG), now.plus(LONG), LONG))
                    .isFalse();
            assertThat(told(program)).hasSize(1);
        }
    }

    @Test
    void withoutTheWordRequiredItsFailureIsReportedOnly() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = node(servers, servers.folder().resolve("absent"), Mode.AUTOMATIC)
                    .primary();
            assertThat(a.server().primary()).isTrue();
        }
    }

    /** The guard's own work goes on while the command runs: the next server gets its deadline. */
    @Test
    void theGuardDoesNotWaitForIt() throws Exception {
        try (TestServers servers = new TestServers()) {
            Path program = program(servers, RECORD + "[ \"$1\" != fence ] || exec sleep 600\n");
            Node a = node(servers, program, Mode.REQUIRED).primary();
            a.arm(SOFT, HARD);
            awaitTold(program, "fence demo a");
            Wait.until("the end of the server", LONG, () -> a.status().state() == PostgresStatus.State.STOPPED);
            a.arm();
            assertThat(a.postgres().startPrimary(LONG)).isTrue();
        }
    }
}

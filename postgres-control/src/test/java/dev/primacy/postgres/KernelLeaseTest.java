// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static dev.primacy.postgres.TestServers.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the rules do to whoever talks to the port; a plain socket stands for the server where that is all it needs. */
@RequiresPostgres
@InNetworkNamespace
class KernelLeaseTest {
    private static final Logger LOG = LoggerFactory.getLogger(KernelLeaseTest.class);
    private static final Duration HARD = Duration.ofSeconds(4);
    /** Long enough for nft on a busy machine. */
    private static final Duration BUDGET = Duration.ofSeconds(2);

    /** Something that takes connections. */
    private static final class Port implements AutoCloseable {
        private final ServerSocket socket;

        Port() throws IOException {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        }

        int number() {
            return socket.getLocalPort();
        }

        boolean answers() {
            try (Socket client = new Socket()) {
                client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), number()), 2000);
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static MonotonicInstant arm(Fence lease, Duration hard) {
        MonotonicInstant until = Wait.CLOCK.now().plus(hard);
        assertThat(lease.arm(until.minus(BUDGET), until, LONG)).isTrue();
        return until;
    }

    private static KernelLease with(String script, int port) throws IOException {
        Path program = Files.createTempFile("primacy-nft", "");
        program.toFile().deleteOnExit();
        Files.writeString(program, "#!/bin/sh\nPATH=$PATH:/usr/sbin\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new KernelLease(port, Wait.CLOCK, program.toString());
    }

    private static String nft(String... arguments) {
        return Programs.execute(
                        List.of("sh", "-c", "PATH=$PATH:/usr/sbin nft " + String.join(" ", arguments)),
                        "nft",
                        Map.of(),
                        "",
                        LONG)
                .orThrow();
    }

    @Test
    void renewalsKeepEstablishedSessions() throws Exception {
        try (TestServers servers = new TestServers()) {
            TestServers.Node a = servers.node("a").primary();
            KernelLease lease = new KernelLease(a.settings().port(), Wait.CLOCK);
            try (java.sql.Connection session = a.connect();
                    java.sql.Statement statement = session.createStatement()) {
                MonotonicInstant start = Wait.CLOCK.now();
                for (int i = 1; i <= 8; i++) {
                    arm(lease, HARD);
                    statement.execute("SELECT " + i);
                    Wait.until(start.plus(Duration.ofSeconds(1).multipliedBy(i)));
                }
                assertThat(session.isValid(2)).isTrue();
            }
            lease.disarm();
        }
    }

    /** No process that could do anything about it runs: the kernel alone ends it. */
    @Test
    void afterTheDeadlineNothingIsAcknowledged() throws Exception {
        try (TestServers servers = new TestServers()) {
            TestServers.Node a = servers.node("a").primary();
            KernelLease lease = new KernelLease(a.settings().port(), Wait.CLOCK);
            try (Writer writer = new Writer(a, 4)) {
                MonotonicInstant hard = arm(lease, HARD);
                Wait.until(hard.plus(Duration.ofSeconds(1)));
                LOG.warn(
                        "last of {} acknowledgements {} ms before the deadline",
                        writer.acknowledged(),
                        writer.last().until(hard).toMillis());
                assertThat(writer.last()).isLessThan(hard);
                assertThat(TestServers.processes(a.settings())).isNotEmpty();
                int before = writer.acknowledged();
                lease.disarm();
                Wait.until("writes again", LONG, () -> writer.acknowledged() > before);
            }
        }
    }

    /** The guard, too, stands still until after the server has gone on for a while. */
    @Test
    void aFrozenHostAcknowledgesNothingLate() throws Exception {
        try (TestServers servers = new TestServers()) {
            FencingSettings fencing = new FencingSettings(
                    FencingSettings.Mode.REQUIRED, FencingSettings.Watchdog.NONE, java.util.Optional.empty());
            TestServers.Node a = servers.node(servers.settings("a", TestServers.freePort()), fencing)
                    .primary();
            try (Writer writer = new Writer(a, 4)) {
                ProcessHandle guard = TestServers.guards(a.settings()).get(0);
                ProcessHandle keeper = guard.children().findFirst().orElseThrow();
                String server = TestServers.processes(a.settings());
                MonotonicInstant hard =
                        a.arm(HARD.plus(BUDGET), HARD.plus(BUDGET).plus(BUDGET));
                TestServers.signal("STOP", guard.pid() + " " + keeper.pid() + " " + server);
                Wait.until(hard.plus(Duration.ofMillis(300)));
                TestServers.signal("CONT", keeper.pid() + " " + server);
                Wait.until(hard.plus(Duration.ofMillis(900)));
                assertThat(TestServers.processes(a.settings())).isNotEmpty();
                TestServers.signal("CONT", Long.toString(guard.pid()));
                Wait.until(
                        "the end",
                        LONG,
                        () -> TestServers.processes(a.settings()).isEmpty());
                assertThat(writer.last()).isLessThan(hard);
            }
        }
    }

    /** Had its packets only been dropped, the kernel would send them again, and the client would believe in the commit. */
    @Test
    void anAnswerThatCameTooLateDoesNotArriveOnceTheRulesAreGone() throws Exception {
        try (TestServers servers = new TestServers()) {
            TestServers.Node a = servers.node("a").primary();
            KernelLease lease = new KernelLease(a.settings().port(), Wait.CLOCK);
            try (java.sql.Connection session = a.connect();
                    java.sql.Statement statement = session.createStatement()) {
                session.setNetworkTimeout(Runnable::run, 15_000);
                MonotonicInstant hard = arm(lease, HARD);
                MonotonicInstant gone = hard.plus(Duration.ofSeconds(3));
                Thread removal = new Thread(() -> {
                    Wait.until(gone);
                    lease.disarm();
                });
                removal.start();
                assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(5)"))
                        .isInstanceOf(java.sql.SQLException.class);
                assertThat(Wait.CLOCK.now()).isGreaterThan(gone);
                removal.join();
            }
        }
    }

    @Test
    void aNewAgentTakesOverWhatADeadOneLeft() throws Exception {
        try (Port port = new Port()) {
            MonotonicInstant hard = arm(new KernelLease(port.number(), Wait.CLOCK), HARD);
            assertThat(port.answers()).isTrue();
            Wait.until(hard);
            assertThat(port.answers()).isFalse();
            KernelLease next = new KernelLease(port.number(), Wait.CLOCK);
            arm(next, LONG);
            assertThat(port.answers()).isTrue();
            new KernelLease(port.number(), Wait.CLOCK).disarm();
            assertThat(port.answers()).isTrue();
            assertThat(nft("list", "tables")).doesNotContain("primacy_" + port.number());
        }
    }

    @Test
    void otherPortsAreLeftAlone() throws Exception {
        try (Port port = new Port();
                Port other = new Port()) {
            Wait.until(arm(new KernelLease(port.number(), Wait.CLOCK), HARD));
            assertThat(port.answers()).isFalse();
            assertThat(other.answers()).isTrue();
        }
    }

    /** It was worked out before the deadline and frozen on its way to the kernel. */
    @Test
    void aRenewalThatComesTooLateFailsAsAWhole() throws Exception {
        try (Port port = new Port()) {
            KernelLease lease = new KernelLease(port.number(), Wait.CLOCK);
            Wait.until(arm(lease, HARD));
            assertThat(lease.renew(LONG, LONG)).isFalse();
            assertThat(port.answers()).isFalse();
            MonotonicInstant past = Wait.CLOCK.now().minus(HARD);
            assertThat(lease.arm(past, past, LONG)).isFalse();
            assertThat(port.answers()).isFalse();
        }
    }

    /** A reload of the firewall flushes all rules, ours as well. */
    @Test
    void rulesThatWereFlushedAreMadeAnew() throws Exception {
        try (Port port = new Port()) {
            KernelLease lease = new KernelLease(port.number(), Wait.CLOCK);
            arm(lease, LONG);
            nft("flush", "ruleset");
            Wait.until(arm(lease, HARD));
            assertThat(port.answers()).isFalse();
        }
    }

    /** The kernel counts from when it is told. */
    @Test
    void aChangeThatTakesLongDoesNotMoveTheDeadline() throws Exception {
        try (Port port = new Port()) {
            MonotonicInstant hard = Wait.CLOCK.now().plus(HARD.multipliedBy(3));
            KernelLease lease = with("sleep 1; exec nft \"$@\"", port.number());
            assertThat(lease.arm(hard.minus(HARD), hard, LONG)).isTrue();
            assertThat(port.answers()).isTrue();
            Wait.until(hard);
            assertThat(port.answers()).isFalse();
        }
    }

    /** One renewal may be missed: what holds until then is the deadline before, which is the earlier one. */
    @Test
    void aRenewalThatHangsLeavesTheDeadlineBefore() throws Exception {
        try (Port port = new Port()) {
            Path hangs = Files.createTempFile("primacy-hangs", "");
            KernelLease lease = with("[ -e " + hangs + " ] && exec sleep 600; exec nft \"$@\"", port.number());
            Files.delete(hangs);
            MonotonicInstant hard = arm(lease, HARD.multipliedBy(3));
            Files.createFile(hangs);
            arm(lease, LONG);
            assertThat(port.answers()).isTrue();
            MonotonicInstant sooner = Wait.CLOCK.now().plus(HARD);
            assertThat(lease.arm(sooner.minus(BUDGET), sooner, BUDGET)).isFalse();
            Wait.until(hard);
            assertThat(port.answers()).isFalse();
            Files.delete(hangs);
        }
    }

    @Test
    void aMissingCapabilityIsToldAndRefusesOrIsDoneWithout() throws Exception {
        KernelLease lease = with("exec setpriv --bounding-set=-net_admin nft \"$@\"", 5432);
        MonotonicInstant hard = Wait.CLOCK.now().plus(LONG);
        assertThatThrownBy(() -> lease.arm(hard, hard, LONG))
                .isInstanceOf(PostgresException.class)
                .hasMessageContaining("the kernel lease on port 5432")
                .hasMessageContaining("CAP_NET_ADMIN");
        assertThatThrownBy(lease::disarm).hasMessageContaining("CAP_NET_ADMIN");
        Fences required = new Fences(Wait.CLOCK, List.of(lease));
        assertThat(required.arm(hard, hard, LONG)).isFalse();
        assertThatThrownBy(() -> required.requireArmed("promote")).hasMessageContaining("promote refused");
        Fences automatic = new Fences(Wait.CLOCK, List.of(new BestEffort(lease)));
        assertThat(automatic.arm(hard, hard, LONG)).isTrue();
    }

    @Test
    void aMissingProgramIsTold() {
        KernelLease lease = new KernelLease(5432, Wait.CLOCK, "/nowhere/nft");
        MonotonicInstant hard = Wait.CLOCK.now().plus(LONG);
        assertThatThrownBy(() -> lease.arm(hard, hard, LONG))
                .isInstanceOf(PostgresException.class)
                .hasMessageContaining("/nowhere/nft")
                .hasMessageContaining("install nftables");
    }

    /** As under systemd with User= and AmbientCapabilities=CAP_NET_ADMIN. */
    @Test
    void theCapabilityAloneIsEnough() throws Exception {
        try (Port port = new Port()) {
            KernelLease lease = with(
                    "exec setpriv --reuid=nobody --clear-groups --inh-caps=-all,+net_admin --ambient-caps=-all,+net_admin"
                            + " nft \"$@\"",
                    port.number());
            Wait.until(arm(lease, HARD));
            assertThat(port.answers()).isFalse();
        }
    }
}

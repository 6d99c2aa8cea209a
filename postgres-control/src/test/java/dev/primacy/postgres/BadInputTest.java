// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static dev.primacy.postgres.TestServers.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.postgres.PostgresSettings.Login;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.TestServers.Node;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@RequiresPostgres
class BadInputTest {
    @Test
    void namesEverythingThatIsMissing() throws Exception {
        try (TestServers servers = new TestServers()) {
            PostgresSettings good = servers.settings("a", 5432);
            PostgresSettings bad = new PostgresSettings(
                    "demo",
                    "a",
                    Path.of("/nowhere/bin"),
                    Path.of("relative"),
                    List.of(),
                    99999,
                    Map.of(),
                    List.of(),
                    List.of(),
                    good.superuser(),
                    good.replication(),
                    Optional.empty());
            assertThat(good.check()).isEmpty();
            assertThat(bad.check())
                    .hasSize(4)
                    .anyMatch(problem -> problem.contains("postgres, initdb")
                            && problem.contains("not found in /nowhere/bin (postgresql.bin_dir)"))
                    .anyMatch(problem -> problem.startsWith("port 99999 (postgresql.listen)"))
                    .anyMatch(problem -> problem.startsWith("data directory relative (postgresql.data_dir)"))
                    .anyMatch(problem -> problem.startsWith("no address"));
            assertThatThrownBy(() -> new LocalPostgres(bad, Wait.CLOCK)).hasMessageContaining("/nowhere/bin");
        }
    }

    @Test
    void refusesAFolderOfGarbageWithoutTouchingIt() throws Exception {
        try (TestServers servers = new TestServers()) {
            PostgresSettings settings = servers.settings("a", TestServers.freePort());
            new OwnedFiles(OsUser.of(Optional.empty())).createFolder(settings.dataDir());
            Node a = servers.node(settings);
            assertThat(a.status().state()).isEqualTo(State.NO_DATA);
            Files.writeString(settings.dataDir().resolve("PG_VERSION"), "junk");
            assertThat(a.status().state()).isEqualTo(State.BROKEN_DATA);
            assertThatThrownBy(() -> a.postgres().startStandby(Optional.empty(), LONG))
                    .hasMessageContaining("pg_controldata ended with status 1");
            a.arm();
            assertThatThrownBy(() -> a.postgres().startPrimary(LONG)).hasMessageContaining("pg_control");
            assertThatThrownBy(() -> a.postgres().initialize()).hasMessageContaining("not empty");
            try (var files = Files.list(settings.dataDir())) {
                assertThat(files).hasSize(1);
            }
        }
    }

    @Test
    void refusesADataDirectoryThatIsOpenToOthers() throws Exception {
        try (TestServers servers = new TestServers()) {
            PostgresSettings settings = servers.settings("a", TestServers.freePort());
            new OwnedFiles(OsUser.of(Optional.empty())).createFolder(settings.dataDir());
            Files.setPosixFilePermissions(settings.dataDir(), PosixFilePermissions.fromString("rwxr-xr-x"));
            assertThat(settings.check()).singleElement().asString().contains("open to others", "chmod 700");
        }
    }

    @Test
    void failedCopiesLeaveNothingBehind() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            assertThatThrownBy(() ->
                            a.postgres().cloneFrom(new Upstream("127.0.0.1", TestServers.freePort(), Optional.empty())))
                    .isInstanceOf(PostgresException.class)
                    .hasMessageContaining("pg_basebackup ended with status 1")
                    .hasMessageContaining("refused");
            assertThat(a.data()).doesNotExist();
            Node bad = servers.node(with(
                    a.settings(), List.of("encoding=nonsense"), a.settings().superuser()));
            assertThatThrownBy(() -> bad.postgres().initialize()).hasMessageContaining("nonsense");
            assertThat(a.data()).doesNotExist();
        }
    }

    @Test
    void anInterruptEndsACopyAndItsProgram() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            Node b = servers.node("b");
            // pg_basebackup waits for an answer of the frozen server.
            TestServers.signal("STOP", TestServers.postmaster(a.settings()));
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread copy = new Thread(() -> {
                try {
                    b.postgres().cloneFrom(a.address());
                } catch (PostgresException e) {
                    thrown.complete(new AssertionError(
                            "interrupted: " + Thread.currentThread().isInterrupted(), e));
                }
            });
            copy.start();
            Wait.until("pg_basebackup", LONG, () -> copies() == 1);
            copy.interrupt();
            assertThat(thrown.get(5, TimeUnit.SECONDS))
                    .hasMessage("interrupted: true")
                    .cause()
                    .hasMessageContaining("interrupted while pg_basebackup");
            assertThat(copies()).isZero();
            assertThat(b.data()).doesNotExist();
        }
    }

    private static long copies() {
        return ProcessHandle.current()
                .descendants()
                .filter(ServerProcesses::runs)
                .filter(process -> process.info().command().orElse("").endsWith("/pg_basebackup"))
                .count();
    }

    @Test
    void saysWhyAServerDoesNotStart() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            a.postgres().initialize();
            a.arm();
            try (ServerSocket taken = new ServerSocket(a.settings().port(), 1, InetAddress.getLoopbackAddress())) {
                assertThatThrownBy(() -> a.postgres().startPrimary(LONG))
                        .hasMessage("port " + taken.getLocalPort() + " (postgresql.listen) is in use");
            }
            Files.writeString(a.data().resolve("postgresql.base.conf"), "no_such_setting = 1\n");
            assertThatThrownBy(() -> a.postgres().startPrimary(LONG))
                    .hasMessageContaining("ended while it started")
                    .hasMessageContaining("no_such_setting");
            Files.writeString(a.data().resolve("postgresql.base.conf"), "");
            assertThat(a.postgres().startPrimary(LONG)).isTrue();
            a.postgres().stop(Postgres.StopMode.FAST, LONG);

            Login wrong = new Login("postgres", Optional.of("wrong"));
            Node other = servers.node(with(a.settings(), List.of(), wrong));
            other.arm();
            assertThatThrownBy(() -> other.postgres().startPrimary(LONG))
                    .hasMessageContaining("does not let postgres in (postgresql.authentication.superuser)");
            assertThat(other.postgres().status(Duration.ofSeconds(1)).state()).isEqualTo(State.UNRESPONSIVE);
            assertThat(a.postgres().compare(a.address())).isInstanceOf(Divergence.class);
        }
    }

    private static PostgresSettings with(PostgresSettings base, List<String> initdb, Login superuser) {
        return new PostgresSettings(
                base.clusterName(),
                base.memberName(),
                base.binDir(),
                base.dataDir(),
                base.listenAddresses(),
                base.port(),
                base.parameters(),
                base.hba(),
                initdb,
                superuser,
                base.replication(),
                base.osUser());
    }
}

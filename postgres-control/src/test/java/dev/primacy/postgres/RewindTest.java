// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static dev.primacy.postgres.TestServers.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.postgres.Postgres.StopMode;
import dev.primacy.postgres.TestServers.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@RequiresPostgres
class RewindTest {
    /** The old primary ended cleanly or crashed; in both cases it wrote what nobody received. */
    @ParameterizedTest
    @EnumSource(StopMode.class)
    void takesADivergedPrimaryBackAndKeepsItsWal(StopMode end) throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            Node b = servers.node("b").cloneOf(a);
            // After the clone, so that the fork does not lie between two WAL files as it does in the other tests.
            a.sql("CREATE TABLE t AS SELECT 'both' AS who");
            b.awaitReplayed(a);
            b.arm();
            b.postgres().promote(LONG);
            a.sql("INSERT INTO t VALUES ('only a')");
            b.sql("INSERT INTO t VALUES ('only b')");
            Lsn lost = a.server().written();
            assertThatThrownBy(() -> a.postgres().rewind(b.address())).hasMessageContaining("stop it first");
            assertThat(a.postgres().compare(b.address())).isInstanceOf(Divergence.Diverged.class);
            a.postgres().stop(end, LONG);

            Divergence divergence = a.postgres().compare(b.address());
            assertThat(divergence).isInstanceOf(Divergence.Diverged.class);
            Divergence.Diverged diverged = (Divergence.Diverged) divergence;
            assertThat(diverged.forkTimeline()).isEqualTo(1);
            assertThat(diverged.fork()).isLessThan(lost);
            assertThat(diverged.localEnd()).isGreaterThanOrEqualTo(lost);

            Files.writeString(a.data().resolve("postgresql.base.conf"), "work_mem = '7MB'\n");
            a.postgres().rewind(b.address());
            Path kept = a.data()
                    .resolveSibling("a-diverged")
                    .resolve("1-" + diverged.fork().toString().replace('/', '-'));
            assertThat(names(kept)).isNotEmpty().allMatch(name -> name.startsWith("00000001"));
            assertThat(a.postgres().startStandby(Optional.of(b.address()), LONG))
                    .isTrue();
            a.awaitReplayed(b);
            assertThat(a.sql("SELECT string_agg(who, ',' ORDER BY who) FROM t")).isEqualTo("both,only b");
            assertThat(a.sql("SHOW work_mem")).isEqualTo("7MB");
            assertThat(a.sql("SHOW port"))
                    .isEqualTo(Integer.toString(a.settings().port()));
            // A primary against its own standby, which may lag.
            assertThat(b.postgres().compare(a.address())).isInstanceOf(Divergence.InHistory.class);
        }
    }

    /** It crashed, and the standby had received everything: only the records themselves can tell. */
    @Test
    void aCrashedPrimaryWithoutOwnWalNeedsNoRewind() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            a.sql("CREATE TABLE t (n int)");
            Node b = servers.node("b").cloneOf(a);
            b.awaitReplayed(a);
            a.postgres().stop(StopMode.IMMEDIATE, LONG);
            b.arm();
            b.postgres().promote(LONG);
            assertThat(a.postgres().compare(b.address())).isInstanceOf(Divergence.InHistory.class);
            a.postgres().rewind(b.address());
            assertThat(a.postgres().startStandby(Optional.of(b.address()), LONG))
                    .isTrue();
            a.awaitReplayed(b);
            assertThat(a.server().timeline()).isEqualTo(2);
        }
    }

    /** A standby that received more than the one that was promoted. */
    @Test
    void aStandbyThatIsAheadOfTheForkIsRewound() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            a.sql("CREATE TABLE t (n int)");
            Node b = servers.node("b").cloneOf(a);
            Node c = servers.node("c").cloneOf(a);
            b.postgres().stop(StopMode.FAST, LONG);
            a.sql("INSERT INTO t VALUES (1)");
            c.awaitReplayed(a);
            a.postgres().stop(StopMode.IMMEDIATE, LONG);
            b.postgres().startStandby(Optional.empty(), LONG);
            b.arm();
            b.postgres().promote(LONG);
            assertThat(c.postgres().compare(b.address())).isInstanceOf(Divergence.Diverged.class);
            c.postgres().stop(StopMode.IMMEDIATE, LONG);
            assertThat(c.postgres().compare(b.address())).isInstanceOf(Divergence.Diverged.class);
            c.postgres().rewind(b.address());
            assertThat(c.postgres().startStandby(Optional.of(b.address()), LONG))
                    .isTrue();
            c.awaitReplayed(b);
            assertThat(c.sql("SELECT count(*) FROM t")).isEqualTo("0");
        }
    }

    /** Which of two standbys parted from the group's history they cannot know themselves. */
    @Test
    void aStandbyIsNeverRewoundTo() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            a.sql("CREATE TABLE t (n int)");
            Node b = servers.node("b").cloneOf(a);
            b.awaitReplayed(a);
            b.arm();
            b.postgres().promote(LONG);
            Node c = servers.node("c").cloneOf(b);
            a.sql("INSERT INTO t VALUES (1)");
            a.postgres().stop(StopMode.FAST, LONG);
            assertThat(a.postgres().compare(c.address()))
                    .isInstanceOfSatisfying(
                            Divergence.Diverged.class,
                            diverged -> assertThat(diverged.upstreamIsPrimary()).isFalse());
            assertThatThrownBy(() -> a.postgres().rewind(c.address())).hasMessageContaining("is a standby");
            a.postgres().rewind(b.address());
            assertThat(a.postgres().startStandby(Optional.of(c.address()), LONG))
                    .isTrue();
            a.awaitReplayed(b);
            assertThat(a.sql("SELECT count(*) FROM t")).isEqualTo("0");
        }
    }

    /** A frozen server: its kernel accepts connections, and nobody answers. */
    @Test
    void anInterruptEndsAComparisonWithAServerThatDoesNotAnswer() throws Exception {
        try (TestServers servers = new TestServers();
                ServerSocket frozen = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Node a = servers.node("a").primary();
            Upstream there =
                    new Upstream(frozen.getInetAddress().getHostAddress(), frozen.getLocalPort(), Optional.empty());
            FutureTask<Divergence> comparison =
                    new FutureTask<>(() -> a.postgres().compare(there));
            Thread thread = new Thread(comparison);
            thread.start();
            try (Socket asked = frozen.accept()) {
                thread.interrupt();
                assertThatThrownBy(comparison::get)
                        .hasCauseInstanceOf(PostgresException.class)
                        .hasMessageContaining("compare was interrupted");
                assertThat(asked.getInputStream().read())
                        .as("what the client has sent")
                        .isNotNegative();
            }
        }
    }

    @Test
    void touchesNothingForAnotherDatabase() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            a.postgres().stop(StopMode.FAST, LONG);
            Node other = servers.node("other").primary();
            List<String> before = listing(a.data());
            assertThat(a.postgres().compare(other.address())).isInstanceOf(Divergence.OtherSystem.class);
            assertThatThrownBy(() -> a.postgres().rewind(other.address()))
                    .isInstanceOf(PostgresException.class)
                    .hasMessageContaining("another database")
                    .hasMessageContaining(other.status().control().orElseThrow().systemIdentifier());
            assertThat(listing(a.data())).isEqualTo(before);
            assertThatThrownBy(() -> a.postgres().cloneFrom(other.address())).hasMessageContaining("not empty");
            assertThatThrownBy(() -> a.postgres().initialize()).hasMessageContaining("not empty");
            assertThat(listing(a.data())).isEqualTo(before);
            other.postgres().stop(StopMode.FAST, LONG);
            assertThat(a.postgres().compare(other.address())).isInstanceOf(Divergence.Unknown.class);
            assertThatThrownBy(() -> a.postgres().rewind(other.address())).hasMessageContaining("cannot ask");
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static List<String> listing(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file + " " + file.toFile().length() + " "
                            + file.toFile().lastModified())
                    .sorted()
                    .toList();
        }
    }
}

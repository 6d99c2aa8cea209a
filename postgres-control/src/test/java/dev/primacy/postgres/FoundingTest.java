// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static dev.primacy.postgres.TestServers.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.postgres.Postgres.StopMode;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.TestServers.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A database that was created and never used may go again; no other may. */
@RequiresPostgres
class FoundingTest {
    @Test
    void isUnusedUntilTheFirstStartWhateverHappensBefore() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            a.postgres().initialize();
            assertThat(a.status().state()).isEqualTo(State.STOPPED);
            assertThat(control(a).unused()).isTrue();
            assertThat(control(a).primaryShutDownCleanly()).isTrue();
            // Another agent finds it as it is.
            Node again = servers.node(a.settings());
            assertThat(control(again).unused()).isTrue();
            assertThatThrownBy(() -> again.postgres().startPrimary(LONG)).hasMessageContaining("not armed");
            assertThat(control(again).unused()).isTrue();

            again.arm();
            assertThat(again.postgres().startPrimary(LONG)).isTrue();
            assertThat(mark(a)).doesNotExist();
            assertThat(control(again).unused()).isFalse();
            Node b = servers.node("b").cloneOf(again);
            assertThat(mark(b)).doesNotExist();
            again.postgres().stop(StopMode.FAST, LONG);
            assertThat(control(again).unused()).isFalse();
            b.postgres().stop(StopMode.FAST, LONG);
            assertThat(control(b).unused()).isFalse();
        }
    }

    @Test
    void aStartAsStandbyIsAUseToo() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            a.postgres().initialize();
            assertThat(a.postgres().startStandby(Optional.empty(), LONG)).isTrue();
            assertThat(mark(a)).doesNotExist();
            a.postgres().stop(StopMode.IMMEDIATE, LONG);
            assertThat(control(a).unused()).isFalse();
        }
    }

    @Test
    void goesByItsIdentifierOnly() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            a.postgres().initialize();
            String identifier = control(a).systemIdentifier();
            List<String> before = listing(a.data());
            assertThatThrownBy(() -> a.postgres().discardUnused("1"))
                    .isInstanceOf(PostgresException.class)
                    .hasMessageContaining("discard refused")
                    .hasMessageContaining(identifier);
            assertThat(listing(a.data())).isEqualTo(before);
            a.postgres().discardUnused(identifier);
            assertThat(a.status().state()).isEqualTo(State.NO_DATA);
            try (Stream<Path> left = Files.list(a.data())) {
                assertThat(left).isEmpty();
            }
            assertThatThrownBy(() -> a.postgres().discardUnused(identifier)).isInstanceOf(PostgresException.class);

            a.primary();
            assertThat(control(a).systemIdentifier()).isNotEqualTo(identifier);
        }
    }

    @Test
    void usedDataIsNeverDiscarded() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            a.postgres().initialize();
            String identifier = control(a).systemIdentifier();
            String mark = Files.readString(mark(a));
            a.arm();
            a.postgres().startPrimary(LONG);
            assertThatThrownBy(() -> a.postgres().discardUnused(identifier)).hasMessageContaining("a server runs");
            a.sql("CREATE TABLE t (n int)");
            a.postgres().stop(StopMode.FAST, LONG);
            List<String> before = listing(a.data());
            assertThatThrownBy(() -> a.postgres().discardUnused(identifier)).hasMessageContaining("has been used");
            assertThat(listing(a.data())).isEqualTo(before);
            // As after a start by hand, which leaves the mark.
            Files.writeString(mark(a), mark);
            assertThat(control(a).unused()).isFalse();
            before = listing(a.data());
            assertThatThrownBy(() -> a.postgres().discardUnused(identifier)).hasMessageContaining("has been used");
            assertThat(listing(a.data())).isEqualTo(before);
        }
    }

    @Test
    void whatADeathInTheMidstLeavesIsNoDatabase() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            a.postgres().initialize();
            // Death between initdb and the mark, and as well in the midst of a removal: everything is there still.
            Files.writeString(mark(a), "");
            assertThat(a.status().state()).isEqualTo(State.NO_DATA);
            assertThatThrownBy(() -> a.postgres().startStandby(Optional.empty(), LONG))
                    .hasMessageContaining("never finished");
            a.arm();
            assertThatThrownBy(() -> a.postgres().startPrimary(LONG)).hasMessageContaining("never finished");
            // And later on in it.
            Files.delete(a.data().resolve("global/pg_control"));
            assertThat(a.status().state()).isEqualTo(State.NO_DATA);
            assertThat(a.primary().sql("SELECT 1")).isEqualTo("1");

            Node b = servers.node("b");
            b.postgres().initialize();
            Files.writeString(mark(b), "");
            b.cloneOf(a);
            assertThat(control(b).systemIdentifier()).isEqualTo(control(a).systemIdentifier());
        }
    }

    @Test
    void leavesTheDirectoryAsInitdbWould() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            a.postgres().initialize();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(a.data())))
                    .isEqualTo("rwx------");
            assertThat(names(a.data())).contains("global", "pg_wal", "PG_VERSION", "primacy.unused");
            assertThat(names(a.data())).noneMatch(name -> name.matches("primacy\\.\\d+|.*\\.tmp"));
        }
    }

    private static ControlData control(Node node) {
        return node.status().control().orElseThrow();
    }

    private static Path mark(Node node) {
        return node.data().resolve("primacy.unused");
    }

    private static List<String> names(Path folder) throws IOException {
        return OwnedFiles.list(folder).stream()
                .map(file -> file.getFileName().toString())
                .toList();
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

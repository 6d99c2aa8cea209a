// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static dev.primacy.postgres.TestServers.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.postgres.Postgres.StopMode;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.TestServers.Node;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is done to a server because a person asks for it: copied anew, and given other settings. */
@RequiresPostgres
class PersonsOrdersTest {
    @Test
    void aCopyMayGoIfAnotherServerHasItsDatabase() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            Node b = servers.node("b").cloneOf(a);
            String identifier = a.status().control().orElseThrow().systemIdentifier();
            assertThatThrownBy(() -> b.postgres().discard(identifier, a.address()))
                    .hasMessageContaining("a server runs");
            b.postgres().stop(StopMode.IMMEDIATE, LONG);
            b.postgres().discard(identifier, a.address());
            assertThat(b.status().state()).isEqualTo(State.NO_DATA);
            // Once more, as after a copy that failed.
            b.postgres().discard(identifier, a.address());
            b.cloneOf(a);
            b.awaitReplayed(a);
        }
    }

    @Test
    void nothingGoesThatNoOtherServerShowsToHave() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            Node b = servers.node("b").cloneOf(a);
            Node other = servers.node("c").primary();
            String identifier = a.status().control().orElseThrow().systemIdentifier();
            String foreign = other.status().control().orElseThrow().systemIdentifier();
            b.postgres().stop(StopMode.FAST, LONG);
            assertThatThrownBy(() -> b.postgres().discard(identifier, other.address()))
                    .isInstanceOf(PostgresException.class)
                    .hasMessageContaining("discard refused")
                    .hasMessageContaining(foreign);
            assertThatThrownBy(() -> b.postgres().discard(foreign, other.address()))
                    .isInstanceOf(PostgresException.class)
                    .hasMessageContaining("discard refused")
                    .hasMessageContaining(identifier);
            a.postgres().stop(StopMode.FAST, LONG);
            assertThatThrownBy(() -> b.postgres().discard(identifier, a.address()))
                    .isInstanceOf(PostgresException.class)
                    .hasMessageContaining("cannot ask");
            assertThat(b.status().state()).isEqualTo(State.STOPPED);
            assertThat(b.status().control().orElseThrow().systemIdentifier()).isEqualTo(identifier);
            assertThat(Files.exists(b.data().resolve("PG_VERSION"))).isTrue();
        }
    }

    @Test
    void settingsAreReadOrWaitForARestart() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            Node b = servers.node("b").cloneOf(a);
            for (Node node : new Node[] {a, b}) {
                boolean primary = node.server().primary();
                var upstream = node.server().upstream();
                node.postgres()
                        .configure(node.settings()
                                .with(
                                        with(node.settings().parameters(), "work_mem", "5MB", "max_connections", "120"),
                                        node.settings().hba()));
                node.postgres().reload();
                Wait.until(
                        "it is read",
                        LONG,
                        () -> !node.server().pendingRestart().isEmpty());
                assertThat(node.server().pendingRestart()).containsExactly("max_connections");
                assertThat(node.sql("SHOW work_mem")).isEqualTo("5MB");
                assertThat(node.server().primary()).isEqualTo(primary);
                assertThat(node.server().upstream()).isEqualTo(upstream);
            }
            b.awaitReplayed(a);
            a.postgres().stop(StopMode.FAST, LONG);
            a.arm();
            assertThat(a.postgres().startPrimary(LONG)).isTrue();
            assertThat(a.server().pendingRestart()).isEmpty();
            assertThat(a.sql("SHOW max_connections")).isEqualTo("120");
        }
    }

    private static Map<String, String> with(Map<String, String> before, String... pairs) {
        Map<String, String> after = new HashMap<>(before);
        for (int i = 0; i < pairs.length; i += 2) {
            after.put(pairs[i], pairs[i + 1]);
        }
        return after;
    }
}

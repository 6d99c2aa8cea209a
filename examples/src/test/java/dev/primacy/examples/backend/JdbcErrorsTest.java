// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.BootClock;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JdbcErrorsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String SECRET = "hunter2";

    private static StoreServers server = StoreServers.none();

    @BeforeAll
    static void start() {
        server = PostgresServers.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void aSectionIsRefusedWithAllThatIsWrong() {
        assertThatThrownBy(() -> open(Map.of("url", "http://x", "passwort", SECRET)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("jdbc: unknown key 'passwort'; url must be jdbc:postgresql://host[:port]/database");
    }

    @Test
    void whatNobodyPreparedIsRejected() {
        for (String database : new String[] {"template1", "nowhere"}) {
            try (Dcs session = open(section(address() + "/" + database))) {
                assertThatThrownBy(() -> session.snapshot(TIMEOUT))
                        .isInstanceOf(DcsException.Rejected.class)
                        .hasMessageStartingWith("reading /service/demo: jdbc:postgresql://" + address())
                        .hasMessageContaining("check the login, and that schema.sql was run")
                        .hasMessageNotContaining(SECRET);
            }
        }
    }

    @Test
    void whereNobodyListensIsUnreachable() {
        try (Dcs session = open(section("127.0.0.1:1/postgres"))) {
            assertThatThrownBy(() -> session.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT))
                    .isInstanceOf(DcsException.Unreachable.class)
                    .hasMessageContaining("check that it runs and is reachable")
                    .hasMessageNotContaining(SECRET);
        }
    }

    private static String address() {
        InetSocketAddress address = server.addresses().get(0);
        return address.getHostString() + ":" + address.getPort();
    }

    private static Map<String, Object> section(String where) {
        return Map.of("url", "jdbc:postgresql://" + where + "?password=" + SECRET, "password", SECRET);
    }

    private static Dcs open(Map<String, Object> section) {
        return DcsProvider.named("jdbc")
                .open(new DcsClient.Scope("/service/demo", "a", Duration.ofSeconds(3)), section, BootClock.system());
    }
}

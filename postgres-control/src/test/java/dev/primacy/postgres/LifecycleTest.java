// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static dev.primacy.postgres.TestServers.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.primacy.postgres.Postgres.StopMode;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.TestServers.Node;
import dev.primacy.time.MonotonicInstant;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@RequiresPostgres
class LifecycleTest {
    private static final Logger LOG = LoggerFactory.getLogger(LifecycleTest.class);

    @Test
    void createsStartsClonesPromotesAndFollows() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a");
            assertThat(a.status().state()).isEqualTo(State.NO_DATA);
            a.primary();
            assertThat(a.server().primary()).isTrue();
            assertThat(a.server().timeline()).isEqualTo(1);
            assertThat(a.server().upstream()).isEmpty();
            a.sql("CREATE TABLE t (n int); INSERT INTO t VALUES (1)");
            a.postgres().ensureSlots(Set.of("b", "c"));
            a.postgres().ensureSlots(Set.of("b", "c"));
            assertThat(a.sql("SELECT count(*) FROM pg_replication_slots WHERE restart_lsn IS NOT NULL"))
                    .isEqualTo("2");

            Node b = servers.node("b");
            Upstream throughSlot = new Upstream("127.0.0.1", a.settings().port(), Optional.of("b"));
            b.postgres().cloneFrom(throughSlot);
            assertThat(b.status().state()).isEqualTo(State.STOPPED);
            assertThat(b.status().control().orElseThrow().standby()).isTrue();
            assertThat(b.postgres().startStandby(Optional.of(throughSlot), LONG))
                    .isTrue();
            Wait.until("streaming", LONG, () -> b.server().streaming());
            assertThat(b.server().primary()).isFalse();
            assertThat(b.server().upstream()).contains(throughSlot);
            assertThat(a.server().standbys())
                    .extracting(PostgresStatus.Standby::name, PostgresStatus.Standby::slot)
                    .containsExactly(tuple("b", throughSlot.slot()));
            b.postgres().ensureSlots(Set.of("a"));
            Node c = servers.node("c").cloneOf(a);
            a.sql("INSERT INTO t VALUES (2)");
            b.awaitReplayed(a);
            assertThat(b.sql("SELECT count(*) FROM t")).isEqualTo("2");
            assertThat(b.postgres().compare(a.address())).isInstanceOf(Divergence.InHistory.class);

            assertThatThrownBy(() -> b.postgres().promote(LONG)).hasMessageContaining("not armed");
            a.postgres().checkpoint();
            a.postgres().stop(StopMode.FAST, LONG);
            assertThat(a.status().state()).isEqualTo(State.STOPPED);
            assertThat(a.status().control().orElseThrow().primaryShutDownCleanly())
                    .isTrue();
            b.arm();
            MonotonicInstant before = Wait.CLOCK.now();
            b.postgres().promote(LONG);
            LOG.warn("promotion took {} ms", before.until(Wait.CLOCK.now()).toMillis());
            b.sql("INSERT INTO t VALUES (3)");
            assertThat(b.server().primary()).isTrue();
            assertThat(b.server().timeline()).isEqualTo(2);
            TimelineHistory history = b.postgres().history(2).orElseThrow();
            assertThat(history.ends()).extracting(TimelineHistory.End::timeline).containsExactly(1);
            assertThat(history.ends().get(0).reason()).isEqualTo("no recovery target specified");
            Instant now = InstantSource.system().instant();
            assertThat(history.begun()).isBetween(now.minusSeconds(60), now.plusSeconds(1));
            assertThat(b.postgres().history(1)).isEmpty();

            c.postgres().follow(b.address());
            c.awaitReplayed(b);
            assertThat(c.server().timeline()).isEqualTo(2);
            assertThat(c.server().upstream()).contains(b.address());
            assertThatThrownBy(() -> b.postgres().follow(c.address())).hasMessageContaining("is a primary");

            // The old primary ended cleanly and b had all its WAL: no rewind is needed.
            assertThat(a.postgres().compare(b.address())).isInstanceOf(Divergence.InHistory.class);
            assertThat(a.postgres().startStandby(Optional.of(b.address()), LONG))
                    .isTrue();
            a.awaitReplayed(b);
            assertThat(a.sql("SELECT count(*) FROM t")).isEqualTo("3");
        }
    }

    /** A leader would take one that seems to be ahead for one with a history of its own. */
    @Test
    void noStandbyThatFollowsSeemsToBeAhead() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            a.sql("CREATE TABLE t (n int)");
            Node b = servers.node("b").cloneOf(a);
            b.awaitReplayed(a);
            // A moment passes before standbys are looked at: what is looked at before them is old then.
            a.sql("CREATE FUNCTION slowly() RETURNS SETOF pg_catalog.pg_stat_replication LANGUAGE plpgsql AS"
                    + " $$ BEGIN PERFORM pg_sleep(0.1); RETURN QUERY SELECT * FROM pg_catalog.pg_stat_replication; END $$;"
                    + " CREATE VIEW pg_stat_replication AS SELECT * FROM slowly();"
                    + " ALTER DATABASE postgres SET search_path = public, pg_catalog");
            a.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
            Wait.until("connected anew", LONG, () -> a.status().server().isPresent());
            ExecutorService writers = Executors.newSingleThreadExecutor();
            Future<String> writer = writers.submit(() -> a.sql("DO $$ BEGIN FOR i IN 1..3000 LOOP"
                    + " INSERT INTO t SELECT generate_series(1, 20); COMMIT; END LOOP; END $$"));
            writers.shutdown();
            do {
                PostgresStatus.Server seen = a.server();
                assertThat(seen.standbys())
                        .isNotEmpty()
                        .allSatisfy(standby -> assertThat(standby.flushed()).isLessThanOrEqualTo(seen.written()));
            } while (!writer.isDone());
            writer.get(LONG.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void tellsOfACrashAtOnceAndStopsWhatIsFrozen() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            CountDownLatch exits = new CountDownLatch(1);
            a.postgres().onExit(exits::countDown);
            TestServers.signal("KILL", TestServers.postmaster(a.settings()));
            assertThat(exits.await(2, TimeUnit.SECONDS)).isTrue();
            assertThat(TestServers.processes(a.settings())).isEmpty();
            assertThat(a.status().state()).isEqualTo(State.STOPPED);
            assertThat(a.status().control().orElseThrow().primaryShutDownCleanly())
                    .isFalse();

            a.arm();
            assertThat(a.postgres().startPrimary(LONG)).isTrue();
            TestServers.signal("STOP", TestServers.postmaster(a.settings()));
            for (String pid : TestServers.processes(a.settings()).split(" ", -1)) {
                TestServers.signal("STOP", Long.parseLong(pid));
            }
            assertThat(a.postgres().status(Duration.ofMillis(300)).state()).isEqualTo(State.UNRESPONSIVE);
            a.postgres().stop(StopMode.FAST, Duration.ofMillis(500));
            assertThat(TestServers.processes(a.settings())).isEmpty();
            assertThat(a.status().state()).isEqualTo(State.STOPPED);
        }
    }

    @Test
    void keepsTheConfigurationThatCameWithTheData() throws Exception {
        try (TestServers servers = new TestServers()) {
            Node a = servers.node("a").primary();
            a.sql("ALTER SYSTEM SET port = 1");
            a.sql("ALTER SYSTEM SET work_mem = '5MB'");
            a.postgres().stop(StopMode.FAST, LONG);
            Files.writeString(a.data().resolve("postgresql.base.conf"), "max_connections = 17\nport = 2\n");
            a.arm();
            assertThat(a.postgres().startPrimary(LONG)).isTrue();
            assertThat(a.sql("SHOW work_mem") + a.sql("SHOW max_connections")).isEqualTo("5MB17");
            assertThat(a.sql("SHOW wal_retrieve_retry_interval")).isEqualTo("500ms");
        }
    }
}

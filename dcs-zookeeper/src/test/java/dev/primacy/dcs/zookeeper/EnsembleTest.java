// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Servers that stop and start, and sessions that get another ttl than they asked for. */
class EnsembleTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final MonotonicClock CLOCK = BootClock.system();

    @Test
    void aLockSurvivesTheStopOfEachServerInTurn() {
        try (EmbeddedZooKeeper servers = EmbeddedZooKeeper.start(3);
                Dcs dcs = open(servers.connectString(), Duration.ofSeconds(15))) {
            Lock lock = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("a"), TIMEOUT)).lock();
            for (int round = 0; round < 3; round++) {
                int stopped = round == 0 ? servers.leader() : round;
                servers.stop(stopped);
                renewEventually(dcs, lock, "stopped " + stopped);
                servers.restart(stopped);
                renewEventually(dcs, lock, "restarted " + stopped);
            }
            assertThat(dcs.snapshot(TIMEOUT).isHeldBy(lock)).isTrue();
            assertThat(dcs.snapshot(TIMEOUT)
                            .record(RecordKey.STATUS)
                            .orElseThrow()
                            .value())
                    .isEqualTo("restarted 2");
        }
    }

    private static void renewEventually(Dcs dcs, Lock lock, String status) {
        MonotonicInstant end = CLOCK.now().plus(Duration.ofSeconds(14));
        while (true) {
            try {
                assertThat(dcs.renew(lock, Optional.of(status), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
                return;
            } catch (DcsException e) {
                // The ensemble elects a leader, or the client looks for another server.
                assertThat(CLOCK.now()).isLessThan(end);
                RealTime.pass(CLOCK, Duration.ofMillis(50));
            }
        }
    }

    @Test
    void dataSurvivesTheStopOfAllServers() {
        try (EmbeddedZooKeeper servers = EmbeddedZooKeeper.start(1)) {
            try (Dcs dcs = open(servers.connectString(), Duration.ofSeconds(5))) {
                dcs.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT);
            }
            servers.stop(0);
            servers.restart(0);
            try (Dcs dcs = open(servers.connectString(), Duration.ofSeconds(5))) {
                assertThat(dcs.snapshot(TIMEOUT).record(RecordKey.CONFIG)).isPresent();
            }
        }
    }

    @Test
    void openingDoesNotWaitForAServer() {
        MonotonicInstant start = CLOCK.now();
        try (Dcs dcs = open("127.0.0.1:1", Duration.ofSeconds(30))) {
            assertThat(start.until(CLOCK.now())).isLessThan(Duration.ofSeconds(1));
            assertThat(dcs.capabilities().ttl()).isEqualTo(Duration.ofSeconds(30));
            assertThatThrownBy(() -> dcs.snapshot(Duration.ofMillis(300)))
                    .isInstanceOf(DcsException.Unreachable.class)
                    .hasMessage("reading /service/demo: no connection from ZooKeeper (127.0.0.1:1) within 0.3 s;"
                            + " check that it runs and is reachable");
            assertThatThrownBy(() -> dcs.write(RecordWrite.create(RecordKey.CONFIG, ""), Duration.ofMillis(300)))
                    .isInstanceOf(DcsException.Unreachable.class);
        }
        assertThat(start.until(CLOCK.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aTtlThatTheServersDoNotGrantIsNotCountedOn() {
        Duration wish = Duration.ofSeconds(200);
        Duration granted = Duration.ofMillis(EmbeddedServer.LONGEST_SESSION_MILLIS);
        try (Dcs dcs = open(Servers.ONE.connectString(), wish)) {
            AcquireOutcome.Acquired acquired = (AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("a"), TIMEOUT);
            assertThat(acquired.proven().plus(wish))
                    .as("nobody has asked for the capabilities, so the wish is what is believed")
                    .isLessThanOrEqualTo(CLOCK.now().plus(granted));
            assertThat(dcs.capabilities().ttl()).isEqualTo(granted);
            RenewOutcome.Renewed renewed = (RenewOutcome.Renewed) dcs.renew(acquired.lock(), Optional.empty(), TIMEOUT);
            assertThat(renewed.proven()).isGreaterThanOrEqualTo(CLOCK.now().minus(Duration.ofSeconds(5)));
        }
    }

    private static Dcs open(String hosts, Duration ttl) {
        return DcsProvider.named("zookeeper")
                .open(
                        new DcsClient.Scope("/service/demo", "a", ttl),
                        Map.of("hosts", hosts, "tick_time", EmbeddedZooKeeper.TICK_MILLIS),
                        CLOCK);
    }
}

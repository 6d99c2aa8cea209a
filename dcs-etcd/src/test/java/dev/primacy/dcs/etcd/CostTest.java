// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static dev.primacy.dcs.etcd.Expect.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome.Acquired;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.EtcdServers;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What verbs cost the store, on a server that nobody else uses. */
@Execution(ExecutionMode.SAME_THREAD)
class CostTest {
    private static final Logger LOG = LoggerFactory.getLogger(CostTest.class);
    private static final int TIMES = 100;
    private static EtcdServers servers;

    @BeforeAll
    static void start() {
        servers = EtcdServers.start(1);
    }

    @AfterAll
    static void end() {
        servers.close();
    }

    @Test
    void aRenewalCostsOneKeepAliveAndOneTransaction() {
        try (DcsClient client = client();
                Dcs session = open(client, "a", Duration.ofSeconds(30))) {
            Acquired held = (Acquired) session.acquire(LockClaim.free("a"), TIMEOUT);
            Counters quiet =
                    costOf("renewals without a status", () -> session.renew(held.lock(), Optional.empty(), TIMEOUT));
            assertThat(quiet).isEqualTo(new Counters(0, TIMES, TIMES, 0));
            Counters loud =
                    costOf("renewals with a status", () -> session.renew(held.lock(), Optional.of("1"), TIMEOUT));
            assertThat(loud).isEqualTo(new Counters(0, TIMES, TIMES, TIMES));
        }
    }

    @Test
    void aSnapshotCostsOneReading() {
        try (DcsClient client = client();
                Dcs session = open(client, "a", Duration.ofSeconds(30))) {
            session.write(RecordWrite.blind(RecordKey.CONFIG, "{}"), TIMEOUT);
            session.snapshot(TIMEOUT);
            Counters cost = costOf("snapshots", () -> session.snapshot(TIMEOUT));
            assertThat(cost).isEqualTo(new Counters(TIMES, 0, 0, 0));
        }
    }

    @Test
    void registeringTheSameAgainCostsOneReading() {
        try (DcsClient client = client();
                Dcs session = open(client, "a", Duration.ofSeconds(30))) {
            session.register("n", "{}", TIMEOUT);
            Counters cost = costOf("registrations of the same", () -> session.register("n", "{}", TIMEOUT));
            assertThat(cost).isEqualTo(new Counters(TIMES, 0, 0, 0));
        }
    }

    @Test
    void whoOnlyReadsAndWritesIsGrantedNothing() {
        try (DcsClient client = client();
                Dcs session = open(client, "a", Duration.ofSeconds(30))) {
            String before = grants();
            session.watch(() -> {});
            session.write(RecordWrite.blind(RecordKey.CONFIG, "{}"), TIMEOUT);
            session.snapshot(TIMEOUT);
            assertThat(grants()).isEqualTo(before);
            session.register("n", "{}", TIMEOUT);
            assertThat(grants()).isNotEqualTo(before);
        }
    }

    private static String grants() {
        return servers.metrics(0)
                .lines()
                .filter(line -> line.startsWith("etcd_debugging_lease_granted_total "))
                .findFirst()
                .orElseThrow();
    }

    private static Counters costOf(String what, Runnable verb) {
        Counters before = Counters.of(servers);
        for (int i = 0; i < TIMES; i++) {
            verb.run();
        }
        Counters cost = Counters.of(servers).since(before);
        LOG.info("{} {}: {}", TIMES, what, cost);
        return cost;
    }

    @Test
    void sessionsShareOneConnection() throws IOException {
        awaitNoConnection();
        try (DcsClient client = client();
                Dcs first = open(client, "a", EtcdFixture.TTL);
                Dcs second = open(client, "b", EtcdFixture.TTL);
                Dcs other = client.open(new Scope("/multisite/demo", "c", EtcdFixture.TTL))) {
            for (Dcs session : new Dcs[] {first, second, other}) {
                session.watch(() -> {});
                session.snapshot(TIMEOUT);
                session.register("n-" + session.hashCode(), "{}", TIMEOUT);
                assertThat(session.snapshot(TIMEOUT).members()).isNotEmpty();
            }
            assertThat(connections()).isOne();
        }
        awaitNoConnection();
    }

    private static void awaitNoConnection() throws IOException {
        for (int i = 0; connections() > 0; i++) {
            assertThat(i).as("looks until the closed connection is gone").isLessThan(500);
            RealTime.pass(EtcdFixture.CLOCK, Duration.ofMillis(10));
        }
    }

    /** Of this process to the server, as the kernel counts them. */
    private static long connections() throws IOException {
        byte[] host = InetAddress.getByName(host()).getAddress();
        String remote = String.format(Locale.ROOT, "%02X%02X%02X%02X:%04X", host[3], host[2], host[1], host[0], 2379);
        Set<String> own = sockets();
        long count = 0;
        for (String table : new String[] {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
            try (Stream<String> lines = Files.lines(Path.of(table))) {
                // Columns: number, local address, remote address, state (01 is established), ..., inode.
                count += lines.map(line -> line.trim().split("\\s+", -1))
                        .filter(columns -> columns[2].endsWith(remote) && columns[3].equals("01"))
                        .filter(columns -> own.contains("socket:[" + columns[9] + "]"))
                        .count();
            }
        }
        return count;
    }

    private static Set<String> sockets() throws IOException {
        Set<String> found = new HashSet<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            for (Path file : files.toList()) {
                try {
                    found.add(Files.readSymbolicLink(file).toString());
                } catch (NoSuchFileException e) {
                    // Closed while we look.
                }
            }
        }
        return found;
    }

    private static String host() {
        return servers.addresses().get(0).getHostString();
    }

    private static DcsClient client() {
        return new Etcd3Provider().connect(Map.of("host", host()), EtcdFixture.CLOCK);
    }

    private static Dcs open(DcsClient client, String name, Duration ttl) {
        return client.open(new Scope("/service/cost-" + ttl.toSeconds(), name, ttl));
    }
}

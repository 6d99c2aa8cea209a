// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static dev.primacy.dcs.etcd.Expect.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome.Acquired;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.EtcdServers;
import dev.primacy.dcs.testkit.server.StoreServers;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One lease at a time, and what goes with it. */
class SessionTest {
    private final String path = EtcdFixture.newPath();

    @Test
    void anotherTtlReplacesOnesOwnTenureWithoutAGap() throws InterruptedException {
        try (DcsClient client = client();
                Dcs second = open(client, Duration.ofSeconds(20));
                Dcs observer = open(client, EtcdFixture.TTL)) {
            Dcs first = open(client, EtcdFixture.TTL);
            Lock lock = acquire(first, LockClaim.free("node"));
            AtomicBoolean over = new AtomicBoolean();
            Queue<Optional<String>> seen = new ConcurrentLinkedQueue<>();
            Thread watcher = new Thread(() -> {
                while (!over.get()) {
                    seen.add(observer.snapshot(TIMEOUT).leader().map(Lock::holder));
                }
            });
            watcher.start();
            Lock longer = acquire(second, new LockClaim("node", Optional.of(lock), List.of()));
            first.close();
            assertThat(second.renew(longer, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
            RealTime.pass(EtcdFixture.CLOCK, EtcdFixture.TTL.multipliedBy(2));
            over.set(true);
            watcher.join();
            assertThat(seen).isNotEmpty().containsOnly(Optional.of("node"));
            assertThat(observer.snapshot(TIMEOUT).leader()).hasValue(longer);
            assertThat(longer.term()).isGreaterThan(lock.term());
            assertThat(second.capabilities().ttl()).isEqualTo(Duration.ofSeconds(20));
        }
    }

    @Test
    void membersStayWhileNobodyCallsAnything() {
        try (DcsClient client = client();
                Dcs silent = open(client, EtcdFixture.TTL);
                Dcs observer = open(client, EtcdFixture.TTL)) {
            silent.register("n", "{}", TIMEOUT);
            RealTime.pass(EtcdFixture.CLOCK, EtcdFixture.TTL.multipliedBy(3));
            assertThat(observer.snapshot(TIMEOUT).members()).containsKey("n");
        }
    }

    /** A server that stands still for a moment, or an election, costs one sign of life and not the session. */
    @Test
    void aSignOfLifeThatNobodyAnsweredIsGivenAgainInTime() {
        Duration ttl = Duration.ofSeconds(12);
        try (EtcdServers servers = EtcdServers.start(1);
                DcsClient client = client(servers);
                Dcs silent = open(client, ttl)) {
            silent.register("n", "{}", TIMEOUT);
            // The sign is due after two thirds of the ttl, and given up after another tenth.
            RealTime.pass(EtcdFixture.CLOCK, Duration.ofMillis(7500));
            servers.freeze(0);
            RealTime.pass(EtcdFixture.CLOCK, Duration.ofSeconds(2));
            servers.thaw(0);
            RealTime.pass(EtcdFixture.CLOCK, ttl.minusSeconds(6));
            assertThat(silent.snapshot(TIMEOUT).members()).containsKey("n");
        }
    }

    @Test
    void aLeaseThatVanishedIsReplacedAndWatchersHearOfIt() {
        AtomicInteger hints = new AtomicInteger();
        try (DcsClient client = client();
                Dcs session = open(client, Duration.ofSeconds(20));
                Foreign foreign = new Foreign(Servers.one().addresses().get(0))) {
            Lock lock = acquire(session, LockClaim.free("n"));
            session.register("n", "{}", TIMEOUT);
            revoke(foreign, lock);
            session.watch(hints::incrementAndGet);
            Lock next = acquire(session, LockClaim.free("n"));
            assertThat(next.session()).isNotEqualTo(lock.session());
            assertThat(hints).hasPositiveValue();
            assertThat(session.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
            session.register("n", "{}", TIMEOUT);
            assertThat(session.snapshot(TIMEOUT).members()).containsKey("n");
            revoke(foreign, next);
            session.register("n", "{}", TIMEOUT);
            assertThat(session.snapshot(TIMEOUT).members()).containsKey("n");
        }
    }

    private static void revoke(Foreign foreign, Lock lock) {
        var unused = LeaseGrpc.newBlockingStub(foreign.channel())
                .leaseRevoke(LeaseRevokeRequest.newBuilder()
                        .setID(Long.parseUnsignedLong(lock.session(), 16))
                        .build());
    }

    @Test
    void nothingIsLeftOfAClosedSession() {
        try (DcsClient client = client()) {
            Dcs session = open(client, Duration.ofMillis(2300));
            assertThat(session.capabilities().ttl()).as("whole seconds").isEqualTo(Duration.ofSeconds(3));
            session.register("n", "{}", TIMEOUT);
            assertThat(threads()).contains("etcd-" + path);
            session.close();
            assertThat(threads()).doesNotContain("etcd-" + path);
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    private static Lock acquire(Dcs session, LockClaim claim) {
        return ((Acquired) session.acquire(claim, TIMEOUT)).lock();
    }

    private static DcsClient client() {
        return client(Servers.one());
    }

    private static DcsClient client(StoreServers servers) {
        return new Etcd3Provider()
                .connect(Map.of("host", servers.addresses().get(0).getHostString()), EtcdFixture.CLOCK);
    }

    private Dcs open(DcsClient client, Duration ttl) {
        return client.open(new Scope(path, path, ttl));
    }
}

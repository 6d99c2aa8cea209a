// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static dev.primacy.dcs.etcd.Expect.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.AcquireOutcome.Acquired;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.FaultProxy;
import dev.primacy.dcs.testkit.server.EtcdServers;
import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.MemberAddRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that come, go, freeze, and lie. */
class ClusterTest {
    private final String path = EtcdFixture.newPath();

    @Test
    void losingTheRaftLeaderCostsNoLock() {
        try (EtcdServers servers = EtcdServers.start(3);
                Dcs session = open(hosts(servers))) {
            Lock lock = ((Acquired) session.acquire(LockClaim.free("n"), TIMEOUT)).lock();
            for (int i = 0; i < 3; i++) {
                servers.kill(servers.leader());
                assertThat(session.renew(lock, Optional.of("round " + i), TIMEOUT))
                        .isInstanceOf(RenewOutcome.Renewed.class);
                assertThat(session.snapshot(TIMEOUT).leader()).hasValue(lock);
                servers.heal();
            }
        }
    }

    @Test
    void aFrozenMemberDoesNotEatTheWholeTimeout() {
        try (EtcdServers servers = EtcdServers.start(3)) {
            for (int frozen = 0; frozen < 3; frozen++) {
                try (Dcs session = open(hosts(servers))) {
                    session.register("n", "{}", TIMEOUT);
                    servers.freeze(frozen);
                    assertThat(session.snapshot(TIMEOUT).members()).containsKey("n");
                    Lock lock = ((Acquired) session.acquire(LockClaim.free("n"), TIMEOUT)).lock();
                    assertThat(session.renew(lock, Optional.of("1"), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
                }
                servers.heal();
            }
        }
    }

    @Test
    void membersAreLearnedFromTheStoreAndOutliveTheConfiguredOne() {
        try (EtcdServers servers = EtcdServers.start(3);
                EtcdClient client = client(List.of(hosts(servers).get(0)));
                Dcs session = client.open(new Scope(path, "s", EtcdFixture.TTL))) {
            session.register("n", "{}", TIMEOUT);
            refresh(client);
            assertThat(addresses(client)).hasSize(3);
            servers.kill(0);
            assertThat(session.snapshot(TIMEOUT).members()).containsKey("n");
        }
    }

    @Test
    void aMemberThatIsAddedAtRunTimeIsUsed(@TempDir Path folder) {
        try (EtcdServers first = EtcdServers.start(1);
                EtcdClient client = client(hosts(first));
                Dcs session = client.open(new Scope(path, "s", EtcdFixture.TTL));
                Foreign admin = new Foreign(first.addresses().get(0))) {
            session.register("n", "{}", TIMEOUT);
            String host = Local.nextHost();
            String peer = "http://" + host + ":2380";
            var unused = ClusterGrpc.newBlockingStub(admin.channel())
                    .memberAdd(MemberAddRequest.newBuilder().addPeerURLs(peer).build());
            String old = first.addresses().get(0).getHostString();
            try (EtcdServers second = EtcdServers.start(
                    1,
                    "http",
                    List.of(
                            "--name=added",
                            "--data-dir=" + folder.resolve("added"),
                            "--listen-peer-urls=" + peer,
                            "--initial-advertise-peer-urls=" + peer,
                            "--initial-cluster=etcd-0=http://" + old + ":2380,added=" + peer,
                            "--initial-cluster-state=existing"))) {
                refresh(client);
                assertThat(addresses(client))
                        .containsExactlyInAnyOrder(
                                new Address(old, 2379, false),
                                new Address(second.addresses().get(0).getHostString(), 2379, false));
                Expect.works(session);
            }
        }
    }

    @Test
    void proxiesAreNotPassedBy() {
        try (FaultProxy proxy = new FaultProxy(Servers.three().addresses());
                EtcdClient client = new EtcdClient(
                        Options.of("etcd3", Map.of("proxy", "http://" + proxy.address())), EtcdFixture.CLOCK);
                Dcs session = client.open(new Scope(path, "s", EtcdFixture.TTL))) {
            refresh(client);
            Expect.works(session);
            assertThat(addresses(client)).hasSize(1);
        }
    }

    @Test
    void anotherClusterIsNotBelieved() {
        try (EtcdServers one = EtcdServers.start(1);
                FaultProxy network = new FaultProxy(firstThen(one, Servers.one()));
                Dcs session = openBehind(network)) {
            session.register("n", "{}", TIMEOUT);
            network.reset();
            assertThatThrownBy(() -> session.snapshot(Duration.ofSeconds(1)))
                    .isInstanceOf(DcsException.Unreachable.class)
                    .hasMessageContaining("belongs to cluster");
            assertThatThrownBy(() -> session.acquire(LockClaim.free("n"), Duration.ofSeconds(1)))
                    .isInstanceOf(DcsException.class)
                    .isNotInstanceOf(DcsException.Rejected.class);
        }
    }

    @Test
    void aStoreRestoredFromABackupIsNotBelieved(@TempDir Path folder) throws IOException {
        Path data = folder.resolve("data");
        try (EtcdServers servers = EtcdServers.start(1, "http", List.of("--data-dir=" + data));
                Dcs session = openBehind(servers.addresses())) {
            session.write(RecordWrite.blind(RecordKey.CONFIG, "old"), TIMEOUT);
            servers.kill(0);
            copy(data, folder.resolve("backup"));
            servers.heal();
            session.write(RecordWrite.blind(RecordKey.CONFIG, "new"), TIMEOUT);
            Acquired held = (Acquired) session.acquire(LockClaim.free("n"), TIMEOUT);
            servers.kill(0);
            delete(data);
            copy(folder.resolve("backup"), data);
            servers.heal();
            assertThatThrownBy(() -> session.snapshot(Duration.ofSeconds(2)))
                    .isInstanceOf(DcsException.Unreachable.class)
                    .hasMessageContaining("restored from a backup");
            assertThatThrownBy(() -> session.renew(held.lock(), Optional.empty(), Duration.ofSeconds(2)))
                    .isInstanceOf(DcsException.class)
                    .hasMessageContaining("restart this program on all nodes");
            try (Dcs restarted = openBehind(servers.addresses())) {
                assertThat(restarted
                                .snapshot(TIMEOUT)
                                .record(RecordKey.CONFIG)
                                .orElseThrow()
                                .value())
                        .isEqualTo("old");
            }
        }
    }

    /** For the first connection, and for many that follow. */
    private static List<InetSocketAddress> firstThen(EtcdServers first, EtcdServers others) {
        return Stream.concat(
                        first.addresses().stream(),
                        Collections.nCopies(100, others.addresses().get(0)).stream())
                .toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void refresh(EtcdClient client) {
        client.store().membership().refresh(new Call("listing members", client.store(), TIMEOUT));
    }

    private static List<Address> addresses(EtcdClient client) {
        return client.store().endpoints().all().stream().map(Endpoint::address).toList();
    }

    private static List<String> hosts(EtcdServers servers) {
        return servers.addresses().stream()
                .map(InetSocketAddress::getHostString)
                .toList();
    }

    private static EtcdClient client(List<String> hosts) {
        return new EtcdClient(Options.of("etcd3", Map.of("hosts", hosts)), EtcdFixture.CLOCK);
    }

    private Dcs open(List<String> hosts) {
        return new Etcd3Provider()
                .open(new Scope(path, "s", EtcdFixture.TTL), Map.of("hosts", hosts), EtcdFixture.CLOCK);
    }

    private Dcs openBehind(FaultProxy network) {
        return new Etcd3Provider()
                .open(
                        new Scope(path, "s", EtcdFixture.TTL),
                        Map.of("host", network.address(), "use_proxies", true),
                        EtcdFixture.CLOCK);
    }

    private Dcs openBehind(List<InetSocketAddress> addresses) {
        return open(addresses.stream().map(InetSocketAddress::getHostString).toList());
    }
}

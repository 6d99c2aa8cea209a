// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.FaultProxy;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.Certificates;
import dev.primacy.dcs.testkit.server.KubernetesServers;
import dev.primacy.time.BootClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Two API servers, each behind a network of its own, and a service in front of both. */
@Execution(ExecutionMode.SAME_THREAD)
class BypassTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final KubernetesServers SERVERS = Cluster.start(2);
    /** Not in the servers' certificates, which name the service's. */
    private static final InetAddress HOST = host();

    private final Cluster cluster = new Cluster(SERVERS, Kind.ENDPOINTS);
    private final FaultProxy service = new FaultProxy(SERVERS.addresses());
    private final List<FaultProxy> servers = SERVERS.addresses().stream()
            .map(server -> new FaultProxy(List.of(server), HOST))
            .toList();

    private static InetAddress host() {
        try {
            return InetAddress.getByName("127.99.99.99");
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    BypassTest() {
        SERVERS.announce(servers.stream()
                .map(proxy -> new InetSocketAddress(
                        HOST, Integer.parseInt(proxy.address().split(":", -1)[1])))
                .toList());
    }

    @AfterEach
    void endNetworks() {
        service.close();
        servers.forEach(FaultProxy::close);
    }

    @AfterAll
    static void end() {
        SERVERS.close();
    }

    private Dcs open(String user, String session) {
        return new KubernetesProvider()
                .open(
                        new DcsClient.Scope("/service/demo", session, Duration.ofSeconds(30)),
                        cluster.section(user, service.address(), Map.of("bypass_api_service", true)),
                        BootClock.system());
    }

    private void mayBypass() {
        if (SERVERS.ask(Cluster.AGENT, "GET", "/api/v1/namespaces/default/endpoints/kubernetes", "")
                        .statusCode()
                != 200) {
            cluster.grant("bypass", Cluster.AGENT, "default", "/api/v1/namespaces/default/endpoints/kubernetes");
        }
    }

    /** Once the servers are known, nothing needs the service any more. */
    private void cutService(Dcs dcs) {
        Cluster.await("the servers are asked themselves", () -> {
            RealTime.pass(BootClock.system(), Duration.ofMillis(200));
            service.cut();
            try {
                dcs.snapshot(Duration.ofMillis(500));
                return true;
            } catch (DcsException e) {
                service.heal();
                return false;
            }
        });
    }

    @Test
    void verbsAndWatchesGoPastTheService() {
        mayBypass();
        try (Dcs a = open(Cluster.AGENT, "a");
                Dcs b = open(Cluster.AGENT, "b")) {
            cutService(a);
            cutService(b);
            AtomicInteger hints = new AtomicInteger();
            a.watch(hints::incrementAndGet);
            Lock lock = ((AcquireOutcome.Acquired) a.acquire(LockClaim.free("pg1"), TIMEOUT)).lock();
            Cluster.await("a hint", () -> hints.get() > 0);
            AtomicInteger number = new AtomicInteger();
            Cluster.await("hints of what another session does", () -> {
                int before = hints.get();
                b.write(RecordWrite.blind(RecordKey.CONFIG, "{\"n\":" + number.incrementAndGet() + "}"), TIMEOUT);
                Cluster.await("a hint", () -> hints.get() > before);
                return true;
            });
            assertThat(a.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
        }
    }

    /** One of the two is the one that was asked, and the time for the verb is long enough to ask the other. */
    @Test
    void aServerThatHangsOrIsGoneIsLeftForTheNext() {
        mayBypass();
        try (Dcs dcs = open(Cluster.AGENT, "a")) {
            cutService(dcs);
            service.heal();
            Lock lock = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("pg1"), TIMEOUT)).lock();
            for (FaultProxy server : servers) {
                server.freeze();
                assertThat(dcs.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
                server.heal();
            }
            for (FaultProxy server : servers) {
                server.cut();
                assertThat(dcs.snapshot(TIMEOUT).leader()).hasValue(lock);
            }
            assertThat(dcs.renew(lock, Optional.empty(), TIMEOUT))
                    .as("over the service, when no server can be reached itself")
                    .isInstanceOf(RenewOutcome.Renewed.class);
        }
    }

    @Test
    void withoutTheRightItGoesOnOverTheService() {
        cluster.grant("endpoints", "nobody", cluster.namespace(), Kind.ENDPOINTS.path(cluster.namespace()));
        try (Dcs dcs = open("nobody", "a")) {
            Lock lock = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("pg1"), TIMEOUT)).lock();
            servers.forEach(FaultProxy::cut);
            assertThat(dcs.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
            service.cut();
            assertThatThrownBy(() -> dcs.snapshot(Duration.ofSeconds(1))).isInstanceOf(DcsException.Unreachable.class);
        }
    }

    @Test
    void aServerMustProveTheNameOfTheService(@TempDir Path folder) throws Exception {
        Certificates certificates = new Certificates(folder);
        X509TrustManager authority = trusting(certificates.authority());
        ServiceTrust byName =
                new ServiceTrust(authority, new KeyManager[0], URI.create("https://api.example.org:6443"));
        ServiceTrust byAddress = new ServiceTrust(authority, new KeyManager[0], URI.create("https://[fd00::1]:443"));
        X509Certificate[] right = read(certificates
                .issue("any", List.of("API.example.org", "fd00:0:0::1"))
                .certificate());
        assertThatCode(() -> byName.checkServerTrusted(right, "UNKNOWN")).doesNotThrowAnyException();
        assertThatCode(() -> byAddress.checkServerTrusted(right, "UNKNOWN")).doesNotThrowAnyException();
        X509Certificate[] wild =
                read(certificates.issue("any", List.of("*.example.org")).certificate());
        assertThatCode(() -> byName.checkServerTrusted(wild, "UNKNOWN")).doesNotThrowAnyException();
        X509Certificate[] other = read(certificates
                .issue("api.example.org", List.of("example.org", "*.org", "10.0.0.1"))
                .certificate());
        assertThatThrownBy(() -> byName.checkServerTrusted(other, "UNKNOWN"))
                .hasMessageContaining("not valid for api.example.org");
        assertThatThrownBy(() -> byAddress.checkServerTrusted(other, "UNKNOWN"))
                .hasMessageContaining("not valid for fd00::1");
        X509Certificate[] nameless =
                read(certificates.issue("api.example.org", List.of()).certificate());
        assertThatThrownBy(() -> byName.checkServerTrusted(nameless, "UNKNOWN")).hasMessageContaining("not valid");
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        X509Certificate[] foreign = read(new Certificates(elsewhere)
                .issue("any", List.of("api.example.org"))
                .certificate());
        assertThatThrownBy(() -> byName.checkServerTrusted(foreign, "UNKNOWN")).hasMessageContaining("PKIX");
    }

    private static X509Certificate[] read(Path pem) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            return new X509Certificate[] {
                (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in)
            };
        }
    }

    private static X509TrustManager trusting(Path authority) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", read(authority)[0]);
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        return (X509TrustManager)
                Arrays.stream(managers.getTrustManagers()).findFirst().orElseThrow();
    }
}

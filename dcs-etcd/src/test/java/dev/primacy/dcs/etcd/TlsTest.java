// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static dev.primacy.dcs.etcd.Expect.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.testkit.server.Certificates;
import dev.primacy.dcs.testkit.server.Certificates.Pair;
import dev.primacy.dcs.testkit.server.EtcdServers;
import dev.primacy.time.MonotonicInstant;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that asks for client certificates, whose common names are its users. */
class TlsTest {
    private static final String HOST = Local.nextHost();
    private static Path folder;
    private static Certificates certificates;
    private static EtcdServers servers;

    @BeforeAll
    static void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        certificates = new Certificates(folder);
        Pair root = certificates.issue("root", List.of(HOST));
        servers = start(HOST, certificates.issue("server", List.of(HOST)));
        try (Foreign admin = new Foreign(
                HOST,
                TlsChannelCredentials.newBuilder()
                        .trustManager(certificates.authority().toFile())
                        .keyManager(root.certificate().toFile(), root.key().toFile())
                        .build())) {
            admin.enableAuth("primacy", "unused");
        }
    }

    private static EtcdServers start(String host, Pair certificate) {
        return EtcdServers.start(
                1,
                "https",
                List.of(
                        "--listen-client-urls=https://" + host + ":2379",
                        "--advertise-client-urls=https://" + host + ":2379",
                        "--cert-file=" + certificate.certificate(),
                        "--key-file=" + certificate.key(),
                        "--trusted-ca-file=" + certificates.authority(),
                        "--client-cert-auth=true"));
    }

    @AfterAll
    static void end() {
        servers.close();
    }

    @Test
    void theUserIsWhomTheCertificateNames() {
        try (Dcs session = open(HOST, certificates.authority(), certificates.issue("primacy", List.of(HOST)))) {
            Expect.works(session);
        }
    }

    @Test
    void oneFileMayHoldCertificateAndKey() throws IOException {
        Pair pair = certificates.issue("primacy", List.of(HOST));
        Path both = Files.writeString(
                folder.resolve("both.pem"), Files.readString(pair.certificate()) + Files.readString(pair.key()));
        try (Dcs session = open(HOST, certificates.authority(), new Pair(both, both))) {
            Expect.works(session);
        }
    }

    @Test
    void aCertificateOfAnUnknownUserIsRejected() {
        try (Dcs session = open(HOST, certificates.authority(), certificates.issue("stranger", List.of(HOST)))) {
            Expect.rejected(() -> session.snapshot(TIMEOUT), "reading /service/");
        }
    }

    @Test
    void noCertificateOrAnExpiredOneIsRejected() {
        try (Dcs session = open(HOST, Map.of("cacert", certificates.authority()))) {
            Expect.rejected(() -> session.snapshot(TIMEOUT), "check protocol, cacert, cert and key");
        }
        try (Dcs session = open(HOST, certificates.authority(), certificates.expired("primacy", List.of(HOST)))) {
            Expect.rejected(() -> session.snapshot(TIMEOUT), "check protocol, cacert, cert and key");
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsRejected() throws IOException {
        Certificates others = new Certificates(Files.createTempDirectory(folder, "others"));
        try (Dcs session = open(HOST, others.authority(), certificates.issue("primacy", List.of(HOST)))) {
            Expect.rejected(() -> session.snapshot(TIMEOUT), "PKIX");
        }
    }

    @Test
    void aServerOfAnotherNameIsRejected() {
        String host = Local.nextHost();
        Pair client = certificates.issue("primacy", List.of(HOST));
        try (EtcdServers other = start(host, certificates.issue("server", List.of("127.0.0.1")));
                Dcs session = open(host, certificates.authority(), client)) {
            assertThat(other.count()).isOne();
            Expect.rejected(() -> session.snapshot(TIMEOUT), "check protocol, cacert, cert and key");
        }
    }

    @Test
    void anExpiredServerIsRejected() {
        String host = Local.nextHost();
        Pair client = certificates.issue("primacy", List.of(HOST));
        try (EtcdServers other = start(host, certificates.expired("server", List.of(host)));
                Dcs session = open(host, certificates.authority(), client)) {
            assertThat(other.count()).isOne();
            Expect.rejected(() -> session.snapshot(TIMEOUT), "check protocol, cacert, cert and key");
        }
    }

    @Test
    void whoDoesNotSpeakTlsGetsNowhereInTime() {
        Duration timeout = Duration.ofMillis(700);
        try (Dcs session = new Etcd3Provider()
                .open(
                        new Scope(EtcdFixture.newPath(), "s", EtcdFixture.TTL),
                        Map.of("host", HOST),
                        EtcdFixture.CLOCK)) {
            MonotonicInstant start = EtcdFixture.CLOCK.now();
            assertThat(catchThrowable(() -> session.snapshot(timeout))).isInstanceOf(DcsException.Unreachable.class);
            assertThat(start.until(EtcdFixture.CLOCK.now())).isLessThan(timeout.plusMillis(500));
        }
    }

    @Test
    void aKeyThatIsNoneIsNamedAtOnce() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.pem"), "no certificate");
        assertThatThrownBy(() -> open(HOST, Map.of("cacert", broken)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cacert, cert or key cannot be used");
        assertThatThrownBy(() -> open(HOST, certificates.authority(), new Pair(broken, broken)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PKCS#8");
    }

    private static Dcs open(String host, Path authority, Pair client) {
        return open(host, Map.of("cacert", authority, "cert", client.certificate(), "key", client.key()));
    }

    private static Dcs open(String host, Map<String, Object> files) {
        Map<String, Object> section = new HashMap<>(files);
        section.put("host", host);
        section.put("protocol", "https");
        return new Etcd3Provider()
                .open(new Scope(EtcdFixture.newPath(), "s", EtcdFixture.TTL), section, EtcdFixture.CLOCK);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.server.Certificates;
import dev.primacy.dcs.testkit.server.ZooKeeperServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.server.auth.DigestAuthenticationProvider;
import org.apache.zookeeper.util.PemReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates, ACLs and passwords, right and wrong, against a real server. */
class SecurityTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofSeconds(6);
    private static final Duration SLACK = Duration.ofSeconds(2);
    private static final List<String> HERE = List.of("127.0.0.1");
    private static final MonotonicClock CLOCK = BootClock.system();
    private static final AtomicInteger SCOPES = new AtomicInteger();
    private static final Map<String, Object> OPEN_TO_US = Map.of("digest:" + digest("me:geheim"), List.of("ALL"));

    private static Path folder;
    private static Certificates authority;
    private static Certificates.Pair own;
    private static SecureServer server;
    private final String path = "/secure-" + SCOPES.incrementAndGet() + "/demo";

    @BeforeAll
    static void start(@TempDir Path shared) throws IOException {
        folder = shared;
        authority = new Certificates(Files.createDirectory(folder.resolve("ours")));
        own = authority.issue("node", HERE);
        server = SecureServer.start(folder, authority, authority.issue("server", HERE));
        Path jaas = folder.resolve("client-jaas.conf");
        String module = " { org.apache.zookeeper.server.auth.DigestLoginModule required username=\"primacy\" password=";
        Files.writeString(jaas, "Right" + module + "\"geheim\"; };\nWrong" + module + "\"verraten\"; };\n");
        System.setProperty("java.security.auth.login.config", jaas.toString());
        Configuration.getConfiguration().refresh();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theRightCertificatesOpenTheStoreAndMakeItOurs() {
        Map<String, Object> section = tls(authority, own);
        section.put("set_acls", Map.of("CN=node", List.of("ALL")));
        try (Dcs dcs = open(section)) {
            AcquireOutcome.Acquired acquired = (AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("node"), TIMEOUT);
            assertThat(dcs.renew(acquired.lock(), Optional.of("{}"), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
            assertThat(dcs.snapshot(TIMEOUT).isHeldBy(acquired.lock())).isTrue();
            try (Dcs other = open(tls(authority, authority.issue("other", HERE)))) {
                assertNoPermission(other);
            }
        }
    }

    @Test
    void anEncryptedKeyNeedsItsPassword() throws Exception {
        Path encrypted = folder.resolve("encrypted.key");
        encrypt(own.key(), encrypted);
        Map<String, Object> section = tls(authority, new Certificates.Pair(own.certificate(), encrypted));
        section.put("key_password", "geheim");
        try (Dcs dcs = open(section)) {
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
        }
        section.put("key_password", "verraten");
        assertThatThrownBy(() -> open(section))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(encrypted.toString())
                .hasMessageContaining("key_password")
                .hasMessageNotContaining("verraten");
    }

    /** As {@code openssl pkcs8 -topk8} does it. */
    private static void encrypt(Path plain, Path encrypted) throws IOException, GeneralSecurityException {
        String algorithm = "PBEWithHmacSHA256AndAES_256";
        SecretKey secret =
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec("geheim".toCharArray()));
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.ENCRYPT_MODE, secret);
        byte[] key = PemReader.loadPrivateKey(plain.toFile(), Optional.empty()).getEncoded();
        AlgorithmParameters framed = AlgorithmParameters.getInstance("PBES2");
        framed.init(cipher.getParameters().getEncoded());
        byte[] wrapped = new EncryptedPrivateKeyInfo(framed, cipher.doFinal(key)).getEncoded();
        Files.writeString(
                encrypted,
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(wrapped) + "\n-----END ENCRYPTED PRIVATE KEY-----\n");
    }

    @Test
    void keyAndCertificateMayShareAFile() throws Exception {
        Path both = folder.resolve("both.pem");
        Files.writeString(both, Files.readString(own.certificate()) + Files.readString(own.key()));
        Map<String, Object> section = tls(authority, own);
        section.put("cert", both.toString());
        section.remove("key");
        try (Dcs dcs = open(section)) {
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
        }
    }

    @Test
    void aRenewedCertificateIsTakenOver() throws Exception {
        Path certificate = folder.resolve("renewed.crt");
        Path key = folder.resolve("renewed.key");
        Certificates.Pair expired = authority.expired("node", HERE);
        Files.copy(expired.certificate(), certificate);
        Files.copy(expired.key(), key);
        try (Dcs dcs = open(tls(authority, new Certificates.Pair(certificate, key)))) {
            assertUnreachable(dcs, "certificate");
            Files.writeString(certificate, Files.readString(own.certificate()));
            Files.writeString(key, Files.readString(own.key()));
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsNotBelieved() {
        Certificates others = new Certificates(folder);
        try (Dcs dcs = open(tls(others, own))) {
            assertUnreachable(dcs, "PKIX path");
            assertThat(problem(() -> dcs.acquire(LockClaim.free("node"), SHORT)))
                    .isInstanceOf(DcsException.Unreachable.class)
                    .hasMessageContaining("PKIX path");
        }
    }

    @Test
    void aServerWhoseCertificateIsOverOrForAnotherHostIsNotBelieved() throws IOException {
        try (SecureServer old = SecureServer.start(folder, authority, authority.expired("server", HERE))) {
            Map<String, Object> section = tls(authority, own);
            section.put("hosts", old.tls());
            try (Dcs dcs = open(section)) {
                assertUnreachable(dcs, "NotAfter");
            }
        }
        Map<String, Object> section = tls(authority, own);
        section.put("hosts", server.tls().replace("127.0.0.1", "localhost"));
        try (Dcs dcs = open(section)) {
            assertUnreachable(dcs, "localhost");
        }
        section.put("check_hostname", false);
        try (Dcs dcs = open(section)) {
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
        }
    }

    @Test
    void aClientWithoutACertificateOrWithOneThatIsOverIsTurnedAway() {
        Map<String, Object> without = tls(authority, own);
        without.remove("cert");
        without.remove("key");
        try (Dcs dcs = open(without)) {
            assertUnreachable(dcs, "certificate");
        }
        try (Dcs dcs = open(tls(authority, authority.expired("node", HERE)))) {
            assertUnreachable(dcs, "certificate");
        }
    }

    @Test
    void tlsToAPlainPortAndPlainToATlsPortFailInTime() {
        Map<String, Object> section = tls(authority, own);
        section.put("hosts", server.plain());
        try (Dcs dcs = open(section)) {
            assertUnreachable(dcs, "the TLS handshake");
        }
        try (Dcs dcs = open(plain(Map.of("hosts", server.tls())))) {
            assertUnreachable(dcs, "no connection");
        }
    }

    /** What is wrong with a handshake is known only when one has ended, which may take longer than the first verb. */
    private void assertUnreachable(Dcs dcs, String reason) {
        Throwable problem = problem(() -> dcs.snapshot(SHORT));
        for (int again = 0; again < 5 && !problem.toString().contains(reason); again++) {
            problem = problem(() -> dcs.snapshot(SHORT));
        }
        assertThat(problem)
                .isInstanceOf(DcsException.Unreachable.class)
                .hasMessageStartingWith("reading " + path + ": no connection from ZooKeeper (")
                .hasMessageContaining(reason);
    }

    @Test
    void aDigestOpensWhatItWasPutOn() {
        Map<String, Object> section = plain(Map.of("set_acls", OPEN_TO_US, "auth_data", Map.of("digest", "me:geheim")));
        try (Dcs dcs = open(section)) {
            dcs.register("node", "{}", TIMEOUT);
            dcs.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT);
            AcquireOutcome outcome = dcs.acquire(LockClaim.free("node"), TIMEOUT);
            assertThat(outcome).isInstanceOf(AcquireOutcome.Acquired.class);
            try (Dcs nobody = open(plain(Map.of()));
                    Dcs wrong = open(plain(Map.of("auth_data", Map.of("digest", "me:verraten"))))) {
                assertNoPermission(nobody);
                assertNoPermission(wrong);
            }
            assertThat(dcs.snapshot(TIMEOUT).members()).containsKey("node");
        }
    }

    private void assertNoPermission(Dcs dcs) {
        assertThat(problem(() -> dcs.snapshot(SHORT)))
                .isInstanceOf(DcsException.Rejected.class)
                .hasMessageStartingWith("reading " + path + ": NOAUTH")
                .hasMessageContaining("check that auth_data");
        assertThat(problem(() -> dcs.write(RecordWrite.blind(RecordKey.CONFIG, "x"), SHORT)))
                .isInstanceOf(DcsException.Rejected.class)
                .hasMessageContaining(path + "/config");
        assertThat(problem(() -> dcs.register("node", "x", SHORT)))
                .isInstanceOf(DcsException.Rejected.class)
                .hasMessageContaining(path + "/members");
        assertThat(problem(() -> dcs.acquire(LockClaim.free("x"), SHORT))).isInstanceOf(DcsException.Rejected.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Right", "Wrong"})
    void saslTakesTheEntryThatItIsTold(String entry) {
        Map<String, Object> section =
                plain(Map.of("jaas_section", entry, "set_acls", Map.of("sasl:primacy", List.of("ALL"))));
        try (Dcs dcs = open(section)) {
            if (entry.equals("Right")) {
                dcs.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT);
                try (Dcs nobody = open(plain(Map.of()))) {
                    assertNoPermission(nobody);
                }
            } else {
                assertRefused(dcs);
            }
        }
    }

    @Test
    void aSchemeThatTheServersDoNotKnowIsRefused() {
        try (Dcs dcs = open(plain(Map.of("auth_data", Map.of("unheard", "geheim"))))) {
            assertRefused(dcs);
        }
    }

    private void assertRefused(Dcs dcs) {
        for (int round = 0; round < 3; round++) {
            assertThat(problem(() -> dcs.snapshot(SHORT)))
                    .isInstanceOf(DcsException.Rejected.class)
                    .hasMessageStartingWith("reading " + path)
                    .hasMessageContaining("refuse the credentials; check auth_data");
        }
        assertThat(problem(() -> dcs.acquire(LockClaim.free("x"), SHORT))).isInstanceOf(DcsException.Rejected.class);
    }

    /** What it threw, which must be in time and give no secret away. */
    private static Throwable problem(Runnable verb) {
        MonotonicInstant start = CLOCK.now();
        Throwable thrown = catchThrowable(verb::run);
        assertThat(start.until(CLOCK.now())).isLessThan(SHORT.plus(SLACK));
        assertThat(thrown).hasMessageNotContaining("geheim").hasMessageNotContaining("verraten");
        return thrown;
    }

    private static Map<String, Object> tls(Certificates authority, Certificates.Pair pair) {
        Map<String, Object> section = plain(Map.of());
        section.put("hosts", server.tls());
        section.put("use_ssl", true);
        section.put("cacert", authority.authority().toString());
        section.put("cert", pair.certificate().toString());
        section.put("key", pair.key().toString());
        return section;
    }

    private static Map<String, Object> plain(Map<String, Object> more) {
        Map<String, Object> section = new HashMap<>();
        section.put("hosts", server.plain());
        section.put("tick_time", ZooKeeperServers.TICK_MILLIS);
        section.putAll(more);
        return section;
    }

    private Dcs open(Map<String, Object> section) {
        return new ZooKeeperProvider().open(new Scope(path, "test", Duration.ofSeconds(10)), section, CLOCK);
    }

    private static String digest(String password) {
        try {
            return DigestAuthenticationProvider.generateDigest(password);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

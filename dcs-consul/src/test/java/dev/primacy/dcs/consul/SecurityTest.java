// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.testkit.FaultProxy;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.Certificates;
import dev.primacy.dcs.testkit.server.ConsulServers;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that asks for a certificate and for a token. */
class SecurityTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String ROOT = "8d7a5b1e-0000-4000-8000-000000000001";
    private static final String LIMITED = "8d7a5b1e-0000-4000-8000-000000000002";
    private static final String NO_SESSION = "8d7a5b1e-0000-4000-8000-000000000003";
    private static final String WRONG = "8d7a5b1e-0000-4000-8000-00000000dead";
    private static final int HTTPS = 8501;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static Certificates certificates;

    @SuppressWarnings("NullAway.Init")
    private static StoreServers servers;

    @SuppressWarnings("NullAway.Init")
    private static FaultProxy network;

    @BeforeAll
    static void start() {
        certificates = new Certificates(folder);
        Certificates.Pair server = certificates.issue("server", List.of("127.0.0.1"));
        servers = ConsulServers.start(
                1,
                List.of(
                        "-hcl=ports={https=" + HTTPS + "} verify_incoming_https=true ca_file=\""
                                + certificates.authority() + "\" cert_file=\"" + server.certificate() + "\" key_file=\""
                                + server.key() + "\"",
                        "-hcl=acl={enabled=true default_policy=\"deny\" tokens={master=\"" + ROOT + "\"}}"));
        network = proxy();
        token(
                LIMITED,
                "limited",
                "key_prefix \"service/ours/\" {policy=\"write\"} session_prefix \"\" {policy=\"write\"}");
        token(NO_SESSION, "no-session", "key_prefix \"service/ours/\" {policy=\"write\"}");
    }

    private static FaultProxy proxy() {
        return new FaultProxy(
                List.of(new InetSocketAddress(servers.addresses().get(0).getHostString(), HTTPS)));
    }

    @AfterAll
    static void stop() {
        network.close();
        servers.close();
    }

    private static void token(String token, String name, String rules) {
        Foreign root = new Foreign(servers.addresses().get(0), ROOT);
        MonotonicInstant end = BootClock.system().now().plus(Duration.ofSeconds(20));
        while (true) {
            try {
                root.put("acl/policy", "{\"Name\":\"" + name + "\",\"Rules\":\"" + rules.replace("\"", "\\\"") + "\"}");
                break;
            } catch (IllegalStateException e) {
                // A new server takes a while until it has its ACL system.
                assertThat(BootClock.system().now()).as(e.getMessage()).isLessThan(end);
                RealTime.pass(BootClock.system(), Duration.ofMillis(100));
            }
        }
        root.put("acl/token", "{\"SecretID\":\"" + token + "\",\"Policies\":[{\"Name\":\"" + name + "\"}]}");
    }

    @Test
    void aTokenThatMayDoItAllDoesItAll() {
        try (Dcs dcs = open("/service/ours/a", section(LIMITED))) {
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
            dcs.acquire(LockClaim.free("a"), TIMEOUT);
            dcs.register("a", "{}", TIMEOUT);
            assertThat(dcs.snapshot(TIMEOUT).leader()).isPresent();
            assertThat(dcs.snapshot(TIMEOUT).members()).containsKey("a");
        }
    }

    @Test
    void aTokenThatMayNotIsRejected() {
        try (Dcs dcs = open("/service/theirs", section(LIMITED))) {
            assertRejected("service/theirs", LIMITED, () -> dcs.snapshot(TIMEOUT));
            assertRejected(
                    "service/theirs/config",
                    LIMITED,
                    () -> dcs.write(RecordWrite.blind(RecordKey.CONFIG, "x"), TIMEOUT));
            assertRejected(
                    "service/theirs/config",
                    LIMITED,
                    () -> dcs.write(RecordWrite.create(RecordKey.CONFIG, "x"), TIMEOUT));
            assertRejected("service/theirs/leader", LIMITED, () -> dcs.acquire(LockClaim.free("a"), TIMEOUT));
            assertRejected("service/theirs/members/a", LIMITED, () -> dcs.register("a", "{}", TIMEOUT));
        }
    }

    @Test
    void aTokenWithoutSessionsIsRejectedWhereOneIsNeeded() {
        try (Dcs dcs = open("/service/ours/b", section(NO_SESSION))) {
            dcs.write(RecordWrite.blind(RecordKey.CONFIG, "x"), TIMEOUT);
            assertThat(dcs.snapshot(TIMEOUT).record(RecordKey.CONFIG)).isPresent();
            assertRejected("service/ours/b/leader", NO_SESSION, () -> dcs.acquire(LockClaim.free("a"), TIMEOUT));
        }
    }

    @Test
    void aWrongTokenAndNoTokenAreRejected() {
        try (Dcs wrong = open("/service/ours/c", section(WRONG));
                Dcs none = open("/service/ours/c", tls(certificates.issue("client", List.of())))) {
            assertRejected("service/ours/c", WRONG, () -> wrong.snapshot(TIMEOUT));
            assertRejected("service/ours/c/leader", WRONG, () -> wrong.acquire(LockClaim.free("a"), TIMEOUT));
            assertRejected("service/ours/c", WRONG, () -> none.snapshot(TIMEOUT));
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsRejected() {
        Map<String, Object> section = section(LIMITED);
        section.put("cacert", another("authority").authority().toString());
        try (Dcs dcs = open("/service/ours/d", section)) {
            assertRejected("service/ours/d", LIMITED, () -> dcs.snapshot(TIMEOUT));
            assertRejected("service/ours/d", LIMITED, () -> dcs.write(RecordWrite.blind(RecordKey.SYNC, ""), TIMEOUT));
        }
        section.put("verify", false);
        try (Dcs dcs = open("/service/ours/d", section)) {
            assertThat(dcs.snapshot(TIMEOUT).records()).isEmpty();
        }
    }

    @Test
    void aServerOfAnotherNameIsRejected() {
        Map<String, Object> section = section(LIMITED);
        section.put("url", "https://" + network.address().replace("127.0.0.1", "localhost"));
        try (Dcs dcs = open("/service/ours/e", section)) {
            assertRejected("service/ours/e", LIMITED, () -> dcs.snapshot(TIMEOUT));
        }
    }

    @Test
    void anExpiredAForeignAndAMissingClientCertificateEndInTimeWithOneError() {
        Certificates.Pair foreign = another("client").issue("client", List.of());
        Map<String, Object> missing = tls(foreign);
        missing.remove("cert");
        missing.remove("key");
        for (Map<String, Object> section :
                List.of(tls(certificates.expired("client", List.of())), tls(foreign), missing)) {
            section.put("token", LIMITED);
            try (Dcs dcs = open("/service/ours/f", section)) {
                MonotonicInstant start = BootClock.system().now();
                assertThatThrownBy(() -> dcs.snapshot(TIMEOUT))
                        .isInstanceOfAny(DcsException.Rejected.class, DcsException.Unreachable.class)
                        .hasMessageStartingWith("reading service/ours/f: ")
                        .hasMessageNotContaining(LIMITED);
                assertThat(start.until(BootClock.system().now())).isLessThan(TIMEOUT);
            }
        }
    }

    @Test
    void manyWatchesAndVerbsShareAConnection() throws InterruptedException {
        int scopes = 30;
        try (FaultProxy own = proxy();
                DcsClient client = connect(section(LIMITED, own))) {
            List<Dcs> opened = IntStream.range(0, scopes)
                    .mapToObj(i -> client.open(new DcsClient.Scope("/service/ours/g" + i, "a", Duration.ofSeconds(30))))
                    .toList();
            CountDownLatch first = new CountDownLatch(scopes);
            CountDownLatch second = new CountDownLatch(2 * scopes);
            opened.forEach(dcs -> dcs.watch(() -> {
                first.countDown();
                second.countDown();
            }));
            assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
            opened.forEach(dcs -> dcs.write(RecordWrite.blind(RecordKey.CONFIG, "x"), TIMEOUT));
            assertThat(second.await(20, TimeUnit.SECONDS)).as("a hint for each").isTrue();
            opened.forEach(Dcs::close);
        }
    }

    /** An authority that the server does not know. */
    private static Certificates another(String name) {
        try {
            return new Certificates(Files.createDirectory(folder.resolve("another-" + name)));
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private static void assertRejected(String key, String secret, ThrowingCallable verb) {
        assertThatThrownBy(verb)
                .isInstanceOf(DcsException.Rejected.class)
                .hasMessageContaining(key)
                .hasMessageNotContaining(secret);
    }

    private static Map<String, Object> section(String token) {
        return section(token, network);
    }

    private static Map<String, Object> section(String token, FaultProxy through) {
        Map<String, Object> section = tls(certificates.issue("client", List.of()));
        section.put("url", "https://" + through.address());
        section.put("token", token);
        return section;
    }

    private static Map<String, Object> tls(Certificates.Pair client) {
        return new HashMap<>(Map.of(
                "url", "https://" + network.address(),
                "cacert", certificates.authority().toString(),
                "cert", client.certificate().toString(),
                "key", client.key().toString()));
    }

    private static Dcs open(String path, Map<String, Object> section) {
        try (DcsClient client = connect(section)) {
            return client.open(new DcsClient.Scope(path, "a", Duration.ofSeconds(30)));
        }
    }

    private static DcsClient connect(Map<String, Object> section) {
        return new ConsulProvider().connect(section, BootClock.system());
    }
}

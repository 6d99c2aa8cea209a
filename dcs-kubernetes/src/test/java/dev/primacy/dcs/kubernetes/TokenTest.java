// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service account's token lies in a file and is exchanged there while we run. */
class TokenTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final MonotonicClock CLOCK = BootClock.system();

    @Test
    void theFileIsReadAgainEveryMinuteAndAtOnceWhenTheTokenIsNotGoodAnyMore(@TempDir Path account) throws IOException {
        MonotonicInstant start = CLOCK.now();
        AtomicLong passed = new AtomicLong();
        Path file = Files.writeString(account.resolve("token"), "first\n");
        Connection.TokenFile token = new Connection.TokenFile(file, () -> start.plus(Duration.ofSeconds(passed.get())));
        assertThat(token.getToken()).isEqualTo("first");
        Files.writeString(file, "second\n");
        passed.set(59);
        assertThat(token.getToken()).isEqualTo("first");
        passed.set(60);
        assertThat(token.getToken()).isEqualTo("second");
        Files.writeString(file, "third\n");
        token.forget();
        assertThat(token.getToken()).isEqualTo("third");
        Files.delete(file);
        passed.set(180);
        assertThat(token.getToken()).as("rather an old one than none").isEqualTo("third");
    }

    @Test
    void theLockIsKeptWhileTheTokenIsExchangedAndTheOldOneRevoked(@TempDir Path account) throws IOException {
        Cluster cluster = new Cluster(Cluster.one(), Kind.CONFIG_MAPS);
        String role = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + cluster.namespace() + "/rolebindings";
        cluster.servers().admin("POST", cluster.core("serviceaccounts"), "{\"metadata\":{\"name\":\"postgres\"}}");
        cluster.servers()
                .admin(
                        "POST",
                        role,
                        ("{'metadata':{'name':'postgres'},'subjects':[{'kind':'ServiceAccount','name':'postgres','namespace':'"
                                        + cluster.namespace() + "'}],'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
                                        + "'kind':'Role','name':'primacy-configmaps'}}")
                                .replace('\'', '"'));
        String first = token(cluster, "first");
        String second = token(cluster, "second");
        Cluster.await("the account's rights", () -> status(cluster, second) == 200);
        Files.copy(cluster.servers().authority(), account.resolve("ca.crt"));
        Files.writeString(account.resolve("token"), first);
        var server = cluster.servers().addresses().get(0);
        Options options = Options.of(Map.of("namespace", cluster.namespace()));
        Map<String, String> environment = Map.of(
                "KUBERNETES_SERVICE_HOST",
                server.getHostString(),
                "KUBERNETES_SERVICE_PORT",
                Integer.toString(server.getPort()));
        Connection connection =
                new Connection(options, Connection.config(options, environment, account, CLOCK), CLOCK, new Random());
        try (KubernetesDcs dcs = new KubernetesDcs(
                connection,
                options,
                CLOCK,
                InstantSource.system(),
                new DcsClient.Scope("/service/demo", "a", Duration.ofSeconds(30)),
                "a")) {
            Lock lock = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("pg1"), TIMEOUT)).lock();
            Files.writeString(account.resolve("token"), second);
            cluster.servers().admin("DELETE", cluster.core("secrets/first"), "");
            // The server itself remembers for a while that it was good.
            boolean good = true;
            while (good) {
                assertThat(dcs.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
                RealTime.pass(CLOCK, Duration.ofMillis(300));
                good = status(cluster, first) != 401;
            }
            assertThat(dcs.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
            assertThat(dcs.snapshot(TIMEOUT).leader()).hasValue(lock);
        } finally {
            connection.release();
        }
    }

    /** Good for as long as a secret of this name is there. */
    private static String token(Cluster cluster, String secret) {
        cluster.servers().admin("POST", cluster.core("secrets"), "{\"metadata\":{\"name\":\"" + secret + "\"}}");
        String answer = cluster.servers()
                .admin(
                        "POST",
                        cluster.core("serviceaccounts/postgres/token"),
                        ("{'apiVersion':'authentication.k8s.io/v1','kind':'TokenRequest','spec':{'expirationSeconds':600,"
                                        + "'boundObjectRef':{'kind':'Secret','apiVersion':'v1','name':'" + secret
                                        + "'}}}")
                                .replace('\'', '"'));
        return Json.parse(answer).orElseThrow().path("status").path("token").asText();
    }

    private static int status(Cluster cluster, String token) {
        return cluster.servers()
                .askWith(token, 0, "GET", cluster.core("configmaps"), "")
                .statusCode();
    }
}

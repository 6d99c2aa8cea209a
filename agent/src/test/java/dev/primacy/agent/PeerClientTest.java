// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.primacy.agent.tls.Tls;
import dev.primacy.dcs.testkit.server.Certificates;
import dev.primacy.ha.decide.Peer;
import dev.primacy.ha.failsafe.FailsafeCall;
import dev.primacy.postgres.Lsn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members ask each other over TLS, by addresses that their certificates need not name. */
class PeerClientTest {
    private final Certificates certificates;
    private final Path folder;
    private final HttpsServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String promise = "Accepted";

    PeerClientTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.certificates = new Certificates(folder);
        this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void serve() {
        Certificates.Pair own = certificates.issue("pg2", List.of("pg2.example"));
        Tls tls = new Tls(Optional.empty(), Optional.of(own.certificate()), Optional.of(own.key()));
        server.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
        server.createContext("/patroni", exchange -> {
            try (exchange) {
                byte[] body = "{\"role\":\"replica\",\"timeline\":3,\"xlog\":{\"received_location\":77}}"
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.createContext("/failsafe", exchange -> {
            try (exchange) {
                asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                        + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                byte[] body = promise.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Map<String, Peer> ask(Optional<Path> authority) {
        Tls tls = new Tls(authority, Optional.empty(), Optional.empty());
        String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/patroni";
        return new PeerClient(tls.contextForAnyName(), Optional.empty())
                .ask(Map.of("pg2", url), Duration.ofSeconds(10));
    }

    @Test
    void anotherNameDoesNotMatter() {
        Map<String, Peer> answer = Map.of("pg2", new Peer(false, 3, new Lsn(77)));
        assertThat(ask(Optional.of(certificates.authority()))).isEqualTo(answer);
        assertThat(ask(Optional.empty())).isEqualTo(answer);
    }

    /** Who does not answer, or anything but Accepted, has promised nothing. */
    @Test
    void onlyWhoAcceptsHasPromised() {
        FailsafeCall call = new FailsafeCall("pg1", "postgres://pg1", "https://pg1", Duration.ofSeconds(30));
        PeerClient client = new PeerClient(
                new Tls(Optional.empty(), Optional.empty(), Optional.empty()).contextForAnyName(),
                Optional.of("Basic secret"));
        String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/patroni";
        Map<String, String> all = Map.of("pg2", url, "dead", "https://127.0.0.1:1/patroni", "wrong", "no url");
        assertThat(client.promised(all, call, Duration.ofSeconds(10))).containsExactly("pg2");
        assertThat(asked.get(0))
                .isEqualTo("Basic secret {\"name\":\"pg1\",\"conn_url\":\"postgres://pg1\",\"api_url\":\"https://pg1\","
                        + "\"ttl\":30.0}");
        promise = "Running as a leader";
        assertThat(client.promised(Map.of("pg2", url), call, Duration.ofSeconds(10)))
                .isEmpty();
    }

    @Test
    void anotherIssuerDoes() {
        Path other = folder.resolve("other");
        assertThat(other.toFile().mkdir()).isTrue();
        assertThat(ask(Optional.of(new Certificates(other).authority()))).isEmpty();
    }
}

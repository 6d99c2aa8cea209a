// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.primacy.ha.Peers;
import dev.primacy.ha.decide.Peer;
import dev.primacy.ha.failsafe.FailsafeCall;
import dev.primacy.postgres.Lsn;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other members over their REST API. */
final class PeerClient implements Peers {
    private static final Logger LOG = LoggerFactory.getLogger(PeerClient.class);
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final HttpClient http;
    private final Optional<String> authorization;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * A client that has asked nobody yet.
     *
     * @param authorization header of requests that change something
     */
    PeerClient(SSLContext tls, Optional<String> authorization) {
        this.authorization = authorization;
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LONGEST)
                .sslContext(tls)
                .build();
    }

    @Override
    public Map<String, Peer> ask(Map<String, String> apiUrls, Duration timeout) {
        Duration limit = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
        Map<String, CompletableFuture<Optional<Peer>>> asked = new HashMap<>();
        apiUrls.forEach((name, url) -> asked.put(name, ask(name, url, limit)));
        Map<String, Peer> answers = new HashMap<>();
        asked.forEach((name, answer) -> answer.join().ifPresent(peer -> answers.put(name, peer)));
        return answers;
    }

    @Override
    public Set<String> promised(Map<String, String> apiUrls, FailsafeCall call, Duration timeout) {
        String body = json.createObjectNode()
                .put("name", call.name())
                .put("conn_url", call.connUrl())
                .put("api_url", call.apiUrl())
                .put("ttl", call.ttl().toNanos() / 1e9)
                .toString();
        Map<String, CompletableFuture<Boolean>> asked = new HashMap<>();
        apiUrls.forEach((name, url) -> asked.put(name, promise(name, url, body, timeout)));
        return asked.entrySet().stream()
                .filter(answer -> answer.getValue().join())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private CompletableFuture<Boolean> promise(String name, String url, String body, Duration timeout) {
        return send(url, "/failsafe", timeout, request -> {
                    authorization.ifPresent(header -> request.header("Authorization", header));
                    request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
                })
                .thenApply(response -> {
                    boolean accepted =
                            response.statusCode() == 200 && response.body().equals("Accepted");
                    if (!accepted) {
                        LOG.warn("member {} does not promise: {} {}", name, response.statusCode(), response.body());
                    }
                    return accepted;
                })
                .exceptionally(problem -> {
                    LOG.warn("member {} does not answer at {}: {}", name, url, problem.getMessage());
                    return false;
                });
    }

    /** Whether anybody at all answers there. */
    boolean answers(String apiUrl, Duration timeout) {
        return get(apiUrl, "/liveness", timeout)
                .handle((response, problem) -> problem == null)
                .join();
    }

    private CompletableFuture<Optional<Peer>> ask(String name, String url, Duration timeout) {
        return get(url, "/patroni", timeout)
                .thenApply(response -> parse(name, response.body()))
                .exceptionally(problem -> {
                    LOG.info("member {} does not answer at {}: {}", name, url, problem.getMessage());
                    return Optional.empty();
                });
    }

    private CompletableFuture<HttpResponse<String>> get(String url, String path, Duration timeout) {
        return send(url, path, timeout, HttpRequest.Builder::GET);
    }

    private CompletableFuture<HttpResponse<String>> send(
            String url, String path, Duration timeout, Consumer<HttpRequest.Builder> what) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url).resolve(path)).timeout(timeout);
            what.accept(request);
            return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                    // The request's own limit ends with the headers; a peer frozen in the middle of a body must not
                    // hold us.
                    .orTimeout(timeout.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Optional<Peer> parse(String name, String body) {
        try {
            JsonNode answer = json.readTree(body);
            JsonNode xlog = answer.path("xlog");
            if (!xlog.isObject()) {
                // Its PostgreSQL did not answer it, so it is no rival.
                return Optional.empty();
            }
            boolean primary =
                    xlog.has("location") || answer.path("role").asText().equals("primary");
            long lsn = primary
                    ? xlog.path("location").asLong()
                    : Math.max(
                            xlog.path("received_location").asLong(),
                            xlog.path("replayed_location").asLong());
            return Optional.of(new Peer(primary, answer.path("timeline").asInt(), new Lsn(lsn)));
        } catch (JsonProcessingException e) {
            LOG.warn("member {} answered something that is no JSON", name);
            return Optional.empty();
        }
    }
}

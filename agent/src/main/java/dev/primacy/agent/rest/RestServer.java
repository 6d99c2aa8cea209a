// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.primacy.agent.config.AgentConfig;
import dev.primacy.agent.config.AgentConfig.Credentials;
import dev.primacy.agent.config.ConfigException;
import dev.primacy.ha.HaLoop;
import dev.primacy.ha.NodeView;
import dev.primacy.multisite.Multisite;
import dev.primacy.multisite.SwitchoverAnswer;
import dev.primacy.postgres.Postgres;
import dev.primacy.time.MonotonicClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the API on the address of the configuration. */
public final class RestServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);
    private static final int THREADS = 5;
    private static final int LONGEST_BODY = 64 * 1024;
    private static final Duration SERVER_ANSWER = Duration.ofSeconds(1);

    private final AgentConfig config;
    private final HaLoop ha;
    private final Optional<Multisite> group;
    private final Postgres postgres;
    private final MonotonicClock clock;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpServer server;
    private final ExecutorService threads;

    /** Starts to serve on an address that was bound before. */
    public RestServer(
            HttpServer listening,
            AgentConfig config,
            HaLoop ha,
            Optional<Multisite> group,
            Postgres postgres,
            MonotonicClock clock) {
        this.config = config;
        this.ha = ha;
        this.group = group;
        this.postgres = postgres;
        this.clock = clock;
        this.server = listening;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "rest-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Takes the address, without serving yet.
     *
     * @throws ConfigException if it cannot be listened on
     */
    public static HttpServer bind(AgentConfig config) {
        InetSocketAddress address = new InetSocketAddress(
                config.rest().listen().host(), config.rest().listen().port());
        try {
            return HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new ConfigException(
                    "cannot listen on " + config.rest().listen() + " (restapi.listen): " + e.getMessage());
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type);
            if (answer.code == 401) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"Patroni\"");
            }
            boolean head = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
            exchange.sendResponseHeaders(answer.code, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        } catch (RuntimeException e) {
            LOG.error("Request {} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        return switch (exchange.getRequestMethod()) {
            case "GET" -> get(path);
            case "HEAD", "OPTIONS" -> Answer.text(health().code(path), "");
            case "POST" -> post(exchange, path);
            default -> Answer.text(501, "Server does not support this operation");
        };
    }

    private Answer get(String path) {
        return switch (path) {
            case "/patroni" -> Answer.json(200, node(freshView()));
            case "/multisite" -> Answer.json(200, multisite());
            case "/liveness", "/readiness" -> Answer.text(health().code(path), "");
            default -> Answer.json(health().code(path), node(ha.view()));
        };
    }

    private Health health() {
        return Health.of(ha.view(), ha.writableUntil().isPresent(), config.ha().tags());
    }

    /** Members that race for the lock ask for this: how far the WAL goes must be of now, not of the last round. */
    private Optional<NodeView> freshView() {
        return ha.view()
                .map(view -> new NodeView(
                        view.seen().withPostgres(postgres.status(SERVER_ANSWER)), view.decision(), view.paused()));
    }

    private ObjectNode node(Optional<NodeView> view) {
        ObjectNode node = Status.node(config.ha(), view, clock.now());
        group.ifPresent(of -> node.set("multisite", multisite()));
        return node;
    }

    private ObjectNode multisite() {
        return Status.multisite(
                config.ha().site(), group.map(Multisite::view), group.flatMap(Multisite::lease), clock.now());
    }

    private Answer post(HttpExchange exchange, String path) throws IOException {
        Optional<Answer> refusal = refusal(exchange.getRequestHeaders().getFirst("Authorization"));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return switch (path) {
            case "/multisite_switchover", "/site_switchover" ->
                switchover(exchange.getRequestBody().readNBytes(LONGEST_BODY));
            default -> Answer.text(501, "Server does not support this operation");
        };
    }

    private Optional<Answer> refusal(String header) {
        if (config.rest().authentication().isEmpty()) {
            return Optional.empty();
        }
        if (header == null) {
            return Optional.of(Answer.text(401, "no auth header received"));
        }
        Credentials wanted = config.rest().authentication().get();
        String text = wanted.username() + ":" + wanted.password();
        byte[] expected = ("Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
                .getBytes(StandardCharsets.UTF_8);
        // In constant time: an answer that comes sooner for a wrong first letter gives the password away.
        return MessageDigest.isEqual(expected, header.getBytes(StandardCharsets.UTF_8))
                ? Optional.empty()
                : Optional.of(Answer.text(401, "not authenticated"));
    }

    private Answer switchover(byte[] body) {
        if (group.isEmpty()) {
            return Answer.text(400, "Cluster is not in multisite mode");
        }
        Optional<String> target = targetSite(body);
        if (target.isEmpty()) {
            return Answer.text(400, "the body must be a JSON object with \"target_site\": the name of a site");
        }
        SwitchoverAnswer answer = group.get().requestSwitchover(target.get());
        int code = switch (answer.verdict()) {
            case ACCEPTED -> 202;
            case BAD_REQUEST -> 400;
            case CONFLICT -> 409;
            case NOT_POSSIBLE -> 412;
            case STORE_FAILED -> 503;
        };
        return Answer.text(code, answer.message());
    }

    private Optional<String> targetSite(byte[] body) {
        try {
            JsonNode target =
                    json.readTree(new String(body, StandardCharsets.UTF_8)).path("target_site");
            return Optional.of(target)
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::asText)
                    .filter(site -> !site.isBlank());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private record Answer(int code, String type, String body) {
        static Answer json(int code, ObjectNode body) {
            return new Answer(code, "application/json", body.toString());
        }

        static Answer text(int code, String body) {
            return new Answer(code, "text/html", body);
        }
    }
}

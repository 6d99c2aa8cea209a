// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.primacy.agent.config.AgentConfig;
import dev.primacy.agent.config.AgentConfig.Rest;
import dev.primacy.agent.config.AgentConfig.VerifyClient;
import dev.primacy.agent.config.ConfigException;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.FailsafeRecord;
import dev.primacy.dcs.record.HistoryRecord;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.Overview;
import dev.primacy.ha.HaLoop;
import dev.primacy.ha.NodeView;
import dev.primacy.ha.Peers;
import dev.primacy.multisite.Multisite;
import dev.primacy.multisite.SwitchoverAnswer;
import dev.primacy.postgres.Postgres;
import dev.primacy.time.MonotonicClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the API on the address of the configuration. */
public final class RestServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);
    /** Requests for a restart or a switchover wait for it, and must not keep health checks from their answer. */
    private static final int THREADS = 20;

    private static final Duration SERVER_ANSWER = Duration.ofSeconds(1);

    private final Node node;
    private final HttpServer server;
    private final ExecutorService threads;
    private final ConfigRequests settings;
    private final SwitchoverRequests switchovers;
    private final RestartRequests restarts;
    private volatile Rest rest;

    /**
     * What the API is about.
     *
     * @param config as it was at the start
     * @param reload reads the configuration again and goes by it
     */
    public record Node(
            AgentConfig config,
            HaLoop ha,
            Optional<Multisite> group,
            Postgres postgres,
            Dcs dcs,
            Peers peers,
            MonotonicClock clock,
            InstantSource wallClock,
            Supplier<AgentConfig> reload) {
        Duration timeout() {
            return config.ha().timing().requestTimeout();
        }

        Snapshot snapshot() {
            return dcs.snapshot(timeout());
        }

        boolean isPaused() {
            return ha.view().filter(NodeView::paused).isPresent();
        }
    }

    /** Starts to serve on an address that was bound before. */
    public RestServer(HttpServer listening, Node node) {
        this.node = node;
        this.rest = node.config().rest();
        this.server = listening;
        this.settings = new ConfigRequests(node);
        this.switchovers = new SwitchoverRequests(node);
        this.restarts = new RestartRequests(node);
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
        Rest rest = config.rest();
        InetSocketAddress address =
                new InetSocketAddress(rest.listen().host(), rest.listen().port());
        try {
            if (!rest.isSecure()) {
                return HttpServer.create(address, 0);
            }
            HttpsServer server = HttpsServer.create(address, 0);
            server.setHttpsConfigurator(new HttpsConfigurator(rest.tls().context()) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters chosen = getSSLContext().getDefaultSSLParameters();
                    chosen.setWantClientAuth(rest.verifyClient() == VerifyClient.OPTIONAL);
                    if (rest.verifyClient() == VerifyClient.REQUIRED) {
                        chosen.setNeedClientAuth(true);
                    }
                    parameters.setSSLParameters(chosen);
                }
            });
            return server;
        } catch (IOException e) {
            throw new ConfigException("cannot listen on " + rest.listen() + " (restapi.listen): " + e.getMessage());
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answerOrSay(exchange);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            if (answer.code() == 401) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"Patroni\"");
            }
            boolean head = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
            exchange.sendResponseHeaders(answer.code(), head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    /** Whatever a request makes go wrong, it is answered, and told in the log. */
    private Answer answerOrSay(HttpExchange exchange) throws IOException {
        try {
            return answer(exchange);
        } catch (RuntimeException e) {
            LOG.error("Request {} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
            return Answer.text(500, "the agent could not answer, its log says why");
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        try {
            return switch (exchange.getRequestMethod()) {
                case "GET" -> get(path, query(exchange));
                case "HEAD", "OPTIONS" -> Answer.text(health().code(path, query(exchange)), "");
                default -> change(exchange, exchange.getRequestMethod() + " " + path);
            };
        } catch (RequestException e) {
            return e.answer();
        } catch (DcsException e) {
            return Answer.text(503, "DCS is not accessible: " + e.getMessage());
        }
    }

    private static Map<String, String> query(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        return query == null
                ? Map.of()
                : Arrays.stream(query.split("&"))
                        .map(parameter -> parameter.split("=", 2))
                        .collect(Collectors.toMap(
                                pair -> pair[0], pair -> pair.length > 1 ? pair[1] : "", (first, later) -> first));
    }

    private Answer get(String path, Map<String, String> query) {
        return switch (path) {
            case "/patroni" -> Answer.json(200, document(freshView()));
            case "/multisite" -> Answer.json(200, multisite());
            case "/cluster" ->
                Answer.json(
                        200,
                        Status.cluster(
                                Overview.of(ClusterView.of(node.snapshot())),
                                node.config().ha().scope()));
            case "/config" -> settings.get();
            case "/history" ->
                Answer.json(
                        200, ClusterView.of(node.snapshot()).history().value().orElse(HistoryRecord.EMPTY));
            case "/failsafe" -> failsafe();
            case "/liveness", "/readiness" -> Answer.text(health().code(path, query), "");
            default ->
                Answer.json(health().code(path, query), document(node.ha().view()));
        };
    }

    private Health health() {
        return Health.of(
                node.ha().view(),
                node.ha().writableUntil().isPresent(),
                node.config().ha(),
                node.ha().tags(),
                node.clock().now());
    }

    /** Members that race for the lock ask for this: how far the WAL goes must be of now, not of the last round. */
    private Optional<NodeView> freshView() {
        return node.ha()
                .view()
                .map(view -> new NodeView(
                        view.seen().withPostgres(node.postgres().status(SERVER_ANSWER)),
                        view.decision(),
                        view.paused()));
    }

    private ObjectNode document(Optional<NodeView> view) {
        ObjectNode document = Status.node(
                node.config().ha(), node.ha().tags(), view, node.clock().now());
        node.group().ifPresent(of -> document.set("multisite", multisite()));
        return document;
    }

    private ObjectNode multisite() {
        return Status.multisite(
                node.config().ha().site(),
                node.group().map(Multisite::view),
                node.group().flatMap(Multisite::lease),
                node.clock().now());
    }

    /** What changes something, and not everybody may. */
    private Answer change(HttpExchange exchange, String request) throws IOException {
        Optional<Answer> refusal = refusal(exchange);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return switch (request) {
            case "PATCH /config" -> settings.patch(Body.required(exchange));
            case "PUT /config" -> settings.put(Body.required(exchange));
            case "POST /switchover" -> switchovers.switchover(Body.required(exchange));
            case "POST /failover" -> switchovers.failover(Body.required(exchange));
            case "DELETE /switchover" -> switchovers.delete();
            case "POST /restart" -> restarts.restart(Body.optional(exchange));
            case "DELETE /restart" -> restarts.unschedule();
            case "POST /reinitialize" -> restarts.reinitialize(Body.optional(exchange));
            case "POST /reload" -> reload();
            case "POST /failsafe" -> promise(Body.required(exchange));
            case "POST /multisite_switchover", "POST /site_switchover" -> switchSites(Body.optional(exchange));
            default -> Answer.notSupported();
        };
    }

    private Optional<Answer> refusal(HttpExchange exchange) {
        if (rest.verifyClient() != VerifyClient.NONE
                && exchange instanceof HttpsExchange secure
                && !hasCertificate(secure)) {
            return Optional.of(Answer.text(403, "client certificate required"));
        }
        boolean storeMayBeGone = exchange.getRequestURI().getPath().equals("/failsafe");
        return Access.refusal(
                storeMayBeGone && rest.allowlist().isEmpty() ? rest.forAnyAddress() : rest,
                exchange.getRemoteAddress().getAddress(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                node.ha().view().flatMap(view -> view.seen().cluster()));
    }

    private static boolean hasCertificate(HttpsExchange exchange) {
        try {
            return exchange.getSSLSession().getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    private Answer reload() {
        try {
            rest = node.reload().get().rest();
            return Answer.text(202, "reload scheduled");
        } catch (ConfigException e) {
            LOG.error("Not reloaded: {}", e.getMessage());
            return Answer.text(500, "nothing was changed: " + e.getMessage());
        }
    }

    private Answer failsafe() {
        Map<String, String> members = node.ha().failsafeMembers();
        return members.isEmpty()
                ? Answer.text(502, "Failsafe mode is disabled.")
                : Answer.json(200, FailsafeRecord.of(members).encode());
    }

    /** A leader without the store asks this member not to claim the lock. Patroni does not tell its ttl. */
    private Answer promise(JsonObject request) {
        Optional<String> leader = request.text("name").filter(name -> !name.isBlank());
        if (leader.isEmpty()) {
            return Answer.text(400, "the body must be a JSON object with \"name\": the member that leads");
        }
        double ttl;
        try {
            ttl = request.text("ttl").map(Double::parseDouble).orElse(0.0);
        } catch (NumberFormatException e) {
            return Answer.text(400, "ttl is no number of seconds");
        }
        if (!(ttl >= 0 && ttl <= Duration.ofDays(1).toSeconds())) {
            return Answer.text(400, "ttl must lie between 0 and a day");
        }
        return switch (node.ha().promise(leader.get(), Duration.ofNanos((long) (ttl * 1e9)))) {
            case ACCEPTED -> new Answer(200, "text/html", "Accepted", Map.of("lsn", String.valueOf(received())));
            case LEADS -> Answer.text(500, "Running as a leader");
            case CLAIMS -> Answer.text(503, "a claim of the leader lock is under way");
            case OFF -> Answer.text(502, "Failsafe mode is disabled.");
            case NOT_KEPT -> Answer.text(503, "the promise could not be kept");
        };
    }

    private long received() {
        return node.postgres()
                .status(SERVER_ANSWER)
                .server()
                .map(server -> server.written().value())
                .orElse(0L);
    }

    private Answer switchSites(JsonObject request) {
        if (node.group().isEmpty()) {
            return Answer.text(400, "Cluster is not in multisite mode");
        }
        Optional<String> target = request.text("target_site").filter(site -> !site.isBlank());
        if (target.isEmpty()) {
            return Answer.text(400, "the body must be a JSON object with \"target_site\": the name of a site");
        }
        SwitchoverAnswer answer = node.group().get().requestSwitchover(target.get());
        int code = switch (answer.verdict()) {
            case ACCEPTED -> 202;
            case BAD_REQUEST -> 400;
            case CONFLICT -> 409;
            case NOT_POSSIBLE -> 412;
            case STORE_FAILED -> 503;
        };
        return Answer.text(code, answer.message());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

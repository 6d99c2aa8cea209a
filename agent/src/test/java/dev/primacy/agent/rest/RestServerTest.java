// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.primacy.agent.config.AgentConfig;
import dev.primacy.agent.config.AgentConfig.Credentials;
import dev.primacy.agent.config.AgentConfig.Rest;
import dev.primacy.agent.config.AgentConfig.Store;
import dev.primacy.agent.config.AgentConfig.VerifyClient;
import dev.primacy.agent.config.ConfigException;
import dev.primacy.agent.tls.Tls;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.testkit.server.Certificates;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.HaLoop;
import dev.primacy.ha.SiteRole;
import dev.primacy.ha.StoreSession;
import dev.primacy.ha.decide.Peer;
import dev.primacy.ha.failsafe.PromiseFile;
import dev.primacy.postgres.FencingSettings;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.PostgresSettings;
import dev.primacy.time.BootClock;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The API of a leader, over HTTP, with a store in memory. */
class RestServerTest {
    private static final LeaseTiming TIMING =
            LeaseTiming.of(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(5));
    private static final Instant NOW = Instant.parse("2026-08-01T02:00:00Z");
    private final Rest open =
            rest(Optional.empty(), List.of(), new Tls(Optional.empty(), Optional.empty(), Optional.empty()));

    private final MonotonicClock clock = BootClock.system();
    private final MemoryStore store = new MemoryStore(clock);
    private final StillPostgres postgres = new StillPostgres();
    private final LinkedBlockingQueue<String> problems = new LinkedBlockingQueue<>();
    private final ThreadLoops loops = new ThreadLoops((name, problem) -> problems.add(name + ": " + problem));
    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final Map<String, Peer> peers = new HashMap<>();
    private final Path folder;
    private Supplier<AgentConfig> reload = () -> config(open);
    private HaLoop ha;
    private RestServer server;
    private HttpClient http = HttpClient.newHttpClient();
    private URI base;

    RestServerTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static Address freeAddress() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return new Address("127.0.0.1", socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Rest rest(Optional<Credentials> credentials, List<String> allowlist, Tls tls) {
        return new Rest(freeAddress(), credentials, allowlist, false, tls, VerifyClient.NONE);
    }

    private static AgentConfig config(Rest rest) {
        HaConfig ha = new HaConfig(
                "pg1",
                "demo",
                "demo",
                new Address("10.0.0.1", 5432),
                "http://10.0.0.1:8008/patroni",
                "4.0.7",
                TIMING,
                1000,
                Duration.ofSeconds(60),
                Duration.ofSeconds(60));
        PostgresSettings.Login login = new PostgresSettings.Login("postgres", Optional.empty());
        PostgresSettings settings = new PostgresSettings(
                "demo",
                "pg1",
                Path.of("/"),
                Path.of("/"),
                List.of(),
                5432,
                Map.of(),
                List.of(),
                List.of(),
                login,
                login,
                Optional.empty());
        return new AgentConfig(
                ha,
                settings,
                FencingSettings.GUARD_ONLY,
                new Store("memory", new DcsClient.Scope("/service/demo", "pg1", TIMING.ttl()), Map.of()),
                Optional.empty(),
                rest);
    }

    /** Returns when the member leads, and shows it. */
    @BeforeEach
    void lead() throws InterruptedException {
        put(RecordKey.CONFIG, "{\"ttl\":30,\"loop_wait\":10,\"retry_timeout\":5}");
        StoreSession session = new StoreSession(ttl -> store.open("pg1", ttl), TIMING.ttl());
        ha = new HaLoop(
                config(open).ha(),
                session,
                postgres,
                SiteRole.SINGLE,
                (urls, timeout) -> peers,
                new PromiseFile(folder.resolve("promise"), clock),
                clock,
                InstantSource.fixed(NOW),
                loops,
                worker,
                problems::add);
        serve(open, session);
        Dcs look = store.open("look", TIMING.ttl());
        awaitThat(
                () -> Optional.ofNullable(look.snapshot(Duration.ZERO).members().get("pg1"))
                        .map(Stored::value)
                        .map(MemberRecord::parse)
                        .filter(member -> member.role().equals("primary")
                                && member.state().equals("running"))
                        .isPresent());
    }

    /** Looks at each change of the store, and in between: what it waits for may have come before, or show nowhere there. */
    private void awaitThat(BooleanSupplier condition) throws InterruptedException {
        Semaphore hints = new Semaphore(0);
        MonotonicInstant end = clock.now().plus(Duration.ofSeconds(60));
        try (Dcs.Watch watch = store.open("watcher", TIMING.ttl()).watch(hints::release)) {
            while (!condition.getAsBoolean()) {
                assertThat(clock.now()).as("in time").isLessThan(end);
                if (!hints.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    ha.wake();
                }
            }
        }
    }

    private void serve(Rest rest, Dcs dcs) {
        AgentConfig config = config(rest);
        HttpServer listening = RestServer.bind(config);
        InetSocketAddress address = listening.getAddress();
        base = URI.create((rest.isSecure() ? "https" : "http") + "://127.0.0.1:" + address.getPort());
        server = new RestServer(
                listening,
                new RestServer.Node(
                        config,
                        ha,
                        Optional.empty(),
                        postgres,
                        dcs,
                        (urls, timeout) -> {
                            Map<String, Peer> answers = new HashMap<>(peers);
                            answers.keySet().retainAll(urls.keySet());
                            return answers;
                        },
                        clock,
                        InstantSource.fixed(NOW),
                        () -> reload.get()));
    }

    private void serveAgain(Rest rest) {
        server.close();
        serve(rest, store.open("person", TIMING.ttl()));
    }

    @AfterEach
    void end() {
        server.close();
        ha.close();
        worker.shutdownNow();
        assertThat(problems).isEmpty();
    }

    private void put(RecordKey key, String value) {
        store.open("person", TIMING.ttl()).write(RecordWrite.blind(key, value), Duration.ZERO);
    }

    private String stored(RecordKey key) {
        return store.open("look", TIMING.ttl())
                .snapshot(Duration.ZERO)
                .record(key)
                .orElseThrow()
                .value();
    }

    private void member(String name) {
        store.open(name, TIMING.ttl())
                .register(
                        name,
                        "{\"conn_url\":\"postgres://10.0.0.2:5432/postgres\",\"api_url\":\"http://10.0.0.2:8008/patroni\","
                                + "\"state\":\"running\",\"role\":\"replica\",\"version\":\"4.0.7\",\"receive_lsn\":600,"
                                + "\"replay_lsn\":500,\"replication_state\":\"streaming\",\"timeline\":1}",
                        Duration.ZERO);
    }

    private HttpResponse<String> send(String method, String path, Optional<String> body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body.map(HttpRequest.BodyPublishers::ofString).orElseGet(HttpRequest.BodyPublishers::noBody));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void answers(int code, String text, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> response = send(method, path, Optional.of(body));
        assertThat(response.body()).contains(text);
        assertThat(response.statusCode()).isEqualTo(code);
    }

    private static JsonObject json(HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        return JsonObject.parse(response.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/restart      | [1]                        | 400 | must be a JSON object",
                "/restart      | {\"role\":                 | 400 | must be a JSON object",
                "/restart      | {\"color\":\"red\"}        | 400 | Unknown filter for the scheduled restart: color",
                "/restart      | {\"role\":\"boss\"}        | 400 | PostgreSQL role should be either primary, standby_leader, or replica",
                "/restart      | {\"postgres_version\":\"x\"} | 400 | postgres_version must be like",
                "/restart      | {\"postgres_version\":[1]} | 400 | postgres_version must be like",
                "/restart      | {\"timeout\":0}            | 400 | Timeout should be a positive number of seconds",
                "/restart      | {\"timeout\":\"soon\"}     | 400 | Timeout should be a positive number of seconds",
                "/restart      | {\"role\":\"replica\"}     | 503 | restart conditions are not satisfied",
                "/restart      | {\"postgres_version\":\"15.18\"} | 503 | restart conditions are not satisfied",
                "/restart      | {\"restart_pending\":true} | 503 | restart conditions are not satisfied",
                "/restart      | {\"schedule\":\"2026-08-02T02:00:00\"} | 400 | Timezone information is mandatory for the scheduled restart",
                "/restart      | {\"schedule\":\"2026-07-02T02:00:00Z\"} | 422 | Cannot schedule restart in the past",
                "/restart      | {\"schedule\":\"soon\"}    | 422 | Unable to parse scheduled timestamp",
                "/reinitialize | {}                         | 503 | I am the leader, can not reinitialize",
                "/reinitialize | {\"force\":true}           | 503 | I am the leader, can not reinitialize",
                "/switchover   | {}                         | 400 | not empty",
                "/switchover   | nonsense                   | 400 | must be a JSON object",
                "/switchover   | {\"candidate\":\"pg2\"}    | 400 | Switchover could be performed only from a specific leader",
                "/switchover   | {\"leader\":{\"a\":1}}     | 400 | leader must be a text",
                "/switchover   | {\"leader\":\"pg1\",\"candidate\":\"pg1\"} | 400 | Switchover target and source are the same",
                "/switchover   | {\"leader\":\"pg9\"}       | 412 | leader name does not match",
                "/switchover   | {\"leader\":\"pg1\"}       | 412 | switchover is not possible: cluster does not have members except leader",
                "/switchover   | {\"leader\":\"pg1\",\"candidate\":\"pg9\"} | 412 | candidate does not exists",
                "/switchover   | {\"leader\":\"pg1\",\"scheduled_at\":\"2026-07-01T02:00:00Z\"} | 422 | Cannot schedule switchover in the past",
                "/switchover   | {\"leader\":\"pg1\",\"scheduled_at\":\"2026-09-01T02:00\"} | 400 | Timezone information is mandatory for the scheduled switchover",
                "/failover     | {\"leader\":\"pg1\"}       | 400 | Failover could be performed only to a specific candidate",
                "/failover     | {\"candidate\":\"pg2\",\"scheduled_at\":\"2026-09-01T02:00Z\"} | 400 | Failover can't be scheduled",
                "/failover     | {\"candidate\":\"pg9\"}    | 412 | candidate does not exists",
                "/nonsense     | {\"a\":1}                  | 501 | Server does not support this operation",
            })
    void refusesWithPatronisWords(String path, String body, int code, String text)
            throws IOException, InterruptedException {
        answers(code, text, "POST", path, body);
        assertThat(send("GET", "/primary", Optional.empty()).statusCode()).isEqualTo(200);
        assertThat(postgres.starts()).isEqualTo(1);
    }

    @Test
    void restartsTheLeaderUnderItsLock() throws IOException, InterruptedException {
        answers(200, "restarted successfully", "POST", "/restart", "{\"role\":\"primary\",\"timeout\":\"1min\"}");
        assertThat(postgres.starts()).isEqualTo(2);
        answers(200, "restarted successfully", "POST", "/restart", "");
        assertThat(postgres.starts()).isEqualTo(3);
    }

    @Test
    void schedulesOneRestartAndForgetsIt() throws IOException, InterruptedException {
        answers(404, "no restarts are scheduled", "DELETE", "/restart", "");
        String request = "{\"schedule\":\"2026-08-02T02:00:00+00:00\",\"role\":\"primary\"}";
        answers(202, "Restart scheduled", "POST", "/restart", request);
        answers(409, "Another restart is already scheduled", "POST", "/restart", request);
        JsonObject shown = json(send("GET", "/patroni", Optional.empty()));
        assertThat(shown.text("state")).contains("running");
        answers(200, "scheduled restart deleted", "DELETE", "/restart", "");
        answers(404, "no restarts are scheduled", "DELETE", "/restart", "");
        assertThat(postgres.starts()).isEqualTo(1);
    }

    /** A leader without the store, which is another one only by mistake here. */
    @Test
    void promisesNothingAsTheLeaderNorWithoutFailsafeMode() throws IOException, InterruptedException {
        answers(502, "Failsafe mode is disabled.", "POST", "/failsafe", "{\"name\":\"pg2\"}");
        assertThat(send("GET", "/failsafe", Optional.empty()).statusCode()).isEqualTo(502);
        answers(400, "name", "POST", "/failsafe", "{\"nobody\":1}");
        answers(400, "ttl", "POST", "/failsafe", "{\"name\":\"pg2\",\"ttl\":\"long\"}");
        answers(400, "ttl", "POST", "/failsafe", "{\"name\":\"pg2\",\"ttl\":1e300}");
        answers(200, "failsafe_mode", "PATCH", "/config", "{\"failsafe_mode\":true}");
        Dcs look = store.open("look", TIMING.ttl());
        awaitThat(() -> look.snapshot(Duration.ZERO).record(RecordKey.FAILSAFE).isPresent());
        answers(500, "Running as a leader", "POST", "/failsafe", "{\"name\":\"pg2\"}");
    }

    @Test
    void changesSettingsAsPatroniDoes() throws IOException, InterruptedException {
        JsonObject after = json(send(
                "PATCH",
                "/config",
                Optional.of("{\"ttl\":40,\"postgresql\":{\"parameters\":{\"work_mem\":\"8MB\"}},\"loop_wait\":null}")));
        assertThat(after.text("ttl")).contains("40");
        assertThat(after.fields()).doesNotContain("loop_wait");
        assertThat(JsonObject.parse(stored(RecordKey.CONFIG))).isEqualTo(after);
        JsonObject again =
                json(send("PATCH", "/config", Optional.of("{\"postgresql\":{\"parameters\":{\"work_mem\":null}}}")));
        assertThat(again.object("postgresql").orElseThrow().toString()).isEqualTo("{\"parameters\":{}}");
        assertThat(json(send("GET", "/config", Optional.empty()))).isEqualTo(again);
    }

    @Test
    void refusesSettingsThatCannotBeUsed() throws IOException, InterruptedException {
        String before = stored(RecordKey.CONFIG);
        answers(400, "ttl is no number of seconds", "PATCH", "/config", "{\"ttl\":\"long\"}");
        answers(400, "nothing was changed", "PUT", "/config", "{\"ttl\":5,\"loop_wait\":10,\"retry_timeout\":10}");
        answers(400, "must be a JSON object", "PATCH", "/config", "[]");
        answers(400, "not empty", "PATCH", "/config", "{}");
        assertThat(stored(RecordKey.CONFIG)).isEqualTo(before);
        // What is wrong already keeps nobody from changing something else.
        put(RecordKey.CONFIG, "{\"ttl\":\"long\"}");
        answers(200, "pause", "PATCH", "/config", "{\"pause\":true}");
        answers(200, "{\"ttl\":30}", "PUT", "/config", "{\"ttl\":30}");
    }

    /** Where there is no leader yet that writes one. */
    @Test
    void tellsThatThereAreNoSettings() throws IOException, InterruptedException {
        server.close();
        serve(open, new MemoryStore(clock).open("pg1", TIMING.ttl()));
        answers(503, "no config key", "PATCH", "/config", "{\"pause\":true}");
        assertThat(send("GET", "/config", Optional.empty()).statusCode()).isEqualTo(502);
    }

    @Test
    void aBodyWithoutItsLengthIsRefused() throws IOException, InterruptedException {
        HttpRequest chunked = HttpRequest.newBuilder(base.resolve("/switchover"))
                .version(HttpClient.Version.HTTP_1_1)
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[] {'{', '}'})))
                .build();
        assertThat(http.send(chunked, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(411);
    }

    @Test
    void showsTheClusterAsPatroniDoes() throws IOException, InterruptedException {
        member("pg2");
        put(RecordKey.STATUS, "{\"optime\":1000}");
        put(
                RecordKey.FAILOVER,
                "{\"leader\":\"pg1\",\"member\":\"pg2\",\"scheduled_at\":\"2026-09-01T02:00:00+00:00\"}");
        String shown = send("GET", "/cluster", Optional.empty()).body();
        assertThat(shown)
                .contains("{\"name\":\"pg1\",\"role\":\"leader\",\"state\":\"running\","
                        + "\"api_url\":\"http://10.0.0.1:8008/patroni\",\"host\":\"10.0.0.1\",\"port\":5432,")
                .contains("{\"name\":\"pg2\",\"role\":\"replica\",\"state\":\"streaming\"")
                .contains("\"receive_lsn\":\"0/258\",\"receive_lag\":400,\"replay_lsn\":\"0/1F4\",\"replay_lag\":500,"
                        + "\"lsn\":\"0/258\",\"lag\":400")
                .contains(
                        "\"scheduled_switchover\":{\"at\":\"2026-09-01T02:00:00+00:00\",\"from\":\"pg1\",\"to\":\"pg2\"}")
                .endsWith("\"scope\":\"demo\"}");
        answers(200, "scheduled switchover deleted", "DELETE", "/switchover", "");
        answers(404, "no switchover is scheduled", "DELETE", "/switchover", "");
        assertThat(stored(RecordKey.FAILOVER)).isEqualTo("{}");
        assertThat(send("GET", "/history", Optional.empty()).body()).isEqualTo("[]");
    }

    @Test
    void schedulesASwitchover() throws IOException, InterruptedException {
        member("pg2");
        answers(
                202,
                "Switchover scheduled",
                "POST",
                "/switchover",
                "{\"leader\":\"pg1\",\"candidate\":\"pg2\",\"scheduled_at\":\"2026-09-01T02:00:00Z\"}");
        assertThat(stored(RecordKey.FAILOVER))
                .isEqualTo("{\"leader\":\"pg1\",\"member\":\"pg2\",\"scheduled_at\":\"2026-09-01T02:00:00+00:00\"}");
    }

    /** The leader gives the request up, since nobody streams from it. */
    @Test
    void tellsThatASwitchoverFailed() throws IOException, InterruptedException {
        member("pg2");
        answers(
                412,
                "no good candidates have been found",
                "POST",
                "/switchover",
                "{\"leader\":\"pg1\",\"candidate\":\"pg2\"}");
        peers.put("pg2", new Peer(false, 1, new Lsn(900)));
        answers(503, "Switchover failed", "POST", "/switchover", "{\"leader\":\"pg1\",\"candidate\":\"pg2\"}");
        answers(503, "Failover failed", "POST", "/failover", "{\"candidate\":\"pg2\"}");
    }

    @Test
    void aPausedClusterSchedulesNothing() throws IOException, InterruptedException {
        answers(200, "pause", "PATCH", "/config", "{\"pause\":true}");
        String later = "\"2026-09-01T02:00:00Z\"";
        answers(
                400,
                "Can't schedule switchover in the paused state",
                "POST",
                "/switchover",
                "{\"leader\":\"pg1\",\"scheduled_at\":" + later + "}");
        answers(
                400,
                "Switchover is possible only to a specific candidate in a paused state",
                "POST",
                "/switchover",
                "{\"leader\":\"pg1\"}");
    }

    @Test
    void reloadsWhatCanChange() throws IOException, InterruptedException {
        reload = () -> config(rest(
                Optional.of(new Credentials("user", "secret")),
                List.of(),
                new Tls(Optional.empty(), Optional.empty(), Optional.empty())));
        answers(202, "reload scheduled", "POST", "/reload", "");
        answers(401, "no auth header received", "POST", "/reload", "");
    }

    @Test
    void keepsWhatItHasWhereTheFileIsBroken() throws IOException, InterruptedException {
        reload = () -> {
            throw new ConfigException("name is missing");
        };
        answers(500, "name is missing", "POST", "/reload", "");
        assertThat(send("GET", "/primary", Optional.empty()).statusCode()).isEqualTo(200);
    }

    @Test
    void asksForNameAndPassword() throws IOException, InterruptedException {
        Credentials credentials = new Credentials("user", "secret");
        serveAgain(rest(Optional.of(credentials), List.of(), open.tls()));
        HttpResponse<String> unknown = send("POST", "/restart", Optional.of("{}"));
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.body()).isEqualTo("no auth header received");
        assertThat(unknown.headers().firstValue("WWW-Authenticate")).contains("Basic realm=\"Patroni\"");
        for (String wrong : List.of("Basic bm9uc2Vuc2U=", "nonsense", new Credentials("user", "Secret").header())) {
            HttpResponse<String> refused = send("PATCH", "/config", Optional.of("{\"ttl\":1}"), "Authorization", wrong);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).isEqualTo("not authenticated");
        }
        assertThat(send("GET", "/config", Optional.empty()).statusCode()).isEqualTo(200);
        assertThat(send("POST", "/restart", Optional.of("{}"), "Authorization", credentials.header())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void letsInWhoIsListed() throws IOException, InterruptedException {
        for (List<String> list : List.of(List.of("10.0.0.0/8", "127.0.0.0/25"), List.of("localhost"))) {
            serveAgain(rest(Optional.empty(), list, open.tls()));
            answers(404, "no restarts", "DELETE", "/restart", "");
        }
        for (List<String> list : List.of(List.of("10.0.0.0/8"), List.of("127.0.0.2"), List.of("::1/128"))) {
            serveAgain(rest(Optional.empty(), list, open.tls()));
            answers(403, "Access is denied", "DELETE", "/restart", "");
            assertThat(send("GET", "/primary", Optional.empty()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void servesOverTls() throws IOException, InterruptedException {
        Certificates certificates = new Certificates(folder);
        Certificates.Pair own = certificates.issue("pg1", List.of("127.0.0.1"));
        Optional<Path> authority = Optional.of(certificates.authority());
        Tls tls = new Tls(authority, Optional.of(own.certificate()), Optional.of(own.key()));
        serveAgain(new Rest(freeAddress(), Optional.empty(), List.of(), false, tls, VerifyClient.OPTIONAL));
        http = HttpClient.newBuilder()
                .sslContext(new Tls(authority, Optional.empty(), Optional.empty()).context())
                .build();
        assertThat(send("GET", "/primary", Optional.empty()).statusCode()).isEqualTo(200);
        answers(403, "client certificate required", "DELETE", "/restart", "");
        Certificates.Pair person = certificates.issue("person", List.of());
        http = HttpClient.newBuilder()
                .sslContext(new Tls(authority, Optional.of(person.certificate()), Optional.of(person.key())).context())
                .build();
        answers(404, "no restarts", "DELETE", "/restart", "");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.consul.ServiceRegistration.Member;
import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.testkit.FaultProxy;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServiceRegistrationTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final InetSocketAddress SERVER = Servers.one().addresses().get(0);
    private static final String URL = "http://" + SERVER.getHostString() + ":" + SERVER.getPort();

    private static final Duration TTL = Duration.ofSeconds(30);

    private final Map<String, ServiceRegistration> registrations = new HashMap<>();
    private Duration later = Duration.ZERO;

    @Test
    void aMemberIsPublishedAsPatroniDoes() throws IOException {
        registration("Dem.o_1", Map.of("service_tags", "z,'a'", "service_check_interval", "7s"))
                .update(member("primary", "running"), TIMEOUT);
        JsonNode service = agent("services").get("Dem.o_1/node");
        assertThat(service.get("Service").asText()).isEqualTo("dem-o-1");
        assertThat(service.get("Tags").toString()).isEqualTo("[\"a\",\"z\",\"primary\",\"master\"]");
        assertThat(service.get("Address").asText()).isEqualTo("10.0.0.1");
        assertThat(service.get("Port").asInt()).isEqualTo(5433);
        assertThat(service.get("EnableTagOverride").asBoolean()).isTrue();
        JsonNode check = agent("checks").get("service:Dem.o_1/node");
        assertThat(check.get("ServiceID").asText()).isEqualTo("Dem.o_1/node");
        assertThat(check.get("Type").asText()).isEqualTo("http");
    }

    @Test
    void theCheckAsksForTheRole() throws IOException, InterruptedException {
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, -1);
        });
        api.start();
        try {
            registration("check", Map.of("service_check_interval", "1s"))
                    .update(
                            new Member(
                                    new Address("10.0.0.1", 5433),
                                    "http://127.0.0.1:" + api.getAddress().getPort() + "/patroni",
                                    "standby_leader",
                                    "running"),
                            TIMEOUT);
            assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo("/standby_leader");
        } finally {
            api.stop(0);
        }
    }

    @Test
    void theRoleIsATag() throws IOException {
        becomes("roles", "replica", "[\"replica\"]");
        becomes("roles", "standby_leader", "[\"standby-leader\"]");
        becomes("roles", "master", "[\"primary\",\"master\"]");
    }

    /** Consul may put back the tags of a moment before, so it is looked at once in a ttl. */
    private void becomes(String scope, String role, String tags) throws IOException {
        ServiceRegistration registration = registrations.computeIfAbsent(scope, name -> registration(name, Map.of()));
        MonotonicInstant end = BootClock.system().now().plus(Duration.ofSeconds(10));
        do {
            registration.update(member(role, "running"), TIMEOUT);
            later = later.plus(TTL);
        } while (!tags(scope).equals(tags) && BootClock.system().now().isBefore(end));
        assertThat(tags(scope)).isEqualTo(tags);
    }

    @Test
    void aRoleThatConsulHasLostIsToldAgainAndOtherTagsAreLeftAlone() throws IOException {
        becomes("lost", "primary", "[\"primary\",\"master\"]");
        String service = "{\"ID\":\"lost/node\",\"Name\":\"lost\",\"EnableTagOverride\":true,\"Tags\":";
        new Foreign(SERVER).put("agent/service/register", service + "[\"replica\"]}");
        becomes("lost", "primary", "[\"primary\",\"master\"]");
        new Foreign(SERVER).put("agent/service/register", service + "[\"primary\",\"master\",\"mine\"]}");
        becomes("lost", "primary", "[\"primary\",\"master\",\"mine\"]");
        new Foreign(SERVER).put("agent/service/deregister/lost%2Fnode", "");
        becomes("lost", "primary", "[\"primary\",\"master\"]");
    }

    @Test
    void aMemberThatIsBetweenTwoStatesKeepsWhatItHas() throws IOException {
        ServiceRegistration registration = registration("between", Map.of());
        registration.update(member("replica", "starting"), TIMEOUT);
        assertThat(agent("services").has("between/node")).isFalse();
        registration.update(member("replica", "running"), TIMEOUT);
        registration.update(member("replica", "starting"), TIMEOUT);
        registration.update(member("uninitialized", "running"), TIMEOUT);
        assertThat(tags("between")).isEqualTo("[\"replica\"]");
    }

    @Test
    void aStoppedMemberIsNoService() throws IOException {
        ServiceRegistration registration = registration("stopped", Map.of());
        registration.update(member("replica", "running"), TIMEOUT);
        registration.update(member("replica", "stopped"), TIMEOUT);
        assertThat(agent("services").has("stopped/node")).isFalse();
        registration.update(member("replica", "running"), TIMEOUT);
        assertThat(tags("stopped")).isEqualTo("[\"replica\"]");
    }

    @Test
    void withoutTheOptionNothingIsPublishedAnyMore() throws IOException {
        ServiceRegistration registration = registration("option", Map.of());
        registration.update(member("replica", "running"), TIMEOUT);
        registration.reload(Map.of("url", URL));
        registration.update(member("replica", "running"), TIMEOUT);
        assertThat(agent("services").has("option/node")).isFalse();
    }

    @Test
    void withoutTheOptionNobodyElsesServiceIsTouched() throws IOException {
        registration("others", Map.of()).update(member("replica", "running"), TIMEOUT);
        new ServiceRegistration(Map.of("url", URL), "others", "node", Duration.ofSeconds(30), BootClock.system())
                .update(member("replica", "stopped"), TIMEOUT);
        assertThat(agent("services").has("others/node")).isTrue();
    }

    @Test
    void onlyChangesAreSentAndFailuresAreRepeated() throws IOException {
        try (FaultProxy network = new FaultProxy(List.of(SERVER))) {
            ServiceRegistration registration = registration("again", Map.of("url", "http://" + network.address()));
            network.cut();
            assertThatThrownBy(() -> registration.update(member("replica", "running"), TIMEOUT))
                    .isInstanceOf(DcsException.class)
                    .hasMessageStartingWith("registering the service again/node: no answer (");
            network.heal();
            registration.update(member("replica", "running"), TIMEOUT);
            assertThat(tags("again")).isEqualTo("[\"replica\"]");
            network.cut();
            registration.update(member("replica", "running"), TIMEOUT);
            assertThatThrownBy(() -> registration.reload(Map.of("port", "x")))
                    .isInstanceOf(IllegalArgumentException.class);
            registration.reload(Map.of("url", "http://" + network.address()));
            assertThatThrownBy(() -> registration.update(member("replica", "running"), TIMEOUT))
                    .isInstanceOf(DcsException.class);
            network.heal();
            registration.update(member("replica", "running"), TIMEOUT);
            assertThat(agent("services").has("again/node")).isFalse();
        }
    }

    @Test
    void aFrozenAgentIsNotWaitedFor() {
        try (FaultProxy network = new FaultProxy(List.of(SERVER))) {
            network.freeze();
            ServiceRegistration registration = registration("frozen", Map.of("url", "http://" + network.address()));
            var start = BootClock.system().now();
            assertThatThrownBy(() -> registration.update(member("replica", "running"), Duration.ofMillis(300)))
                    .isInstanceOf(DcsException.OutcomeUnknown.class);
            assertThat(start.until(BootClock.system().now())).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void theNameIsGoodForDns() {
        assertThat(ServiceRegistration.nameOf("A.b_c d-9")).isEqualTo("a-b-c-d-9");
        assertThat(ServiceRegistration.nameOf("ü/\uD83D\uDC18")).isEqualTo("u0252u0047u128024");
        assertThat(ServiceRegistration.nameOf("x".repeat(300))).hasSize(230);
    }

    private static Member member(String role, String state) {
        return new Member(new Address("10.0.0.1", 5433), "http://10.0.0.1:8008/patroni", role, state);
    }

    private ServiceRegistration registration(String scope, Map<String, Object> options) {
        Map<String, Object> section = new HashMap<>(Map.of("url", URL, "register_service", true));
        section.putAll(options);
        return new ServiceRegistration(
                section, scope, "node", TTL, () -> BootClock.system().now().plus(later));
    }

    private static String tags(String scope) throws IOException {
        return agent("services").path(scope + "/node").path("Tags").toString();
    }

    private static JsonNode agent(String what) throws IOException {
        return new ObjectMapper().readTree(new Foreign(SERVER).get("agent/" + what));
    }
}

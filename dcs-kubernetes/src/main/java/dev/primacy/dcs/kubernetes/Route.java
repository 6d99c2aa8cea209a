// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.primacy.dcs.DcsException;
import dev.primacy.time.MonotonicClock;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which API server requests go to: the one that is configured, which is a service in front of all of them, as a rule. With
 * {@code bypass_api_service} straight to one of those that the object {@code kubernetes} names, so that one that hangs can be
 * left for the next; the service comes last of them. May be used by any thread.
 */
final class Route implements Interceptor {
    private static final Logger LOG = LoggerFactory.getLogger(Route.class);
    private static final String SERVERS = "/api/v1/namespaces/default/endpoints/kubernetes";
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration NEVER = Duration.ofDays(365);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LEAST_SHARE = Duration.ofSeconds(1);

    private final URI service;
    private final RandomGenerator random;
    /** The first is in use. */
    private volatile List<URI> servers;

    /** The way over the service alone. */
    Route(URI service, RandomGenerator random) {
        this.service = URI.create(service.toString().replaceAll("/+$", ""));
        this.random = random;
        this.servers = List.of(this.service);
    }

    URI service() {
        return service;
    }

    /** Where the next request goes. */
    URI server() {
        return servers.get(0);
    }

    /** How long to wait for one server's answer, of the time for all. */
    Duration share(Duration whole) {
        Duration equal = whole.dividedBy(servers.size());
        Duration share = equal.compareTo(LEAST_SHARE) < 0 ? LEAST_SHARE : equal;
        return share.compareTo(whole) < 0 ? share : whole;
    }

    /** It gave no answer; the next one is tried from now on. */
    synchronized void failed(URI server) {
        if (servers.size() > 1 && server().equals(server)) {
            List<URI> after = new ArrayList<>(servers);
            Collections.rotate(after, -1);
            servers = List.copyOf(after);
            LOG.debug("no answer from {}; requests go to {}", server, server());
        }
    }

    /**
     * Asks which servers there are.
     *
     * @return how long until it is to be asked again
     */
    Duration refresh(Api api, MonotonicClock clock) {
        Call call =
                new Call("finding the API servers in endpoints 'kubernetes' in namespace 'default'", clock, PATIENCE);
        try {
            List<URI> found = api.find(call, SERVERS).map(Route::addresses).orElse(List.of());
            found(found);
            return EVERY;
        } catch (DcsException.Rejected e) {
            LOG.warn("bypass_api_service is off until the next start: {}", e.getMessage());
            found(List.of());
            return NEVER;
        } catch (DcsException e) {
            LOG.debug("{}", e.getMessage());
            return AGAIN;
        }
    }

    private static List<URI> addresses(JsonNode endpoints) {
        List<URI> found = new ArrayList<>();
        for (JsonNode subset : endpoints.path("subsets")) {
            for (JsonNode port : subset.path("ports")) {
                if (port.path("name").asText().equals("https")) {
                    subset.path("addresses")
                            .forEach(address -> found.add(uri(
                                    address.path("ip").asText(),
                                    port.path("port").asInt())));
                }
            }
        }
        return found;
    }

    private static URI uri(String ip, int port) {
        return URI.create("https://" + (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port);
    }

    /** The one in use stays so; of several clients not all begin with the same one. */
    private synchronized void found(List<URI> found) {
        List<URI> next = new ArrayList<>(found);
        next.remove(service);
        if (!next.isEmpty()) {
            int current = next.indexOf(server());
            Collections.rotate(next, -(current < 0 ? random.nextInt(next.size()) : current));
        }
        next.add(service);
        servers = List.copyOf(next);
    }

    /** Watches are sent to the service by the client; they take the same way. */
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        URI to = request.uri();
        if (isAt(service, to)) {
            URI server = server();
            String query = to.getRawQuery() == null ? "" : "?" + to.getRawQuery();
            builder.uri(URI.create(to.getScheme() + "://" + server.getRawAuthority() + server.getRawPath()
                    + to.getRawPath().substring(service.getRawPath().length()) + query));
        }
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        servers.stream()
                .filter(server -> isAt(server, request.uri()))
                .findFirst()
                .ifPresent(this::failed);
    }

    /** Whether this is asked of that server; watches have a scheme of their own. */
    private static boolean isAt(URI server, URI asked) {
        return server.getRawAuthority().equals(asked.getRawAuthority())
                && asked.getRawPath().startsWith(server.getRawPath());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.consul.Requests.Refused;
import dev.primacy.dcs.record.Address;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Publishes one member as a service of Consul, with its role as a tag and a health check, if the section {@code consul}
 * says {@code register_service}. Tell it the member's state in each round: it asks Consul only after a change, when the
 * last attempt failed, and once in a ttl whether the role is still there. What it publishes is for clients that look for a
 * server; nothing decides on it.
 *
 * <p>One thread at a time.
 */
public final class ServiceRegistration {
    private static final int CHECKS_MISSED = 10;
    private static final int LONGEST_NAME = 230;
    private static final String PRIMARY = "primary";
    private static final Set<String> SERVING = Set.of(PRIMARY, "replica", "standby_leader");
    private static final int NOT_FOUND = 404;
    private static final ObjectMapper JSON_READER = new ObjectMapper();
    private static final MediaType JSON = MediaType.get("application/json");

    private final String scope;
    private final String id;
    private final Duration ttl;
    private final MonotonicClock clock;
    private Options options;
    private OkHttpClient client;
    /** What Consul has now; unknown before the first success, and after a failure. */
    private Optional<Published> published = Optional.empty();

    private MonotonicInstant checkAt;

    /**
     * A registration of which Consul has heard nothing yet.
     *
     * @param section of the backend
     * @param scope name of the cluster, which becomes the service's name
     * @param member name of the member
     * @param ttl of the cluster; Consul forgets a service whose check fails for five times as long
     * @throws IllegalArgumentException with all that is wrong with the section
     */
    public ServiceRegistration(
            Map<String, Object> section, String scope, String member, Duration ttl, MonotonicClock clock) {
        this.scope = scope;
        this.id = scope + "/" + member;
        this.ttl = ttl;
        this.clock = clock;
        this.checkAt = clock.now();
        this.options = Options.of(section);
        this.client = client(options);
    }

    /**
     * Takes another section from now on, without asking Consul.
     *
     * @throws IllegalArgumentException with all that is wrong with it, and goes on with the former one
     */
    public void reload(Map<String, Object> section) {
        Options changed = Options.of(section);
        client = client(changed);
        options = changed;
    }

    private static OkHttpClient client(Options options) {
        OkHttpClient.Builder builder = new OkHttpClient.Builder();
        options.tls().ifPresent(tls -> tls.applyTo(builder));
        return builder.build();
    }

    /**
     * Registers a member that runs with a role, deregisters one that was stopped, and leaves the service alone in between.
     *
     * @throws DcsException if Consul could not be asked or refused; the next call tries again
     */
    public void update(Member member, Duration timeout) {
        if (!options.service().register()) {
            // Only what was registered by this one is known to be there.
            if (published.flatMap(Published::service).isPresent()) {
                publish(Optional.empty(), timeout);
            }
        } else if (member.state().equals("stopped")) {
            publish(Optional.empty(), timeout);
        } else if (member.state().equals("running") && SERVING.contains(member.servingRole())) {
            publish(Optional.of(service(member)), timeout);
        }
    }

    private void publish(Optional<ObjectNode> service, Duration timeout) {
        Published wanted = new Published(service, options.token());
        if (published.filter(wanted::equals).isPresent()
                && service.filter(now -> !isStillThere(now, timeout)).isEmpty()) {
            return;
        }
        // A failure leaves open what Consul has, but not that it may have the service.
        published = published.filter(
                before -> before.service().isPresent() && !options.service().register());
        if (service.isPresent()) {
            put("registering", List.of("register"), service.get().toString(), timeout);
        } else {
            put("deregistering", List.of("deregister", id), "", timeout);
        }
        published = Optional.of(wanted);
        checkAt = clock.now().plus(ttl);
    }

    /**
     * Where others may change tags, Consul's agent takes those of the servers for its own, also when it is just about to tell
     * the servers of new ones: a change of role that follows another one closely may be lost.
     */
    private boolean isStillThere(ObjectNode service, Duration timeout) {
        if (clock.now().isBefore(checkAt)) {
            return true;
        }
        checkAt = clock.now().plus(ttl);
        try {
            Set<String> there =
                    tags(JSON_READER.readTree(send("looking at", List.of(id), request -> request.get(), timeout)));
            Set<String> wanted = tags(service);
            return there.containsAll(wanted)
                    && SERVING.stream()
                            .map(ServiceRegistration::tag)
                            .noneMatch(role -> there.contains(role) && !wanted.contains(role));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static Set<String> tags(JsonNode service) {
        Set<String> tags = new HashSet<>();
        service.path("Tags").forEach(tag -> tags.add(tag.asText()));
        return tags;
    }

    private void put(String doing, List<String> path, String body, Duration timeout) {
        send(doing, path, request -> request.put(RequestBody.create(body, JSON)), timeout);
    }

    private String send(String doing, List<String> path, UnaryOperator<Request.Builder> method, Duration timeout) {
        Call call = new Call(doing + " the service " + id, options.url(), clock, timeout);
        HttpUrl.Builder url = HttpUrl.get(options.url()).newBuilder().addPathSegments("v1/agent/service");
        path.forEach(url::addPathSegment);
        Request.Builder builder = method.apply(new Request.Builder().url(url.build()));
        options.token().ifPresent(token -> builder.header("X-Consul-Token", token));
        Request request = builder.build();
        okhttp3.Call sent = client.newCall(request);
        sent.timeout().timeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        try (Response answer = sent.execute()) {
            String text = answer.body().string();
            boolean isMissing = answer.code() == NOT_FOUND && request.method().equals("GET");
            if (!answer.isSuccessful() && !isMissing) {
                throw Errors.of(call, true, new Refused(answer.code(), text.strip()));
            }
            return text;
        } catch (IOException e) {
            throw Errors.of(call, true, new UncheckedIOException(e));
        }
    }

    /** Made by hand, since the client library has no field for the name in the check's certificate. */
    private ObjectNode service(Member member) {
        ServiceOptions wanted = options.service();
        ObjectNode service = JsonNodeFactory.instance.objectNode();
        service.put("ID", id)
                .put("Name", nameOf(scope))
                .put("Address", member.address().host())
                .put("Port", member.address().port())
                .put("EnableTagOverride", true);
        tags(member.servingRole()).forEach(service.putArray("Tags")::add);
        ObjectNode check = service.putObject("Check")
                .put(
                        "HTTP",
                        URI.create(member.apiUrl())
                                .resolve("/" + member.servingRole())
                                .toString())
                .put("Interval", wanted.checkInterval())
                .put(
                        "DeregisterCriticalServiceAfter",
                        new SessionTtl(SessionTtl.forLease(ttl).value().multipliedBy(CHECKS_MISSED)).toString());
        wanted.tlsServerName().ifPresent(name -> check.put("TLSServerName", name));
        return service;
    }

    private List<String> tags(String role) {
        List<String> tags = new ArrayList<>(options.service().tags());
        tags.add(tag(role));
        if (role.equals(PRIMARY)) {
            tags.add("master");
        }
        return tags;
    }

    private static String tag(String role) {
        return role.replace('_', '-');
    }

    /** A name that is good for DNS. */
    static String nameOf(String scope) {
        StringBuilder name = new StringBuilder();
        scope.toLowerCase(Locale.ROOT).codePoints().forEach(c -> {
            if ("._ ".indexOf(c) >= 0) {
                name.append('-');
            } else if (c == '-' || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                name.appendCodePoint(c);
            } else {
                name.append(String.format(Locale.ROOT, "u%04d", c));
            }
        });
        return name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }

    /**
     * A member now.
     *
     * @param address where its PostgreSQL listens
     * @param apiUrl of its REST API, whose path for the role is the health check
     * @param role as in its member record
     * @param state as in its member record
     */
    public record Member(Address address, String apiUrl, String role, String state) {
        /** Today's name of the role. */
        private String servingRole() {
            return role.equals("master") ? PRIMARY : role;
        }
    }

    private record Published(Optional<ObjectNode> service, Optional<String> token) {}
}

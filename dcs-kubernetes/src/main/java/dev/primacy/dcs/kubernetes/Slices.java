// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.ThreadLoops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends clients of the service that has the scope's name to the holder of the lock, by EndpointSlices. They are other objects
 * than the lock, so the two cannot change at once: a new holder has the lock first and the address after it, and one that
 * gives up takes its address away before the lock. What was seen of a slice is the condition of each change, and a slice
 * names the term that it was written under, so a holder that comes late never takes clients away from its successor.
 *
 * <p>No verb waits for it, except {@code release}: a renewal must not fail since clients could not be told where it is.
 */
final class Slices {
    private static final Logger LOG = LoggerFactory.getLogger(Slices.class);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    /** Each renewal wakes it. */
    private static final Duration IDLE = Duration.ofHours(1);

    private final Api api;
    private final Options options;
    private final Layout layout;
    private final Pods pods;
    private final MonotonicClock clock;
    private final Duration patience;
    private final Map<String, String> marks;
    private final AtomicReference<@Nullable Wish> wish = new AtomicReference<>();
    private @Nullable Loop loop;
    private boolean failing;

    /**
     * The slices of one scope.
     *
     * @param patience for one round in the background
     */
    Slices(Api api, Options options, Layout layout, Pods pods, MonotonicClock clock, Duration patience) {
        this.api = api;
        this.options = options;
        this.layout = layout;
        this.pods = pods;
        this.clock = clock;
        this.patience = patience;
        this.marks = Map.of(
                "kubernetes.io/service-name",
                layout.prefix(),
                // Kubernetes' own controller leaves slices of others alone.
                "endpointslice.kubernetes.io/managed-by",
                "primacy.dev");
    }

    /** This session holds the lock: clients shall find it, soon. */
    void leads(Lock lock) {
        wish.set(new Wish(lock.term(), Optional.of(lock.holder())));
        inBackground();
    }

    /** It does not hold this lock any more: soon clients shall not find it, unless they are sent to another already. */
    void lost(Lock lock) {
        wish.set(new Wish(lock.term(), Optional.empty()));
        inBackground();
    }

    /** As {@link #lost}, now. That it fails is no reason to keep the lock. */
    void quit(Call call, Lock lock) {
        wish.set(new Wish(lock.term(), Optional.empty()));
        try {
            carryOut(call.until(call.now().plus(call.left().dividedBy(2))));
        } catch (DcsException e) {
            LOG.warn("clients may still be sent to {}, which gives up the lock: {}", lock.holder(), e.getMessage());
        }
    }

    private synchronized void inBackground() {
        if (loop == null) {
            loop = new ThreadLoops((name, problem) -> LOG.warn("{}", name, problem))
                    .start("kubernetes-traffic-" + layout.prefix(), this::round);
        } else {
            loop.wake();
        }
    }

    private Duration round() {
        Call call = new Call("sending clients by EndpointSlices '" + layout.prefix() + "-*'", clock, patience);
        try {
            carryOut(call);
            failing = false;
            return IDLE;
        } catch (DcsException e) {
            if (failing || Thread.currentThread().isInterrupted()) {
                LOG.debug("{}", e.getMessage());
            } else {
                LOG.warn("clients are not sent to who leads: {}", e.getMessage());
            }
            failing = true;
            return AFTER_FAILURE;
        }
    }

    /** Makes the slices what they shall be, also if that changes meanwhile. */
    void carryOut(Call call) {
        for (Wish now = wish.get(); now != null; now = wish.get()) {
            if (carryOut(call, now) && now.equals(wish.get())) {
                return;
            }
            if (!call.pause(PAUSE)) {
                throw call.unreachable("others changed the slices again and again", null);
            }
        }
    }

    /** False if somebody else changed something, so that it must be looked at again. */
    private boolean carryOut(Call call, Wish now) {
        List<KubeObject> there = new ArrayList<>();
        api.lists(call, List.of(layout.slices() + Layout.selector(marks)))
                .get(0)
                .path("items")
                .forEach(item -> there.add(KubeObject.of(item)));
        if (there.stream().anyMatch(slice -> term(slice) > now.term)) {
            return true;
        }
        Optional<String> ip = now.holder.flatMap(holder -> address(call, holder));
        String name = name(ip);
        boolean done = true;
        for (KubeObject slice : there) {
            Optional<String> its = ip.filter(address -> slice.name().equals(name));
            if (term(slice) != now.term || !leadsTo(slice.json(), its)) {
                done &= change(call, now, slice, its);
            }
        }
        if (ip.isPresent() ? there.stream().noneMatch(slice -> slice.name().equals(name)) : there.isEmpty()) {
            // Also one that leads to nobody, so that a round in the background that is late meets it.
            done &= create(call, now, name, ip);
        }
        return done;
    }

    private Optional<String> address(Call call, String holder) {
        if (pods.last(holder).isEmpty()) {
            pods.find(call, holder);
        }
        return pods.ip(options, holder);
    }

    /** The kind of address that a slice holds cannot be changed, so each kind has its own. */
    private String name(Optional<String> ip) {
        return layout.prefix() + (isIpv6(ip) ? "-ipv6" : "-ipv4");
    }

    private static boolean isIpv6(Optional<String> ip) {
        return ip.filter(text -> text.contains(":")).isPresent();
    }

    private static long term(KubeObject slice) {
        String text = slice.annotations().getOrDefault(Names.TERM, "");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private boolean leadsTo(JsonNode slice, Optional<String> ip) {
        JsonNode endpoints = slice.path("endpoints");
        if (ip.isEmpty()) {
            return endpoints.isEmpty();
        }
        return endpoints.size() == 1
                && endpoints.path(0).path("addresses").equals(Json.of(List.of(ip.get())))
                && slice.path("ports").equals(ports());
    }

    private boolean change(Call call, Wish now, KubeObject slice, Optional<String> ip) {
        ObjectNode body = body(now, ip);
        ((ObjectNode) body.path("metadata")).put("resourceVersion", Long.toString(slice.version()));
        return done(call, api.write(call, "PATCH", layout.slices() + "/" + slice.name(), Api.MERGE, body));
    }

    private boolean create(Call call, Wish now, String name, Optional<String> ip) {
        ObjectNode body = body(now, ip)
                .put("apiVersion", "discovery.k8s.io/v1")
                .put("kind", "EndpointSlice")
                .put("addressType", isIpv6(ip) ? "IPv6" : "IPv4");
        ((ObjectNode) body.path("metadata")).put("name", name);
        Api.Answer answer = api.write(call, "POST", layout.slices(), Objects.JSON, body);
        if (answer.status() == Api.CONFLICT
                && api.find(call, layout.slices() + "/" + name)
                        .map(KubeObject::of)
                        .filter(slice -> !slice.labels().entrySet().containsAll(marks.entrySet()))
                        .isPresent()) {
            throw call.rejected(
                    "there is an EndpointSlice '" + name + "' of somebody else's, without the labels " + marks
                            + "; label it, or remove it",
                    null);
        }
        return done(call, answer);
    }

    private static boolean done(Call call, Api.Answer answer) {
        if (answer.status() == Api.INVALID) {
            throw call.rejected("the API server answered " + answer, null);
        }
        return answer.isDone();
    }

    private ObjectNode body(Wish now, Optional<String> ip) {
        ObjectNode body = Json.object();
        ObjectNode metadata = body.putObject("metadata");
        ObjectNode labels = metadata.putObject("labels");
        layout.labels().forEach(labels::put);
        marks.forEach(labels::put);
        metadata.putObject("annotations").put(Names.TERM, Long.toString(now.term));
        ArrayNode endpoints = body.putArray("endpoints");
        ip.ifPresent(address -> {
            ObjectNode endpoint = endpoints.addObject();
            endpoint.putArray("addresses").add(address);
            endpoint.putObject("conditions").put("ready", true);
            now.holder.flatMap(pods::last).ifPresent(pod -> pods.describe(pod, endpoint));
        });
        body.set("ports", ports());
        return body;
    }

    /** With the name that the API server gives to one that has none. */
    private ArrayNode ports() {
        ArrayNode ports = Json.array();
        options.ports().forEach(port -> ports.addObject().put("name", "").setAll((ObjectNode) port));
        return ports;
    }

    /** Clients are not sent to a session that ends. */
    void close(Call call) {
        Loop running;
        synchronized (this) {
            running = loop;
            loop = null;
        }
        if (running == null) {
            return;
        }
        running.close();
        Wish last = wish.updateAndGet(now -> now == null ? null : new Wish(now.term, Optional.empty()));
        try {
            carryOut(call);
        } catch (DcsException e) {
            LOG.debug("the next holder sends clients to itself instead of {}: {}", last, e.getMessage());
        }
    }

    /**
     * What clients shall find.
     *
     * @param term of the lock that says so
     * @param holder who is found; empty for nobody
     */
    private record Wish(long term, Optional<String> holder) {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Members are annotations of their pods, as with Patroni, or of objects of their own where there are no pods. Patroni's
 * members are there for as long as their pods; ours carry a second annotation that counts signs of life, and are gone when
 * it has stayed the same for a ttl. The count belongs to the record that it was written with: a record that somebody else
 * wrote over ours is not ours to end.
 */
final class Members {
    private static final Logger LOG = LoggerFactory.getLogger(Members.class);
    private static final Duration PAUSE = Duration.ofMillis(50);
    /** Signs of life in a ttl: two of them may get lost. */
    private static final int BEATS = 4;

    private final Api api;
    private final Options options;
    private final Layout layout;
    private final Pods pods;
    private final Observations observations;
    private final MonotonicClock clock;
    private final Duration ttl;
    private final String session;
    private final Map<String, Beat> ours = new ConcurrentHashMap<>();
    private volatile MonotonicInstant used;
    private volatile Optional<Lock> lock = Optional.empty();

    Members(
            Api api,
            Options options,
            Layout layout,
            Pods pods,
            Observations observations,
            MonotonicClock clock,
            Duration ttl,
            String session) {
        this.api = api;
        this.options = options;
        this.layout = layout;
        this.pods = pods;
        this.observations = observations;
        this.clock = clock;
        this.ttl = ttl;
        this.session = session;
        this.used = clock.now();
    }

    /** The session is in use, so what it carries stays. */
    void used() {
        used = clock.now();
    }

    /** Who leads, for the labels of pods. */
    void leads(Optional<Lock> holder) {
        lock = holder;
    }

    /** The living members among these objects. */
    SortedMap<String, Stored> read(List<KubeObject> objects) {
        SortedMap<String, Stored> members = new TreeMap<>();
        for (KubeObject object : objects) {
            String value = object.annotations().get(Names.MEMBER);
            Optional<String> name = memberName(object);
            if (value != null && name.isPresent()) {
                version(name.get(), value, object).ifPresent(at -> members.put(name.get(), new Stored(value, at)));
            }
        }
        return members;
    }

    /** The members in a list of pods. */
    SortedMap<String, Stored> readPods(JsonNode list) {
        List<KubeObject> found = new ArrayList<>();
        for (JsonNode item : list.path("items")) {
            KubeObject pod = KubeObject.of(item);
            // A list of a whole Citus cluster shows the pods of all groups.
            if (layout.group().isPresent() || !pod.labels().containsKey(Layout.GROUP_LABEL)) {
                found.add(pods.saw(pod));
            }
        }
        return read(found);
    }

    private Optional<String> memberName(KubeObject object) {
        if (options.pods()) {
            return Optional.of(object.name());
        }
        return Optional.of(object.name())
                .filter(name -> name.startsWith(layout.memberPrefix()))
                .map(name -> name.substring(layout.memberPrefix().length()));
    }

    /** Empty if its session is over. */
    private Optional<Version> version(String name, String value, KubeObject object) {
        String written = object.annotations().getOrDefault(Names.SESSION, "");
        Optional<ObjectNode> sign = Json.parseObject(written)
                .filter(json -> json.path("hash").asText().equals(Json.hash(value)));
        if (sign.isEmpty()) {
            return Optional.of(new Version(object.version()));
        }
        long seconds = sign.get().path("ttl").asLong();
        Duration of = seconds > 0 && seconds < Integer.MAX_VALUE ? Duration.ofSeconds(seconds) : ttl;
        Observations.Sight sight = observations.see("member " + name, written, object.version(), of);
        return sight.livesAt(clock.now())
                ? Optional.of(new Version(sign.get().path("version").asLong()))
                : Optional.empty();
    }

    private String path(String name) {
        return options.pods()
                ? layout.pods() + "/" + Options.escape(name)
                : layout.objects() + "/" + Options.escape(layout.memberPrefix() + name);
    }

    void register(Call call, String name, String value) {
        RecordKey.memberPath(name);
        while (true) {
            Optional<KubeObject> found = options.pods()
                    ? pods.find(call, name)
                    : api.find(call, path(name)).map(KubeObject::of);
            ObjectNode labels = options.pods() ? options.roles().labels(name, value, lock) : Json.object();
            MonotonicInstant sent = call.now();
            if (found.isEmpty()) {
                if (create(call, name, value)) {
                    return;
                }
            } else {
                KubeObject object = found.get();
                requireMarked(call, object);
                if (isOurs(name, object, value) && has(object, labels)) {
                    return;
                }
                String sign = sign(value, object.version() + 1, 0);
                ObjectNode body = Json.object();
                ObjectNode metadata = body.putObject("metadata");
                metadata.put("resourceVersion", Long.toString(object.version()));
                metadata.set("labels", labels);
                metadata.putObject("annotations").put(Names.MEMBER, value).put(Names.SESSION, sign);
                if (done(call, name, sign, sent, api.write(call, "PATCH", path(name), Api.MERGE, body))) {
                    return;
                }
            }
            if (!call.pause(PAUSE)) {
                throw call.unreachable("others changed it again and again", null);
            }
        }
    }

    private boolean create(Call call, String name, String value) {
        if (options.pods()) {
            throw call.rejected(
                    "there is no pod '" + name + "' in the namespace '" + layout.namespace()
                            + "'; a member must have the name of its pod",
                    null);
        }
        MonotonicInstant sent = call.now();
        // No version is known before it is there, so the first count is the number that the next change gets.
        ObjectNode body = Json.object()
                .put("apiVersion", layout.kind().apiVersion())
                .put("kind", layout.kind().kind());
        ObjectNode metadata = body.putObject("metadata").put("name", layout.memberPrefix() + name);
        ObjectNode labels = metadata.putObject("labels");
        layout.labels().forEach(labels::put);
        String sign = sign(value, 0, 0);
        metadata.putObject("annotations").put(Names.MEMBER, value).put(Names.SESSION, sign);
        Api.Answer answer = api.write(call, "POST", layout.objects(), Objects.JSON, body);
        if (answer.status() == Api.NOT_FOUND) {
            throw call.rejected("the API server answered " + answer, null);
        }
        return done(call, name, sign, sent, answer);
    }

    private boolean done(Call call, String name, String sign, MonotonicInstant sent, Api.Answer answer) {
        if (answer.status() == Api.INVALID) {
            throw call.rejected("the API server answered " + answer, null);
        }
        if (answer.isDone()) {
            if (options.pods()) {
                pods.saw(KubeObject.of(answer.body()));
            }
            ours.put(name, new Beat(sign, sent));
        }
        return answer.isDone();
    }

    private void requireMarked(Call call, KubeObject object) {
        if (!object.labels().entrySet().containsAll(layout.labels().entrySet())) {
            throw call.rejected("'" + object.name() + "' lacks labels; it must have " + layout.labelSelector(), null);
        }
    }

    private boolean isOurs(String name, KubeObject object, String value) {
        Beat beat = ours.get(name);
        return beat != null
                && beat.sign.equals(object.annotations().get(Names.SESSION))
                && value.equals(object.annotations().get(Names.MEMBER));
    }

    private static boolean has(KubeObject object, ObjectNode labels) {
        return labels.properties().stream()
                .allMatch(label -> label.getValue().isNull()
                        ? !object.labels().containsKey(label.getKey())
                        : label.getValue().asText().equals(object.labels().get(label.getKey())));
    }

    private String sign(String value, long version, long beat) {
        return Json.object()
                .put("session", session)
                .put("ttl", ttl.toSeconds())
                .put("version", version)
                .put("beat", beat)
                .put("hash", Json.hash(value))
                .toString();
    }

    /** Gives the signs of life that are due; how long until the next one may be. */
    Duration beat() {
        Duration every = ttl.dividedBy(BEATS);
        for (Map.Entry<String, Beat> member : Map.copyOf(ours).entrySet()) {
            Beat last = member.getValue();
            MonotonicInstant now = clock.now();
            if (!now.isBefore(last.proven.plus(ttl))) {
                ours.remove(member.getKey(), last);
            } else if (used.isAfter(last.proven) && last.proven.until(now).compareTo(every) >= 0) {
                beat(member.getKey(), last, every);
            }
        }
        return every.dividedBy(2);
    }

    private void beat(String name, Beat last, Duration timeout) {
        Call call = new Call("giving a sign of life of member '" + name + "'", clock, timeout);
        ObjectNode sign = Json.parseObject(last.sign).orElseThrow();
        String next = sign.put("beat", sign.path("beat").asLong() + 1).toString();
        String path =
                "/metadata/annotations/" + Names.SESSION.replace("~", "~0").replace("/", "~1");
        ArrayNode patch = Json.array();
        // Only on what we wrote: the record may be another session's by now.
        patch.addObject().put("op", "test").put("path", path).put("value", last.sign);
        patch.addObject().put("op", "replace").put("path", path).put("value", next);
        MonotonicInstant sent = call.now();
        try {
            Api.Answer answer = api.write(call, "PATCH", path(name), Api.JSON_PATCH, patch);
            if (answer.isDone()) {
                ours.replace(name, last, new Beat(next, sent));
            } else {
                confirm(call, name, last);
            }
        } catch (DcsException.OutcomeUnknown e) {
            LOG.debug("{}", e.getMessage());
            confirm(call, name, last);
        } catch (DcsException e) {
            LOG.debug("{}", e.getMessage());
        }
    }

    /** After an answer that was lost, our own next sign may be there. */
    private void confirm(Call call, String name, Beat last) {
        try {
            Optional<String> there = api.find(call, path(name))
                    .map(KubeObject::of)
                    .map(object -> object.annotations().get(Names.SESSION));
            Optional<ObjectNode> sign = there.flatMap(Json::parseObject)
                    .filter(json -> json.path("session").asText().equals(session));
            if (sign.isEmpty()) {
                ours.remove(name, last);
            } else {
                // Written at some time after the last one that we know of.
                ours.replace(name, last, new Beat(there.orElseThrow(), last.proven));
            }
        } catch (DcsException e) {
            LOG.debug("{}", e.getMessage());
        }
    }

    /** Ends what this session carries. */
    void close(Call call) {
        ours.forEach((name, beat) -> {
            Optional<KubeObject> found = api.find(call, path(name)).map(KubeObject::of);
            boolean still = found.map(object -> object.annotations().get(Names.SESSION))
                    .flatMap(Json::parseObject)
                    .filter(json -> json.path("session").asText().equals(session))
                    .isPresent();
            if (still) {
                ObjectNode body = Json.object();
                ObjectNode metadata = body.putObject("metadata");
                metadata.put(
                        "resourceVersion", Long.toString(found.orElseThrow().version()));
                metadata.putObject("annotations").putNull(Names.MEMBER).putNull(Names.SESSION);
                if (options.pods()) {
                    metadata.set("labels", options.roles().none());
                }
                if (!api.write(call, "PATCH", path(name), Api.MERGE, body).isDone()) {
                    LOG.debug("the record of member '{}' was changed while its session was closed", name);
                }
            }
        });
        ours.clear();
    }

    boolean isEmpty() {
        return ours.isEmpty();
    }

    /**
     * A member's last sign of life.
     *
     * @param sign as it is written
     * @param proven before it was sent
     */
    private record Beat(String sign, MonotonicInstant proven) {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.DcsException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The objects of one scope: reads them all, and changes one at a time, always on condition of the state that was read. */
final class Objects {
    private static final Logger LOG = LoggerFactory.getLogger(Objects.class);
    static final String JSON = "application/json";
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final Api api;
    private final Layout layout;
    private final Tenures tenures;

    Objects(Api api, Layout layout, Tenures tenures) {
        this.api = api;
        this.layout = layout;
        this.tenures = tenures;
    }

    Layout layout() {
        return layout;
    }

    /** All objects now. */
    View look(Call call) {
        return View.of(
                layout,
                api.lists(call, List.of(layout.objects() + layout.selector())).get(0),
                tenures);
    }

    /**
     * Changes one object from the state that the view shows, or makes it.
     *
     * @param more what to set beside the annotations
     * @return its new state; empty if it is not in that state any more
     */
    Optional<KubeObject> change(Call call, View view, Home home, ObjectNode annotations, ObjectNode more) {
        Optional<KubeObject> seen = view.object(home);
        return seen.isPresent()
                ? change(call, home, seen.get().version(), annotations, more)
                : create(call, home, annotations, more);
    }

    /** Changes an object that has this version. */
    Optional<KubeObject> change(Call call, Home home, long version, ObjectNode annotations, ObjectNode more) {
        ObjectNode body = Json.object();
        ObjectNode metadata = body.putObject("metadata");
        metadata.put("resourceVersion", Long.toString(version));
        marks(metadata);
        metadata.set("annotations", annotations);
        body.setAll(more);
        Api.Answer answer = api.write(call, "PATCH", layout.object(home), Api.MERGE, body);
        return changed(call, layout.name(home), answer);
    }

    private static Optional<KubeObject> changed(Call call, String name, Api.Answer answer) {
        if (answer.isDone()) {
            return Optional.of(KubeObject.of(answer.body()));
        }
        if (answer.status() == Api.INVALID) {
            throw call.rejected("the API server answered " + answer + "; look at what '" + name + "' holds", null);
        }
        return Optional.empty();
    }

    private Optional<KubeObject> create(Call call, Home home, ObjectNode annotations, ObjectNode more) {
        ObjectNode body = Json.object()
                .put("apiVersion", layout.kind().apiVersion())
                .put("kind", layout.kind().kind());
        ObjectNode metadata = body.putObject("metadata").put("name", layout.name(home));
        marks(metadata);
        ObjectNode present = metadata.putObject("annotations");
        annotations.properties().stream()
                .filter(entry -> !entry.getValue().isNull())
                .forEach(entry -> present.set(entry.getKey(), entry.getValue()));
        body.setAll(more);
        Api.Answer answer = api.write(call, "POST", layout.objects(), JSON, body);
        if (answer.status() == Api.NOT_FOUND) {
            throw call.rejected(
                    "the API server answered " + answer + "; make the namespace, or correct the option", null);
        }
        if (answer.status() == Api.CONFLICT) {
            requireMarked(call, home);
        }
        Optional<KubeObject> made = changed(call, layout.name(home), answer);
        if (made.isPresent() && home == Home.CONFIG && layout.kind() == Kind.ENDPOINTS) {
            keepEndpoints(call);
        }
        return made;
    }

    /** An object of that name that we do not see would never be seen. */
    private void requireMarked(Call call, Home home) {
        Optional<KubeObject> there = api.find(call, layout.object(home)).map(KubeObject::of);
        if (there.isPresent()
                && !there.get().labels().entrySet().containsAll(layout.labels().entrySet())) {
            throw call.rejected(
                    layout.kind().plural() + " '" + layout.name(home) + "' is there without the labels "
                            + layout.labelSelector() + "; label it, or remove it",
                    null);
        }
    }

    /** Endpoints without a service of their name are removed by a controller. Not all may make services, and some have them made. */
    private void keepEndpoints(Call call) {
        ObjectNode body = Json.object().put("apiVersion", "v1").put("kind", "Service");
        ObjectNode metadata = body.putObject("metadata").put("name", layout.name(Home.CONFIG));
        marks(metadata);
        body.putObject("spec").put("clusterIP", "None");
        try {
            Api.Answer answer =
                    api.write(call, "POST", layout.objects().replaceAll("endpoints$", "services"), JSON, body);
            LOG.debug("making the service {}: {}", layout.name(Home.CONFIG), answer.status());
        } catch (DcsException e) {
            LOG.info("no service {} was made: {}", layout.name(Home.CONFIG), e.getMessage());
        }
    }

    private void marks(ObjectNode metadata) {
        ObjectNode labels = metadata.putObject("labels");
        layout.labels().forEach(labels::put);
    }

    /**
     * Ends what other transactions have begun with an object, if there is anything; then the caller looks again.
     *
     * @return false if there was nothing
     */
    boolean settle(Call call, View view, Home home) {
        Optional<View.Intent> found = view.intent(home);
        if (found.isEmpty()) {
            return false;
        }
        View.Intent intent = found.get();
        long version = view.object(home).orElseThrow().version();
        if (view.isCommitted(intent)) {
            finish(call, home, version, intent);
        } else if (!view.mayCommit(intent)) {
            drop(call, home, version);
        } else if (call.meets(intent.transaction())) {
            // It takes one request more, as a rule.
            if (!call.pause(PATIENCE)) {
                throw call.unreachable("another transaction is under way", null);
            }
        } else {
            // Whatever changes the leader's object stops it.
            change(
                    call,
                    Home.LEADER,
                    intent.guard(),
                    Json.object().put(Names.STOPPED, intent.transaction()),
                    Json.object());
        }
        return true;
    }

    /** Makes what was announced so. */
    Optional<KubeObject> finish(Call call, Home home, long version, View.Intent intent) {
        ObjectNode annotations = intent.annotations().deepCopy();
        annotations.putNull(Names.INTENT);
        return change(call, home, version, annotations, Json.object());
    }

    /** Takes an announcement back. */
    Optional<KubeObject> drop(Call call, Home home, long version) {
        return change(call, home, version, Json.object().putNull(Names.INTENT), Json.object());
    }

    /** A list of pods, and all objects. */
    List<JsonNode> lists(Call call, boolean pods) {
        String selector = layout.selector();
        return api.lists(
                call,
                pods
                        ? List.of(layout.objects() + selector, layout.pods() + selector)
                        : List.of(layout.objects() + selector));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.dcs.backend.Hints;
import dev.primacy.dcs.record.WalPositions;
import dev.primacy.time.Loop;
import dev.primacy.time.ThreadLoops;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists and watches the objects and pods of a scope, lists again after a gap, and gives hints: when something has changed
 * that a snapshot shows, and when a holder or a member is over, which changes no object. Signs of life are no hints; they
 * are noted here when they are seen.
 */
final class ScopeWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeWatch.class);
    private static final Duration IDLE = Duration.ofSeconds(5);
    /** Annotations that tell how far the WAL goes. */
    private static final Set<String> POSITIONS = Set.of(Names.MEMBER, "optime");

    private final Hints hints;
    private final Observations observations;
    private final Tenures tenures;
    private final String leader;
    private final List<SharedIndexInformer<GenericKubernetesResource>> informers = new ArrayList<>();
    private final Loop ends;
    private Set<String> over = Set.of();

    ScopeWatch(
            KubernetesClient client,
            Layout layout,
            boolean pods,
            Hints hints,
            Observations observations,
            Tenures tenures) {
        this.hints = hints;
        this.observations = observations;
        this.tenures = tenures;
        this.leader = layout.name(Home.LEADER);
        this.ends = new ThreadLoops((name, problem) -> LOG.warn("{}", name, problem))
                .start("kubernetes-ends-" + layout.prefix(), this::lookForEnds);
        Kind kind = layout.kind();
        int slash = kind.apiVersion().indexOf('/');
        String group = kind.apiVersion().substring(0, Math.max(0, slash));
        inform(client, layout, group, kind.apiVersion().substring(slash + 1), kind.kind(), kind.plural());
        if (pods) {
            inform(client, layout, "", "v1", "Pod", "pods");
        }
    }

    private void inform(
            KubernetesClient client, Layout layout, String group, String version, String kind, String plural) {
        ResourceDefinitionContext.Builder context = new ResourceDefinitionContext.Builder()
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true);
        if (!group.isEmpty()) {
            context.withGroup(group);
        }
        SharedIndexInformer<GenericKubernetesResource> informer = client.genericKubernetesResources(context.build())
                .inNamespace(layout.namespace())
                .withLabels(layout.labels())
                .runnableInformer(0);
        informer.exceptionHandler((started, problem) -> {
            LOG.debug("watching {} of {}: {}", plural, layout.prefix(), problem.toString());
            return true;
        });
        informer.addEventHandler(new Events());
        informers.add(informer);
        var unused = informer.start();
    }

    private Duration lookForEnds() {
        Set<String> now = observations.over();
        if (!over.containsAll(now)) {
            hints.give();
        }
        over = now;
        return observations.untilNextEnd(IDLE).plusMillis(1);
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
        ends.close();
    }

    /** What a snapshot shows of an object. */
    private static Map<String, Object> shown(GenericKubernetesResource object) {
        Map<String, Object> shown = new TreeMap<>();
        Map<String, String> annotations = annotations(object);
        annotations.forEach((name, value) -> {
            if (!name.equals(Names.RENEW_TIME) && !name.equals(Names.SESSION) && !name.equals(Names.STOPPED)) {
                shown.put(name, POSITIONS.contains(name) ? WalPositions.restOf(value) : value);
            }
        });
        Json.parseObject(annotations.getOrDefault(Names.SESSION, ""))
                .ifPresent(sign -> shown.put(Names.SESSION, sign.path("session").asText()));
        return shown;
    }

    private static Map<String, String> annotations(GenericKubernetesResource object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    /** Called on the client's threads. */
    private final class Events implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource object) {
            note(object);
            hints.give();
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
            note(after);
            if (!shown(before).equals(shown(after))) {
                hints.give();
            }
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean unknown) {
            hints.give();
        }

        private void note(GenericKubernetesResource object) {
            if (object.getMetadata().getName().equals(leader)) {
                tenures.lock(Optional.of(KubeObject.of(Json.of(object))));
                ends.wake();
            }
        }
    }
}

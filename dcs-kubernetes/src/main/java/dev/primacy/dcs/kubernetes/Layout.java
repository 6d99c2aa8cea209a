// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.dcs.CitusGroup;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How the objects of a scope are named and marked. Patroni leaves its own {@code namespace} out of names here, so {@code
 * /service/demo} is {@code demo}, and {@code /service/demo/0}, a Citus group, {@code demo-0}.
 *
 * @param prefix of all names
 * @param labels on every object
 */
record Layout(Kind kind, String namespace, String prefix, Map<String, String> labels, Optional<CitusGroup> group) {
    static final String GROUP_LABEL = "citus-group";
    private static final String NAME = "[a-z0-9]([a-z0-9.-]{0,50}[a-z0-9])?";

    Layout {
        labels = Map.copyOf(labels);
    }

    static Layout of(Options options, String path) {
        List<String> parts =
                Arrays.stream(path.split("/")).filter(part -> !part.isEmpty()).toList();
        List<String> names = parts.size() > 1 ? parts.subList(1, parts.size()) : parts;
        Optional<CitusGroup> group = Optional.of(names)
                .filter(all -> all.size() > 1)
                .flatMap(all -> CitusGroup.ofChild(all.get(all.size() - 1)));
        String scope = String.join("-", group.isPresent() ? names.subList(0, names.size() - 1) : names);
        return of(options, scope, group);
    }

    private static Layout of(Options options, String scope, Optional<CitusGroup> group) {
        if (!scope.matches(NAME)) {
            throw new IllegalArgumentException(
                    "kubernetes: the scope '" + scope + "' must consist of at most 52 lower-case"
                            + " letters, digits, dots and dashes, with a letter or digit at both ends, since objects are named"
                            + " after it");
        }
        Map<String, String> labels = new TreeMap<>(options.labels());
        labels.put(options.scopeLabel(), scope);
        group.ifPresent(number -> labels.put(GROUP_LABEL, number.toString()));
        String prefix = scope + group.map(number -> "-" + number).orElse("");
        return new Layout(options.kind(), options.namespace(), prefix, labels, group);
    }

    /** The layout of one of the groups of this whole. */
    Layout of(CitusGroup number) {
        Map<String, String> marked = new TreeMap<>(labels);
        marked.put(GROUP_LABEL, number.toString());
        return new Layout(kind, namespace, prefix + "-" + number, marked, Optional.of(number));
    }

    String name(Home home) {
        return prefix
                + (home == Home.LEADER ? kind.leaderSuffix() : "-" + home.name().toLowerCase(Locale.ROOT));
    }

    /** Where members lie that are no pods. */
    String memberPrefix() {
        return prefix + "-member-";
    }

    String objects() {
        return kind.path(namespace);
    }

    String object(Home home) {
        return objects() + "/" + name(home);
    }

    String pods() {
        return "/api/v1/namespaces/" + namespace + "/pods";
    }

    String slices() {
        return "/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices";
    }

    /** For the query of a list. */
    String selector() {
        return selector(labels);
    }

    static String selector(Map<String, String> labels) {
        return "?labelSelector=" + URLEncoder.encode(text(labels), StandardCharsets.UTF_8);
    }

    String labelSelector() {
        return text(labels);
    }

    private static String text(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the section {@code kubernetes} says.
 *
 * @param labels on every object of a scope, beside the one with its name
 * @param pods whether members are pods
 * @param ports of the leader's Endpoints, or EndpointSlices
 * @param slices whether EndpointSlices send clients to the leader
 * @param bypass whether requests go straight to the API servers, past the service in front of them
 * @param retriable codes of answers after which a read is repeated
 */
record Options(
        Kind kind,
        String namespace,
        Map<String, String> labels,
        String scopeLabel,
        Roles roles,
        boolean pods,
        Optional<String> podIp,
        ArrayNode ports,
        boolean slices,
        boolean bypass,
        Set<Integer> retriable,
        Optional<String> cacert,
        Optional<String> kubeconfig,
        Optional<String> context) {
    private static final Set<String> KNOWN = Set.of(
            "namespace",
            "labels",
            "scope_label",
            "role_label",
            "leader_label_value",
            "follower_label_value",
            "standby_leader_label_value",
            "tmp_role_label",
            "bootstrap_labels",
            "use_endpoints",
            "use_leases",
            "use_endpoint_slices",
            "bypass_api_service",
            "members",
            "pod_ip",
            "ports",
            "cacert",
            "retriable_http_codes",
            "kubeconfig",
            "context");
    private static final String LABEL_NAME =
            "([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";
    private static final String LABEL_VALUE = "([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?";
    private static final int DEFAULT_PORT = 5432;
    private static final int LAST_PORT = 65_535;

    Options {
        labels = Map.copyOf(labels);
        retriable = Set.copyOf(retriable);
    }

    static Options of(Map<String, Object> section) {
        Reader in = new Reader(section);
        new TreeSet<>(section.keySet())
                .stream()
                        .filter(key -> !KNOWN.contains(key))
                        .forEach(key -> in.problems.add("unknown key '" + key + "'"));
        String members = in.matching("members", "pods", "pods|objects", "pods or objects");
        Options options = new Options(
                kind(in),
                in.matching("namespace", "default", "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", "the name of a namespace"),
                in.labels("labels"),
                in.matching("scope_label", "cluster-name", LABEL_NAME, "the name of a label"),
                roles(in),
                members.equals("pods"),
                in.text("pod_ip"),
                ports(in),
                in.flag("use_endpoint_slices"),
                in.flag("bypass_api_service"),
                codes(in),
                in.text("cacert"),
                in.text("kubeconfig"),
                in.text("context"));
        if (options.slices && options.kind == Kind.ENDPOINTS) {
            in.problems.add(
                    "use_endpoints and use_endpoint_slices exclude each other: Kubernetes makes slices of Endpoints");
        }
        if (options.slices && !options.pods) {
            in.problems.add("use_endpoint_slices needs members that are pods");
        }
        in.requireNoProblems();
        return options;
    }

    private static Kind kind(Reader in) {
        boolean endpoints = in.flag("use_endpoints");
        boolean leases = in.flag("use_leases");
        if (endpoints && leases) {
            in.problems.add("use_endpoints and use_leases exclude each other");
        }
        return leases ? Kind.LEASES : endpoints ? Kind.ENDPOINTS : Kind.CONFIG_MAPS;
    }

    private static Roles roles(Reader in) {
        String value = "the value of a label";
        return new Roles(
                in.matching("role_label", "role", LABEL_NAME, "the name of a label"),
                in.matching("leader_label_value", "primary", LABEL_VALUE, value),
                in.matching("follower_label_value", "replica", LABEL_VALUE, value),
                in.matching("standby_leader_label_value", "primary", LABEL_VALUE, value),
                in.text("tmp_role_label")
                        .map(name -> in.matching("tmp_role_label", name, LABEL_NAME, "the name of a label")),
                in.labels("bootstrap_labels"));
    }

    private static ArrayNode ports(Reader in) {
        ArrayNode ports = Json.array();
        Object given = in.section.getOrDefault("ports", List.of(Map.of("port", DEFAULT_PORT)));
        JsonNode list = given instanceof String text ? Json.parse(text).orElseGet(Json::array) : Json.of(given);
        if (list.isArray()) {
            list.forEach(entry -> port(in, entry, ports.addObject()));
        }
        if (ports.isEmpty()) {
            in.problems.add("ports must be a list of mappings with a port, and a name and a protocol if wanted");
        }
        return ports;
    }

    private static void port(Reader in, JsonNode given, ObjectNode port) {
        if (given.hasNonNull("name")) {
            port.put("name", given.path("name").asText());
        }
        int number = given.path("port").asInt();
        port.put("port", number);
        port.put("protocol", given.path("protocol").asText("TCP"));
        if (number < 1 || number > LAST_PORT) {
            in.problems.add("each of ports must have a port from 1 to " + LAST_PORT);
        }
    }

    private static Set<Integer> codes(Reader in) {
        return in.list("retriable_http_codes").stream()
                .filter(code -> {
                    boolean legal = code.matches("[1-5][0-9]{2}");
                    if (!legal) {
                        in.problems.add("retriable_http_codes must be a list of HTTP codes, not '" + code + "'");
                    }
                    return legal;
                })
                .map(Integer::valueOf)
                .collect(Collectors.toSet());
    }

    /** As part of a URL's path. */
    static String escape(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Reads values and gathers what is wrong with them. */
    private static final class Reader {
        private static final Set<String> YES = Set.of("true", "on", "yes", "1");
        private static final Set<String> NO = Set.of("false", "off", "no", "0");

        private final Map<String, Object> section;
        private final List<String> problems = new ArrayList<>();

        private Reader(Map<String, Object> section) {
            this.section = section;
        }

        private Optional<String> text(String key) {
            return Optional.ofNullable(section.get(key))
                    .map(value -> value.toString().trim())
                    .filter(value -> !value.isEmpty());
        }

        private boolean flag(String key) {
            String value = text(key).orElse("false").toLowerCase(Locale.ROOT);
            if (!YES.contains(value) && !NO.contains(value)) {
                problems.add(key + " must be true or false, not '" + value + "'");
            }
            return YES.contains(value);
        }

        private String matching(String key, String otherwise, String pattern, String wanted) {
            String value = text(key).orElse(otherwise);
            if (!value.matches(pattern)) {
                problems.add(key + " must be " + wanted + ", not '" + value + "'");
            }
            return value;
        }

        private List<String> list(String key) {
            Object value = section.get(key);
            List<?> items = value instanceof List<?> list
                    ? list
                    : Arrays.asList(text(key).orElse("").split(","));
            return items.stream()
                    .map(item -> unquoted(String.valueOf(item)))
                    .filter(item -> !item.isEmpty())
                    .toList();
        }

        /** A mapping, or Patroni's text form: {@code a: b, c: d}. */
        private Map<String, String> labels(String key) {
            Map<String, String> labels = new LinkedHashMap<>();
            Object value = section.get(key);
            if (value instanceof Map<?, ?> map) {
                map.forEach((name, text) -> labels.put(String.valueOf(name), String.valueOf(text)));
            } else {
                for (String item : list(key)) {
                    String[] pair = item.replaceAll("^\\{|}$", "").split(":", 2);
                    labels.put(unquoted(pair[0]), pair.length == 2 ? unquoted(pair[1]) : "?");
                }
            }
            labels.forEach((name, text) -> {
                if (!name.matches(LABEL_NAME) || !text.matches(LABEL_VALUE)) {
                    problems.add(key + " must map names of labels to values, not '" + name + "' to '" + text + "'");
                }
            });
            return labels;
        }

        private static String unquoted(String text) {
            return text.trim().replaceAll("^(['\"])(.*)\\1$", "$2");
        }

        private void requireNoProblems() {
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException("kubernetes: " + String.join("; ", problems));
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the section {@code zookeeper} says. */
record Options(List<String> hosts, Duration tick) {
    private static final Set<String> KNOWN = Set.of("hosts", "tick_time");
    private static final String HOST = "(\\[[^\\]\\s]+]|[^\\[\\]:,/\\s]+)(:[0-9]{1,5})?";
    private static final int SHORTEST_TICK = 50;

    static Options of(Map<String, Object> section) {
        List<String> problems = new ArrayList<>();
        new TreeSet<>(section.keySet())
                .stream().filter(key -> !KNOWN.contains(key)).forEach(key -> problems.add("unknown key '" + key + "'"));
        List<String> hosts = hosts(section.get("hosts"));
        if (hosts.isEmpty()) {
            problems.add("hosts is missing; give a list of host:port");
        }
        hosts.stream()
                .filter(host -> !host.matches(HOST))
                .forEach(host -> problems.add("no host:port: '" + host + "'"));
        Object tick = section.getOrDefault("tick_time", 2000);
        if (!(tick instanceof Integer millis) || millis < SHORTEST_TICK) {
            problems.add("tick_time must be a whole number of milliseconds from " + SHORTEST_TICK + " on, not '" + tick
                    + "'");
            throw invalid(problems);
        }
        if (!problems.isEmpty()) {
            throw invalid(problems);
        }
        return new Options(hosts, Duration.ofMillis(millis));
    }

    private static IllegalArgumentException invalid(List<String> problems) {
        return new IllegalArgumentException("zookeeper: " + String.join("; ", problems));
    }

    /** A list, or Patroni's text form, where each host may be quoted. */
    private static List<String> hosts(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        List<?> parts = value instanceof List<?> list
                ? list
                : Arrays.asList(value.toString().split(","));
        return parts.stream()
                .map(part -> String.valueOf(part).trim().replaceAll("^(['\"])(.*)\\1$", "$2"))
                .filter(host -> !host.isEmpty())
                .toList();
    }

    String connectString() {
        return String.join(",", hosts);
    }
}

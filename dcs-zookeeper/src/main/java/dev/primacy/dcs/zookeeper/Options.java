// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the section {@code zookeeper} says. */
record Options(List<String> hosts, Duration tick, Optional<Tls> tls, Access access) {
    private static final String HOST = "(\\[[^\\]\\s]+]|[^\\[\\]:,/\\s]+)(:[0-9]{1,5})?";
    private static final int SHORTEST_TICK = 50;
    private static final int USUAL_TICK = 2000;

    static Options of(Map<String, Object> values) {
        Section section = new Section(values);
        List<String> hosts = hosts(section);
        Duration tick = tick(section);
        Optional<Tls> tls = Tls.of(section);
        Access access = Access.of(section);
        section.check("zookeeper");
        return new Options(hosts, tick, tls, access);
    }

    /** A list, or Patroni's text form, where each host may be quoted. */
    private static List<String> hosts(Section section) {
        Object value = section.value("hosts").orElse("");
        List<?> parts = value instanceof List<?> list
                ? list
                : Arrays.asList(value.toString().split(","));
        List<String> hosts = parts.stream()
                .map(part -> String.valueOf(part).trim().replaceAll("^(['\"])(.*)\\1$", "$2"))
                .filter(host -> !host.isEmpty())
                .toList();
        if (hosts.isEmpty()) {
            section.problem("hosts is missing; give a list of host:port");
        }
        hosts.stream()
                .filter(host -> !host.matches(HOST))
                .forEach(host -> section.problem("no host:port: '" + host + "'"));
        return hosts;
    }

    private static Duration tick(Section section) {
        Object tick = section.value("tick_time").orElse(USUAL_TICK);
        if (tick instanceof Integer millis && millis >= SHORTEST_TICK) {
            return Duration.ofMillis(millis);
        }
        section.problem(
                "tick_time must be a whole number of milliseconds from " + SHORTEST_TICK + " on, not '" + tick + "'");
        return Duration.ofMillis(USUAL_TICK);
    }

    String connectString() {
        return String.join(",", hosts);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.kiwiproject.consul.option.ConsistencyMode;

/**
 * What the section {@code consul} says.
 *
 * @param consistency of reads that decide nothing
 * @param checks health checks that a session depends on
 */
record Options(
        String url,
        Optional<String> token,
        Optional<String> dc,
        ConsistencyMode consistency,
        Optional<Tls> tls,
        List<String> checks,
        ServiceOptions service) {
    private static final Set<String> KNOWN = Set.of(
            "host",
            "port",
            "url",
            "scheme",
            "token",
            "dc",
            "consistency",
            "verify",
            "cacert",
            "cert",
            "key",
            "checks",
            "register_service",
            "service_tags",
            "service_check_interval",
            "service_check_tls_server_name");
    private static final Map<String, ConsistencyMode> CONSISTENCY = Map.of(
            "default", ConsistencyMode.DEFAULT,
            "consistent", ConsistencyMode.CONSISTENT,
            "stale", ConsistencyMode.STALE);
    private static final int LAST_PORT = 65_535;

    static Options of(Map<String, Object> section) {
        Reader in = new Reader(section);
        new TreeSet<>(section.keySet())
                .stream()
                        .filter(key -> !KNOWN.contains(key))
                        .forEach(key -> in.problems.add("unknown key '" + key + "'"));
        String url = url(in);
        Options options = new Options(
                url,
                in.text("token"),
                in.text("dc"),
                in.oneOf("consistency", "default", CONSISTENCY),
                tls(in, url),
                in.list("checks"),
                ServiceOptions.of(in));
        in.requireNoProblems();
        return options;
    }

    private static String url(Reader in) {
        Optional<String> given = in.text("url");
        String url = given.orElseGet(() -> {
            String host = in.text("host").orElse("127.0.0.1");
            int port = in.number("port", 8500, LAST_PORT);
            String scheme = in.text("scheme").orElse("http").toLowerCase(Locale.ROOT);
            boolean hasPort = host.matches("[^:]+:[0-9]+|\\[.*]:[0-9]+");
            boolean bare = host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("[");
            return scheme + "://" + (bare ? "[" + host + "]" : host) + (hasPort ? "" : ":" + port);
        });
        if (!isUsable(url)) {
            in.problems.add(
                    given.isPresent()
                            ? "url must be like http://host:port, and name no user"
                            : "host, port and scheme must make a URL like http://host:port, not '" + url + "'");
        }
        return url.replaceAll("/+$", "");
    }

    private static boolean isUsable(String url) {
        try {
            URI parsed = URI.create(url);
            return parsed.getScheme() != null
                    && parsed.getScheme().matches("https?")
                    && parsed.getHost() != null
                    && parsed.getUserInfo() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Optional<Tls> tls(Reader in, String url) {
        Optional<String> cacert = in.text("cacert");
        Optional<String> cert = in.text("cert");
        Optional<String> key = in.text("key");
        boolean verify = in.flag("verify", true);
        if (!url.startsWith("https:")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Tls.of(verify, cacert, cert, key));
        } catch (IllegalArgumentException e) {
            in.problems.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Consul at " + url;
    }

    /** Reads values and gathers what is wrong with them. */
    static final class Reader {
        private static final Set<String> YES = Set.of("true", "on", "yes", "1");
        private static final Set<String> NO = Set.of("false", "off", "no", "0");

        private final Map<String, Object> section;
        private final List<String> problems = new ArrayList<>();

        Reader(Map<String, Object> section) {
            this.section = section;
        }

        Optional<String> text(String key) {
            return Optional.ofNullable(section.get(key))
                    .map(value -> value.toString().trim())
                    .filter(value -> !value.isEmpty());
        }

        boolean flag(String key, boolean otherwise) {
            String value = text(key).orElse(String.valueOf(otherwise)).toLowerCase(Locale.ROOT);
            if (!YES.contains(value) && !NO.contains(value)) {
                problems.add(key + " must be true or false, not '" + value + "'");
            }
            return YES.contains(value);
        }

        int number(String key, int otherwise, int last) {
            String value = text(key).orElse(String.valueOf(otherwise));
            if (value.matches("[0-9]{1,9}") && Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= last) {
                return Integer.parseInt(value);
            }
            problems.add(key + " must be a whole number from 1 to " + last + ", not '" + value + "'");
            return otherwise;
        }

        <T> T oneOf(String key, String otherwise, Map<String, T> values) {
            String value = text(key).orElse(otherwise);
            T found = values.get(value);
            if (found == null) {
                problems.add(key + " must be one of " + new TreeSet<>(values.keySet()) + ", not '" + value + "'");
                return values.values().iterator().next();
            }
            return found;
        }

        String matching(String key, String otherwise, String pattern, String wanted) {
            String value = text(key).orElse(otherwise);
            if (!value.matches(pattern)) {
                problems.add(key + " must be " + wanted + ", not '" + value + "'");
            }
            return value;
        }

        /** A list, or Patroni's text form, where each item may be quoted. */
        List<String> list(String key) {
            Object value = section.get(key);
            List<?> items = value instanceof List<?> list
                    ? list
                    : Arrays.asList(text(key).orElse("").split(","));
            return items.stream()
                    .map(item -> String.valueOf(item).trim().replaceAll("^(['\"])(.*)\\1$", "$2"))
                    .filter(item -> !item.isEmpty())
                    .toList();
        }

        private void requireNoProblems() {
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException("consul: " + String.join("; ", problems));
            }
        }
    }
}

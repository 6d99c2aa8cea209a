// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.config;

import dev.primacy.dcs.record.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of a YAML file, which remembers its path, so that every problem names the setting. Problems are gathered,
 * not thrown: a person wants to see all of them at once.
 */
final class Section {
    private final String path;
    private final Map<String, Object> values;
    private final List<String> problems;

    Section(String path, Map<String, Object> values, List<String> problems) {
        this.path = path;
        this.values = values;
        this.problems = problems;
    }

    Map<String, Object> values() {
        return values;
    }

    boolean has(String key) {
        return values.get(key) != null;
    }

    Section section(String key) {
        return new Section(name(key), mapping(key), problems);
    }

    Map<String, Object> mapping(String key) {
        Object value = values.get(key);
        Map<String, Object> result = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((field, content) -> {
                if (content != null) {
                    result.put(String.valueOf(field), content);
                }
            });
        } else if (value != null) {
            problem(key, "is no mapping");
        }
        return result;
    }

    Optional<String> text(String key) {
        Object value = values.get(key);
        if (value instanceof Map || value instanceof List) {
            problem(key, "is no plain value");
            return Optional.empty();
        }
        return Optional.ofNullable(value).map(String::valueOf);
    }

    String text(String key, String otherwise) {
        return text(key).orElse(otherwise);
    }

    String required(String key) {
        Optional<String> value = text(key).filter(text -> !text.isBlank());
        if (value.isEmpty()) {
            problem(key, "is missing");
        }
        return value.orElse("missing");
    }

    /** Whether it is set to one of Patroni's words for yes. */
    boolean flag(String key) {
        return parsed(
                        key,
                        text -> switch (text.toLowerCase(Locale.ROOT)) {
                            case "on", "true", "yes", "1" -> true;
                            case "off", "false", "no", "0" -> false;
                            default -> throw new IllegalArgumentException();
                        },
                        "is neither true nor false")
                .orElse(false);
    }

    long number(String key, long otherwise) {
        return parsed(key, Long::valueOf, "is no whole number").orElse(otherwise);
    }

    Duration seconds(String key, Duration otherwise) {
        return parsed(
                        key,
                        text -> Duration.ofMillis(Math.round(Double.parseDouble(text) * 1000)),
                        "is no number of seconds")
                .orElse(otherwise);
    }

    Optional<Address> address(String key) {
        return parsed(key, Address::parse, "is no host:port");
    }

    /** A list; a comma-separated text counts as one. Mappings in it become {@code key=value}. */
    List<String> list(String key) {
        Object value = values.get(key);
        List<String> result = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> result.add(item(item)));
        } else if (value != null) {
            text(key).ifPresent(text -> result.addAll(List.of(text.split("\\s*,\\s*"))));
        }
        return result;
    }

    private static String item(@Nullable Object item) {
        if (item instanceof Map<?, ?> map && map.size() == 1) {
            Map.Entry<?, ?> only = map.entrySet().iterator().next();
            return only.getKey() + "=" + only.getValue();
        }
        return String.valueOf(item);
    }

    void problem(String key, String what) {
        problems.add(name(key) + " " + what);
    }

    private <T> Optional<T> parsed(String key, Function<String, T> parse, String complaint) {
        Optional<String> value = text(key);
        try {
            return value.map(parse);
        } catch (IllegalArgumentException e) {
            problem(key, complaint + ": '" + value.orElse("") + "'");
            return Optional.empty();
        }
    }

    private String name(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}

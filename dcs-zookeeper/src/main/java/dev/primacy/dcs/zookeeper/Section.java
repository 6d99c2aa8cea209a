// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads a section of the configuration and gathers all that is wrong with it. */
final class Section {
    private static final Set<String> YES = Set.of("true", "on", "yes", "1");
    private static final Set<String> NO = Set.of("false", "off", "no", "0");

    private final Map<String, Object> values;
    private final Set<String> known = new HashSet<>();
    private final List<String> problems = new ArrayList<>();

    Section(Map<String, Object> values) {
        this.values = values;
    }

    Optional<Object> value(String key) {
        known.add(key);
        return Optional.ofNullable(values.get(key));
    }

    Optional<String> text(String key) {
        return value(key).map(String::valueOf).filter(text -> !text.isEmpty());
    }

    boolean flag(String key, boolean otherwise) {
        Optional<String> text = text(key).map(value -> value.toLowerCase(Locale.ROOT));
        if (text.isPresent() && !YES.contains(text.get()) && !NO.contains(text.get())) {
            problem(key + " must be true or false, not '" + text.get() + "'");
        }
        return text.map(YES::contains).orElse(otherwise);
    }

    Optional<Path> file(String key) {
        Optional<Path> file = text(key).map(Path::of);
        file.filter(path -> !Files.isReadable(path))
                .ifPresent(path -> problem(key + ": no readable file '" + path + "'"));
        return file;
    }

    void problem(String problem) {
        problems.add(problem);
    }

    /**
     * To be called when everything has been asked for.
     *
     * @throws IllegalArgumentException with all problems, keys that nobody asked for included
     */
    void check(String name) {
        List<String> all = new ArrayList<>();
        new TreeSet<>(values.keySet())
                .stream().filter(key -> !known.contains(key)).forEach(key -> all.add("unknown key '" + key + "'"));
        all.addAll(problems);
        if (!all.isEmpty()) {
            throw new IllegalArgumentException(name + ": " + String.join("; ", all));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Recorded values by key.
 *
 * @param values of keys as in a store; a key with a dash is a variant that stands in no store beside the key itself
 */
record Tree(SortedMap<String, String> values) {
    static final List<String> STORES = List.of("etcd3", "consul", "zookeeper");
    private static final Path GOLDEN =
            Path.of(System.getProperty("project.root", "."), "dcs-api/src/test/resources/golden");
    private static final String MEMBERS = "members/";

    static Tree read(String name) {
        Path root = GOLDEN.resolve(name);
        TreeMap<String, String> values = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                values.put(root.relativize(file).toString().replace('\\', '/'), Files.readString(file, UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Tree(values);
    }

    static String text(String file) throws IOException {
        return Files.readString(GOLDEN.resolve(file), UTF_8);
    }

    void write(String name) throws IOException {
        for (Map.Entry<String, String> value : values.entrySet()) {
            Path file = GOLDEN.resolve(name).resolve(value.getKey());
            Files.createDirectories(file.resolve("..").normalize());
            Files.writeString(file, value.getValue(), UTF_8);
        }
    }

    String get(String key) {
        return Optional.ofNullable(values.get(key)).orElseThrow(() -> new AssertionError("not recorded: " + key));
    }

    /** As a store would show it. */
    Snapshot snapshot() {
        Optional<Lock> leader =
                Optional.ofNullable(values.get("leader")).map(name -> new Lock(name, "s", 1, new Version(1)));
        TreeMap<String, Stored> members = new TreeMap<>();
        Map<RecordKey, Stored> records = new HashMap<>();
        values.forEach((key, value) -> {
            Stored stored = new Stored(value, new Version(1));
            if (key.startsWith(MEMBERS)) {
                members.put(key.substring(MEMBERS.length()), stored);
            } else if (!key.equals("leader") && !key.contains("-")) {
                records.put(new RecordKey(key), stored);
            }
        });
        return new Snapshot(leader, members, records);
    }

    /** As a store would show its groups. */
    SortedMap<CitusGroup, Snapshot> groups() {
        SortedMap<CitusGroup, Tree> trees = new TreeMap<>();
        values.forEach((path, value) -> {
            String[] parts = path.split("/", 2);
            CitusGroup.ofChild(parts[0])
                    .ifPresent(group -> trees.computeIfAbsent(group, number -> new Tree(new TreeMap<>()))
                            .values
                            .put(parts[1], value));
        });
        TreeMap<CitusGroup, Snapshot> groups = new TreeMap<>();
        trees.forEach((group, tree) -> groups.put(group, tree.snapshot()));
        return groups;
    }
}

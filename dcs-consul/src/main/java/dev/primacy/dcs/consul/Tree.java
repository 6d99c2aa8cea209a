// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.record.WalPositions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.kiwiproject.consul.model.kv.Value;
import org.kiwiproject.consul.option.ConsistencyMode;
import org.kiwiproject.consul.option.ImmutableQueryOptions;

/** Where things lie, and how they are read: always from a leader that has made sure that it leads. */
final class Tree {
    private static final String LEADER = "leader";
    private static final String MEMBERS = "members/";

    final String base;
    private final Agent agent;

    /**
     * A scope's tree.
     *
     * @param path with a leading slash, which Consul's keys do not have
     * @throws IllegalArgumentException if no keys can lie there
     */
    Tree(Agent agent, String path) {
        this.agent = agent;
        this.base = path.substring(Math.min(1, path.length()));
        if (base.isEmpty() || Stream.of(base.split("/")).anyMatch(part -> part.equals(".") || part.equals(".."))) {
            throw new IllegalArgumentException("no path for a scope in Consul: '" + path + "'");
        }
    }

    String leader() {
        return base + "/" + LEADER;
    }

    String member(String name) {
        return base + "/" + MEMBERS + name;
    }

    String record(RecordKey key) {
        return base + "/" + key.path();
    }

    /** Where nothing ever is: deleting it goes the way of every write and changes nothing. */
    String nothing() {
        return leader() + "/nothing";
    }

    Snapshot read(Call call) {
        return snapshot(base, readAll(call));
    }

    /** Of each Citus group, what lies in its scope. */
    SortedMap<CitusGroup, Snapshot> groups(Call call) {
        SortedMap<CitusGroup, List<Value>> found = new TreeMap<>();
        for (Value value : readAll(call)) {
            CitusGroup.ofPath(value.getKey().substring(base.length() + 1))
                    .ifPresent(group -> found.computeIfAbsent(group, first -> new ArrayList<>())
                            .add(value));
        }
        SortedMap<CitusGroup, Snapshot> groups = new TreeMap<>();
        found.forEach((group, values) -> groups.put(group, snapshot(group.path(base), values)));
        return groups;
    }

    private List<Value> readAll(Call call) {
        var options = ImmutableQueryOptions.builder()
                .consistencyMode(ConsistencyMode.CONSISTENT)
                .datacenter(agent.options().dc())
                .build();
        List<Value> found = agent.read(call, consul -> consul.keyValueClient().getValues(base + "/", options));
        if (found.isEmpty()) {
            // A token that may read nothing sees an empty tree; asking for one key tells the difference.
            var unused = agent.read(call, consul -> consul.keyValueClient().getValue(leader(), options));
        }
        return found;
    }

    private static Snapshot snapshot(String base, List<Value> values) {
        Optional<Lock> leader = Optional.empty();
        TreeMap<String, Stored> members = new TreeMap<>();
        Map<RecordKey, Stored> records = new HashMap<>();
        for (Value value : values) {
            String key = value.getKey().substring(base.length() + 1);
            if (key.equals(LEADER)) {
                leader = lock(value);
            } else if (!key.startsWith(MEMBERS)) {
                RecordKey.ofPath(key).ifPresent(known -> records.put(known, stored(value)));
            } else if (value.getSession().isPresent()) {
                members.put(key.substring(MEMBERS.length()), stored(value));
            }
        }
        return new Snapshot(leader, members, records);
    }

    /** What is worth a hint when it changes: of members and of the status all but the WAL positions. */
    Map<String, List<Object>> telling(List<Value> values) {
        Map<String, List<Object>> telling = new HashMap<>();
        for (Value value : values) {
            String key = value.getKey();
            boolean positions = key.equals(record(RecordKey.STATUS)) || key.startsWith(member(""));
            telling.put(
                    key,
                    positions
                            ? List.of(WalPositions.restOf(text(value)), value.getSession())
                            : List.of(value.getModifyIndex()));
        }
        return telling;
    }

    /** One key, now. */
    Optional<Value> look(Call call, String key) {
        return new Transaction(agent, call).get(key).commit().values().stream().findFirst();
    }

    /** What no session carries is nobody's lock: no lease stands behind it, and no end of one would ever delete it. */
    static Optional<Lock> lock(Value leader) {
        return leader.getSession()
                .map(session ->
                        new Lock(text(leader), session, leader.getModifyIndex(), new Version(leader.getModifyIndex())));
    }

    static Stored stored(Value value) {
        return new Stored(text(value), new Version(value.getModifyIndex()));
    }

    static String text(Value value) {
        return value.getValueAsString(StandardCharsets.UTF_8).orElse("");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.zookeeper.CreateMode;

/** Where things lie, and how all of it is read. */
final class Tree {
    private static final String LEADER = "leader";
    private static final String MEMBERS = "members";
    private static final String TERM = "term";
    /** Patroni's former place of the leader's position. */
    private static final String OPTIME = "optime";

    private static final RecordKey OPTIME_LEADER = new RecordKey("optime/leader");
    private static final Pattern RECORD = Pattern.compile("[a-z]+");

    final String base;

    Tree(String base) {
        this.base = base;
    }

    String leader() {
        return base + "/" + LEADER;
    }

    /** Written by every acquisition, unknown to Patroni: tells one tenure's znode from the next one's. */
    String term() {
        return base + "/" + TERM;
    }

    String member(String name) {
        return base + "/" + MEMBERS + "/" + name;
    }

    String record(RecordKey key) {
        return base + "/" + key.path();
    }

    /** All reads are sent before the first answer is waited for. */
    Snapshot read(Call call, Session session) {
        CompletableFuture<?> synced = session.sync(base);
        CompletableFuture<List<String>> names = session.children(base);
        CompletableFuture<List<String>> memberNames = session.children(base + "/" + MEMBERS);
        CompletableFuture<Optional<Node>> leader = session.read(leader());
        CompletableFuture<Optional<Node>> optime = session.read(record(OPTIME_LEADER));
        call.read(synced);
        var members = readAll(session, call.read(memberNames), Function.identity(), this::member);
        var records = readAll(
                session,
                call.read(names).stream().filter(Tree::isRecord).toList(),
                RecordKey::new,
                name -> base + "/" + name);
        records.put(OPTIME_LEADER, optime);
        Optional<Lock> lock = call.read(leader).map(Node::lock);
        SortedMap<String, Stored> seen = new TreeMap<>(answers(call, members));
        return new Snapshot(lock, seen, answers(call, records));
    }

    private static boolean isRecord(String name) {
        return RECORD.matcher(name).matches()
                && !List.of(LEADER, MEMBERS, TERM, OPTIME).contains(name);
    }

    private static <K> Map<K, CompletableFuture<Optional<Node>>> readAll(
            Session session, List<String> names, Function<String, K> key, Function<String, String> path) {
        return names.stream()
                .collect(Collectors.toMap(
                        key, name -> session.read(path.apply(name)), (one, other) -> one, HashMap::new));
    }

    private static <K> Map<K, Stored> answers(Call call, Map<K, CompletableFuture<Optional<Node>>> asked) {
        Map<K, Stored> found = new HashMap<>();
        asked.forEach((key, answer) -> call.read(answer).ifPresent(node -> found.put(key, node.stored())));
        return found;
    }

    /** Makes what lies above {@code path}, where it is missing. */
    static void makeParents(Call call, Session session, String path) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            make(call, session, path.substring(0, slash));
        }
    }

    /** Makes an empty znode that stays, unless it exists. */
    static void make(Call call, Session session, String path) {
        call.write(session.create(path, new byte[0], CreateMode.PERSISTENT));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.CitusGroup;
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
import java.util.regex.Pattern;

/** Where things lie, and how all of it is read. */
final class Tree {
    private static final String LEADER = "leader";
    private static final String MEMBERS = "members";
    private static final String TERM = "term";
    private static final String OPTIME = "optime";
    private static final Pattern RECORD = Pattern.compile("[a-z]+");
    private static final Pattern NESTED = Pattern.compile("[^/\\p{Cntrl}]+");

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

    /** No older than the call. */
    Snapshot read(Call call, Session session) {
        CompletableFuture<?> caughtUp = session.catchUp(base);
        Snapshot seen = readOn(call, session);
        call.read(caughtUp);
        return seen;
    }

    /** Reads are sent before the answers to earlier ones are waited for. */
    private Snapshot readOn(Call call, Session session) {
        CompletableFuture<List<String>> names = session.children(base);
        CompletableFuture<List<String>> memberNames = session.children(base + "/" + MEMBERS);
        CompletableFuture<Optional<Node>> leader = session.read(leader());
        Map<String, Node> members = readAll(call, session, MEMBERS + "/", call.read(memberNames));
        Map<String, Node> records = readAll(
                call,
                session,
                "",
                call.read(names).stream().filter(Tree::isRecord).toList());
        // A folder of Patroni's that has nothing in it.
        records.computeIfPresent(
                OPTIME, (name, node) -> node.value().isEmpty() && node.stat().getNumChildren() == 0 ? null : node);
        Map.copyOf(records).forEach((parent, node) -> {
            if (node.stat().getNumChildren() > 0) {
                readNested(call, session, parent, node, records);
            }
        });
        TreeMap<String, Stored> seenMembers = new TreeMap<>();
        members.forEach((path, node) -> seenMembers.put(path.substring(MEMBERS.length() + 1), node.stored()));
        Map<RecordKey, Stored> seenRecords = new HashMap<>();
        records.forEach((path, node) -> seenRecords.put(new RecordKey(path), node.stored()));
        return new Snapshot(call.read(leader).map(Node::lock), seenMembers, seenRecords);
    }

    /** Of each Citus group that has anything, what lies in its scope. */
    SortedMap<CitusGroup, Snapshot> groups(Call call, Session session) {
        CompletableFuture<?> caughtUp = session.catchUp(base);
        CompletableFuture<List<String>> names = session.children(base);
        call.read(caughtUp);
        SortedMap<CitusGroup, Snapshot> groups = new TreeMap<>();
        for (String name : call.read(names)) {
            CitusGroup.ofChild(name).ifPresent(group -> {
                Snapshot seen = new Tree(group.path(base)).readOn(call, session);
                if (!seen.equals(Snapshot.EMPTY)) {
                    groups.put(group, seen);
                }
            });
        }
        return groups;
    }

    /** As Patroni's former {@code optime/leader}, where {@code optime} is nothing by itself. */
    private void readNested(Call call, Session session, String parent, Node node, Map<String, Node> records) {
        List<String> names = call.read(session.children(base + "/" + parent)).stream()
                .filter(name -> NESTED.matcher(name).matches())
                .toList();
        if (node.value().isEmpty()) {
            records.remove(parent);
        }
        records.putAll(readAll(call, session, parent + "/", names));
    }

    private static boolean isRecord(String name) {
        return RECORD.matcher(name).matches() && !List.of(LEADER, MEMBERS, TERM).contains(name);
    }

    private Map<String, Node> readAll(Call call, Session session, String prefix, List<String> names) {
        Map<String, CompletableFuture<Optional<Node>>> asked = new HashMap<>();
        names.forEach(name -> asked.put(prefix + name, session.read(base + "/" + prefix + name)));
        Map<String, Node> found = new HashMap<>();
        asked.forEach((path, answer) -> call.read(answer).ifPresent(node -> found.put(path, node)));
        return found;
    }

    /**
     * Makes what lies above {@code path}, where it is missing. Begins below, since where only an administrator may create
     * {@code /service}, the attempt would be refused though it is there.
     */
    static void makeParents(Call call, Session session, String path) {
        String parent = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        if (!parent.isEmpty() && call.write(session.make(parent)).isEmpty()) {
            makeParents(call, session, parent);
            call.write(session.make(parent));
        }
    }
}

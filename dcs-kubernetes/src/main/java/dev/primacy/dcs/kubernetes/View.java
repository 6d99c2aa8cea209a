// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import dev.primacy.dcs.Stored;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The objects of a scope as one list showed them, which is one moment.
 *
 * @param revision of the list
 * @param lock the lock, if its holder lives as far as we know
 * @param others objects with other names: members that are no pods
 */
record View(long revision, Map<Home, KubeObject> objects, Optional<Lock> lock, List<KubeObject> others) {
    /** A view of the objects that this scope has in a list. */
    static View of(Layout layout, JsonNode list, Tenures tenures) {
        Map<Home, KubeObject> objects = new EnumMap<>(Home.class);
        List<KubeObject> others = new ArrayList<>();
        for (JsonNode item : list.path("items")) {
            KubeObject object = KubeObject.of(item);
            Optional<Home> home = Arrays.stream(Home.values())
                    .filter(each -> layout.name(each).equals(object.name()))
                    .findFirst();
            home.ifPresentOrElse(each -> objects.put(each, object), () -> others.add(object));
        }
        return new View(
                KubeObject.version(list.path("metadata")),
                objects,
                tenures.lock(Optional.ofNullable(objects.get(Home.LEADER))),
                others);
    }

    Optional<KubeObject> object(Home home) {
        return Optional.ofNullable(objects.get(home));
    }

    /** An object's annotations; with what a transaction has made of them, if it succeeded and could not say so here yet. */
    private Map<String, String> annotations(Home home) {
        Map<String, String> seen = object(home).map(KubeObject::annotations).orElse(Map.of());
        Optional<Intent> intent = intent(home).filter(this::isCommitted);
        if (intent.isEmpty()) {
            return seen;
        }
        Map<String, String> after = new TreeMap<>(seen);
        intent.get().annotations().properties().forEach(change -> {
            if (change.getValue().isNull()) {
                after.remove(change.getKey());
            } else {
                after.put(change.getKey(), change.getValue().asText());
            }
        });
        return after;
    }

    Map<RecordKey, Stored> records() {
        Map<RecordKey, Stored> all = new HashMap<>();
        objects.forEach((home, object) -> all.putAll(Records.read(home, annotations(home), object.version())));
        return all;
    }

    Optional<Stored> record(RecordKey key) {
        Home home = Home.of(key);
        return object(home)
                .map(object ->
                        Records.read(home, annotations(home), object.version()).get(key));
    }

    boolean holds(RecordWrite write) {
        Optional<Stored> now = record(write.key());
        if (write.expected() instanceof Expected.At at) {
            return now.filter(stored -> stored.version().equals(at.version())).isPresent();
        }
        return write.expected() instanceof Expected.Anything || now.isEmpty();
    }

    /** Why these writes cannot be done. */
    Optional<String> refusal(List<RecordWrite> writes) {
        return writes.stream()
                .filter(write -> !holds(write))
                .findFirst()
                .map(write -> "'" + write.key() + "' was changed by somebody else");
    }

    String holder() {
        return "the lock is held by " + lock.map(Lock::holder).orElse("nobody");
    }

    /** The change of an object that this view shows, or does not show. */
    Edit edit(Home home) {
        return new Edit(
                home,
                object(home).map(KubeObject::annotations).orElse(Map.of()),
                object(home).map(KubeObject::version).orElse(revision));
    }

    /** What some transaction has announced for an object. */
    Optional<Intent> intent(Home home) {
        return object(home)
                .map(object -> object.annotations().get(Names.INTENT))
                .flatMap(Json::parseObject)
                .filter(json -> json.path("annotations") instanceof ObjectNode)
                .map(json -> new Intent(
                        json.path("transaction").asText(), json.path("guard").asLong(), (ObjectNode)
                                json.path("annotations")));
    }

    boolean isCommitted(Intent intent) {
        return object(Home.LEADER)
                .map(leader -> leader.annotations().get(Names.COMMITTED))
                .filter(intent.transaction()::equals)
                .isPresent();
    }

    /** Whether it may still succeed: that takes the leader's object in the state that it was begun with. */
    boolean mayCommit(Intent intent) {
        return object(Home.LEADER)
                .filter(leader -> leader.version() == intent.guard())
                .isPresent();
    }

    /**
     * What a transaction will make of an object.
     *
     * @param guard version of the leader's object, which the transaction replaces if it succeeds
     */
    record Intent(String transaction, long guard, ObjectNode annotations) {}
}

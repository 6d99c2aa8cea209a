// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import com.google.protobuf.ByteString;
import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.record.WalPositions;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeRequest.SortOrder;
import io.etcd.jetcd.api.RangeRequest.SortTarget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Where things lie in a scope, and what they mean. */
final class Keys {
    private static final String LEADER = "leader";
    private static final String MEMBERS = "members/";

    private final String base;
    private final ByteString members;
    private final ByteString status;

    /** A scope at this path, for example {@code /service/demo}. */
    Keys(String path) {
        base = path + "/";
        members = key(MEMBERS);
        status = record(RecordKey.STATUS);
    }

    String base() {
        return base;
    }

    ByteString leader() {
        return key(LEADER);
    }

    ByteString member(String name) {
        return key(RecordKey.memberPath(name));
    }

    ByteString record(RecordKey key) {
        return key(key.path());
    }

    private ByteString key(String name) {
        return ByteString.copyFromUtf8(base + name);
    }

    ByteString first() {
        return key("");
    }

    /** The first key behind the scope: its last byte, a slash, counted up by one. */
    ByteString end() {
        return ByteString.copyFromUtf8(base.substring(0, base.length() - 1) + (char) ('/' + 1));
    }

    RangeRequest.Builder all() {
        return RangeRequest.newBuilder().setKey(first()).setRangeEnd(end());
    }

    /** The entry that was written last, without its value, and the count of all. */
    RangeRequest.Builder newest() {
        return all().setSortTarget(SortTarget.MOD)
                .setSortOrder(SortOrder.DESCEND)
                .setLimit(1)
                .setKeysOnly(true);
    }

    /** The lock as its key says it: a tenure begins with each write of the key, and its session is the key's lease. */
    static Lock lock(KeyValue leader) {
        return new Lock(
                leader.getValue().toStringUtf8(),
                session(leader.getLease()),
                leader.getModRevision(),
                new Version(leader.getModRevision()));
    }

    static Stored stored(KeyValue record) {
        return new Stored(record.getValue().toStringUtf8(), new Version(record.getModRevision()));
    }

    /** Whether these two values of one key differ in WAL positions alone. */
    boolean onlyMoved(KeyValue before, KeyValue after) {
        ByteString key = after.getKey();
        return (key.startsWith(members) || key.equals(status))
                && before.getLease() == after.getLease()
                && WalPositions.onlyMoved(
                        before.getValue().toStringUtf8(), after.getValue().toStringUtf8());
    }

    static String session(long lease) {
        return Long.toHexString(lease);
    }

    /** Of each Citus group, what lies in its scope. */
    SortedMap<CitusGroup, Snapshot> groups(Collection<KeyValue> entries) {
        SortedMap<CitusGroup, List<KeyValue>> found = new TreeMap<>();
        for (KeyValue entry : entries) {
            CitusGroup.ofPath(entry.getKey().toStringUtf8().substring(base.length()))
                    .ifPresent(group -> found.computeIfAbsent(group, first -> new ArrayList<>())
                            .add(entry));
        }
        SortedMap<CitusGroup, Snapshot> groups = new TreeMap<>();
        found.forEach((group, of) -> groups.put(group, new Keys(base + group).snapshot(of)));
        return groups;
    }

    /** Leaves out what is no record of this scope, such as the keys of a Citus group. */
    Snapshot snapshot(Collection<KeyValue> entries) {
        Optional<Lock> lock = Optional.empty();
        SortedMap<String, Stored> members = new TreeMap<>();
        Map<RecordKey, Stored> records = new HashMap<>();
        for (KeyValue entry : entries) {
            String name = entry.getKey().toStringUtf8().substring(base.length());
            if (name.equals(LEADER)) {
                lock = Optional.of(lock(entry));
            } else if (name.startsWith(MEMBERS) && name.indexOf('/', MEMBERS.length()) < 0) {
                members.put(name.substring(MEMBERS.length()), stored(entry));
            } else {
                RecordKey.ofPath(name).ifPresent(key -> records.put(key, stored(entry)));
            }
        }
        return new Snapshot(lock, members, records);
    }
}

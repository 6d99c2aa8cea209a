// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import java.nio.charset.StandardCharsets;
import org.apache.zookeeper.data.Stat;

/** A znode as it was read. */
record Node(String value, Stat stat) {
    static Node of(byte @org.jspecify.annotations.Nullable [] data, Stat stat) {
        return new Node(data == null ? "" : new String(data, StandardCharsets.UTF_8), stat);
    }

    /** The version is the last change's zxid: the data version starts again at 0 when a znode is made anew. */
    Stored stored() {
        return new Stored(value, new Version(stat.getMzxid()));
    }

    /** This znode as the leader lock. Its term is the zxid that made it. */
    Lock lock() {
        return new Lock(value, Session.idOf(stat.getEphemeralOwner()), stat.getCzxid(), new Version(stat.getMzxid()));
    }

    boolean belongsTo(Session session) {
        return Session.idOf(stat.getEphemeralOwner()).equals(session.id());
    }
}

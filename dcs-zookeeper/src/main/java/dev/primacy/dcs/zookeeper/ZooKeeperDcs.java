// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;

/** One scope in ZooKeeper: the leader lock and the members are ephemeral znodes of one session. */
final class ZooKeeperDcs implements Dcs {
    private final Connection connection;
    private final Tree tree;
    private final LeaderLock lock;

    ZooKeeperDcs(Connection connection) {
        this.connection = connection;
        this.tree = new Tree(connection.base());
        this.lock = new LeaderLock(connection, tree);
    }

    @Override
    public DcsCapabilities capabilities() {
        return new DcsCapabilities(connection.ttl(), Records.MAX_VALUE_BYTES, false);
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        Call call = connection.call("reading", tree.base, timeout);
        return tree.read(call, connection.session(call));
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        String path = tree.record(write.key());
        Call call = connection.call("writing", path, timeout);
        while (true) {
            Session session = connection.session(call);
            Optional<Node> now = readLatest(call, session, path);
            if (!Records.holds(write, now)) {
                return new WriteOutcome.Conflict(now.map(Node::stored));
            }
            Optional<Version> written = Records.write(call, session, path, write, now);
            if (written.isPresent()) {
                return new WriteOutcome.Done(written.get());
            }
            Tree.makeParents(call, session, path);
        }
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        return lock.acquire(claim, timeout);
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        return lock.renew(held, status, timeout);
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        return lock.release(held, with, timeout);
    }

    @Override
    public void register(String name, String value, Duration timeout) {
        String path = tree.member(name);
        Call call = connection.call("registering", path, timeout);
        while (true) {
            Session session = connection.session(call);
            Optional<Node> now = readLatest(call, session, path);
            if (now.isPresent()
                    && now.get().belongsTo(session)
                    && now.get().value().equals(value)) {
                return;
            }
            if (publish(call, session, path, value, now)) {
                return;
            }
            Tree.makeParents(call, session, path);
        }
    }

    private static boolean publish(Call call, Session session, String path, String value, Optional<Node> now) {
        byte[] bytes = Records.bytes(call, value);
        if (now.isEmpty()) {
            return call.write(session.create(path, bytes, CreateMode.EPHEMERAL)).isPresent();
        }
        int version = now.get().stat().getVersion();
        if (now.get().belongsTo(session)) {
            return call.write(session.set(path, bytes, version)).isPresent();
        }
        // An ephemeral znode cannot change hands, and another session's would vanish with that session.
        List<Op> operations = List.of(Op.delete(path, version), Records.ephemeral(call, path, value));
        return call.write(session.commit(operations)).isPresent();
    }

    private static Optional<Node> readLatest(Call call, Session session, String path) {
        var synced = session.sync(path);
        var now = session.read(path);
        call.read(synced);
        return call.read(now);
    }

    @Override
    public Watch watch(Runnable hint) {
        return connection.watch(hint);
    }

    @Override
    public void close() {
        connection.close();
    }
}

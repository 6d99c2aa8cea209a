// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.GroupReader;
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
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;

/** One scope in ZooKeeper: the leader lock and the members are ephemeral znodes of one session. */
final class ZooKeeperDcs implements Dcs, GroupReader {
    private final ZooKeeperClient client;
    private final OwnSession own;
    private final Tree tree;
    private final LeaderLock lock;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    ZooKeeperDcs(ZooKeeperClient client, Scope scope, OwnSession own) {
        this.client = client;
        this.own = own;
        this.tree = new Tree(scope.path());
        this.lock = new LeaderLock(own, tree);
    }

    @Override
    public DcsCapabilities capabilities() {
        return new DcsCapabilities(own.ttl(), Records.MAX_VALUE_BYTES, false);
    }

    private Call call(String doing, String path, Duration timeout) {
        Call call = client.call(doing, path, timeout);
        if (closed.get()) {
            throw call.unreachable("closed; no answer", Optional.empty());
        }
        return call;
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        Call call = call("reading", tree.base, timeout);
        return tree.read(call, client.session(call));
    }

    @Override
    public SortedMap<CitusGroup, Snapshot> groups(Duration timeout) {
        Call call = call("reading the groups of", tree.base, timeout);
        return tree.groups(call, client.session(call));
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        String path = tree.record(write.key());
        Call call = call("writing", path, timeout);
        while (true) {
            Session session = client.session(call);
            CompletableFuture<?> caughtUp = session.catchUp(path);
            // Before the record: whatever is deleted after this read changes it.
            CompletableFuture<Optional<Node>> term = session.read(tree.term());
            CompletableFuture<Optional<Node>> asked = session.read(path);
            call.read(caughtUp);
            Optional<Node> now = call.read(asked);
            if (!Records.holds(write, now)) {
                return new WriteOutcome.Conflict(now.map(Node::stored));
            }
            if (now.isPresent()
                    && Records.dependsOnTerm(write)
                    && call.read(term).isEmpty()) {
                Tree.makeParents(call, session, tree.term());
                call.write(session.make(tree.term()));
                continue;
            }
            Optional<Version> written = Records.write(call, session, tree, write, now, call.read(term));
            if (written.isPresent()) {
                return new WriteOutcome.Done(written.get());
            }
            Tree.makeParents(call, session, path);
        }
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        return lock.acquire(claim, call("acquiring", tree.leader(), timeout));
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        return lock.renew(held, status, call("renewing", tree.leader(), timeout));
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        return lock.release(held, with, call("releasing", tree.leader(), timeout));
    }

    @Override
    public void register(String name, String value, Duration timeout) {
        String path = tree.member(name);
        Call call = call("registering", path, timeout);
        if (name.isEmpty() || name.contains("/")) {
            throw call.rejected("a member's name must not be empty or hold a slash");
        }
        while (true) {
            Session session = own.session(call);
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
        List<Op> operations = List.of(Op.delete(path, version), session.creation(path, bytes, CreateMode.EPHEMERAL));
        return call.write(session.commit(path, operations)).isPresent();
    }

    /** From a leader that was replaced it may be old, which costs another try: what is written depends on it. */
    private static Optional<Node> readLatest(Call call, Session session, String path) {
        var synced = session.sync(path);
        var now = session.read(path);
        call.read(synced);
        return call.read(now);
    }

    @Override
    public Watch watch(Runnable hint) {
        Watch atServers = client.watch(tree.base, hint);
        Watch watch = new Watch() {
            @Override
            public void close() {
                atServers.close();
                watches.remove(this);
            }
        };
        watches.add(watch);
        if (closed.get()) {
            watch.close();
        }
        return watch;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            watches.forEach(Watch::close);
            own.close();
            client.sessionClosed();
        }
    }
}

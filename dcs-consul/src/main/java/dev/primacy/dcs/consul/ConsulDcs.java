// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.GroupReader;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.kiwiproject.consul.model.kv.Value;

/** One scope in Consul: the leader lock and the members are keys that one session holds. */
final class ConsulDcs implements Dcs, GroupReader {
    private final Agent agent;
    private final Tree tree;
    private final Sessions sessions;
    private final LeaderLock lock;
    private final Set<KeyWatch> watches = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Becomes a user of the agent. */
    ConsulDcs(Agent agent, DcsClient.Scope scope) {
        this.agent = agent;
        this.tree = new Tree(agent, scope.path());
        this.sessions = new Sessions(agent, scope);
        this.lock = new LeaderLock(agent, tree, sessions);
        agent.retain();
    }

    @Override
    public DcsCapabilities capabilities() {
        return new DcsCapabilities(sessions.ttl().lease(), Transaction.MAX_VALUE_BYTES, true);
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        return tree.read(call("reading", tree.base, timeout));
    }

    @Override
    public SortedMap<CitusGroup, Snapshot> groups(Duration timeout) {
        return tree.groups(call("reading the groups of", tree.base, timeout));
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        String key = tree.record(write.key());
        Call call = call("writing", key, timeout);
        Transaction.Result result =
                new Transaction(agent, call).write(key, write).commit();
        return result.isDone()
                ? new WriteOutcome.Done(result.version(key))
                : new WriteOutcome.Conflict(tree.look(call, key).map(Tree::stored));
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
        String key = tree.member(name);
        Call call = call("registering", key, timeout);
        while (true) {
            Optional<Value> now = tree.look(call, key);
            Session session = sessions.session(call);
            boolean ours =
                    now.flatMap(Value::getSession).filter(session.id()::equals).isPresent();
            if (ours && now.map(Tree::text).filter(value::equals).isPresent()) {
                return;
            }
            Transaction transaction = new Transaction(agent, call);
            now.ifPresentOrElse(seen -> transaction.at(key, seen.getModifyIndex()), () -> transaction.absent(key));
            if (now.isPresent() && !ours) {
                transaction.delete(key);
            }
            Transaction.Result result =
                    transaction.lock(key, value, session.id()).commit();
            if (result.isDone()) {
                return;
            }
            if (result.failure().orElseThrow().isOf("lock", key)) {
                lock.afterRefusedLock(call, session);
            }
        }
    }

    private Call call(String doing, String key, Duration timeout) {
        Call call = agent.call(doing, key, timeout);
        sessions.requireOpen(call);
        return call;
    }

    @Override
    public Watch watch(Runnable hint) {
        if (closed.get()) {
            return () -> {};
        }
        KeyWatch watch = new KeyWatch(agent, tree, hint, sessions.onChange(hint));
        watches.add(watch);
        return () -> {
            watch.close();
            watches.remove(watch);
        };
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            watches.forEach(KeyWatch::close);
            sessions.close();
            agent.release();
        }
    }
}

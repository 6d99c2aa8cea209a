// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import com.google.protobuf.ByteString;
import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.GroupReader;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.backend.Hints;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.TxnResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** One scope in etcd: the leader lock and the members are keys of one lease. */
final class EtcdDcs implements Dcs, GroupReader {
    private final Store store;
    private final Keys keys;
    private final ScopeReader reader;
    private final Session session;
    private final LeaderLock lock;
    private final Runnable onClose;
    private final Hints ownHints = new Hints();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** What was registered last, by name. */
    private final Map<String, String> registered = new ConcurrentHashMap<>();

    EtcdDcs(Store store, Keys keys, ScopeReader reader, Scope scope, Runnable onClose) {
        this.store = store;
        this.keys = keys;
        this.reader = reader;
        this.session = new Session(store, scope, ownHints::give);
        this.lock = new LeaderLock(store, session, keys);
        this.onClose = onClose;
    }

    @Override
    public DcsCapabilities capabilities() {
        return new DcsCapabilities(session.ttl(), Transaction.MAX_VALUE_BYTES, true);
    }

    private Call call(String doing, ByteString key, Duration timeout) {
        Call call = new Call(doing + " " + key.toStringUtf8(), store, timeout);
        if (closed.get()) {
            throw call.unreachable("closed", null);
        }
        return call;
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        return reader.read(call("reading", keys.first(), timeout));
    }

    @Override
    public SortedMap<CitusGroup, Snapshot> groups(Duration timeout) {
        Call call = call("reading the groups of", keys.first(), timeout);
        return keys.groups(call.ask(Request.range(keys.all().build())).value().getKvsList());
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        ByteString key = keys.record(write.key());
        Call call = call("writing", key, timeout);
        Transaction transaction = new Transaction(call, keys, key).write(write);
        // Only a revision never comes back. A record that was absent may be absent again when somebody has deleted what
        // a
        // first try wrote, and a repetition would undo the deletion.
        Answer<TxnResponse> answer =
                call.ask(write.expected() instanceof Expected.At ? transaction.repeatable() : transaction.once());
        if (answer.value().getSucceeded()) {
            return new WriteOutcome.Done(new Version(answer.value().getHeader().getRevision()));
        }
        if (answer.repeated()) {
            throw call.unknown("a repeated write found its condition broken", null);
        }
        return new WriteOutcome.Conflict(Transaction.explanation(answer.value()).map(Keys::stored));
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        return lock.acquire(claim, call("acquiring", keys.leader(), timeout));
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        return lock.renew(held, status, call("renewing", keys.leader(), timeout));
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        return lock.release(held, with, call("releasing", keys.leader(), timeout));
    }

    @Override
    public void register(String name, String value, Duration timeout) {
        ByteString key = keys.member(name);
        Call call = call("registering", key, timeout);
        for (boolean again = false; ; again = true) {
            Lease lease = session.require(call);
            try {
                if (!value.equals(registered.get(name)) || !isRegistered(key, value, lease, call)) {
                    call.ask(new Transaction(call, keys, key)
                            .put(key, value, lease.id())
                            .repeatable());
                    registered.put(name, value);
                }
                return;
            } catch (Declined e) {
                session.forget(lease.id());
                if (again) {
                    throw call.unreachable(e.seen(), e);
                }
            }
        }
    }

    /** A reading is cheaper for the store than writing the same again. */
    private static boolean isRegistered(ByteString key, String value, Lease lease, Call call) {
        List<KeyValue> found = call.ask(
                        Request.range(RangeRequest.newBuilder().setKey(key).build()))
                .value()
                .getKvsList();
        return found.stream()
                .anyMatch(entry ->
                        entry.getLease() == lease.id() && entry.getValue().equals(ByteString.copyFromUtf8(value)));
    }

    @Override
    public Watch watch(Runnable hint) {
        Watch scope = reader.hints().add(hint);
        Watch own = ownHints.add(hint);
        store.wakeUpkeep();
        return () -> {
            scope.close();
            own.close();
        };
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            session.close();
            onClose.run();
        }
    }
}

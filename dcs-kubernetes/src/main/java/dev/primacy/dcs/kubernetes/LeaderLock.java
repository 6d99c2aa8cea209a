// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The leader lock: annotations of one object, changed on condition of its version. The server ends nothing by itself, so
 * both sides count. Who holds the lock relies on it for a ttl from before the last change that succeeded, and calls it lost
 * when that time is over, whatever the object says. Who wants it waits for a ttl from after it saw that change.
 */
final class LeaderLock {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Objects objects;
    private final Tenures tenures;
    private final Subsets subsets;
    private final Pods pods;
    private final Duration ttl;
    private final String name;
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger transactions = new AtomicInteger();
    private @Nullable Tenure tenure;
    private boolean claimed;

    /**
     * The lock as one session sees it.
     *
     * @param name unlike that of any other session
     */
    LeaderLock(Objects objects, Tenures tenures, Subsets subsets, Pods pods, Duration ttl, String name) {
        this.objects = objects;
        this.tenures = tenures;
        this.subsets = subsets;
        this.pods = pods;
        this.ttl = ttl;
        this.name = name;
    }

    private String session() {
        return name + "-" + sessions.get();
    }

    AcquireOutcome acquire(Call call, LockClaim claim) {
        String session = session();
        while (true) {
            View view = objects.look(call);
            if (!view.lock().equals(claim.replacing())) {
                return new AcquireOutcome.Refused(view.holder());
            }
            if (tenures.mayBeHeldWithoutObject(view.object(Home.LEADER))) {
                return new AcquireOutcome.Refused("the lock's object was deleted, and its holder's ttl is not over");
            }
            Optional<String> refusal = view.refusal(claim.with());
            if (refusal.isPresent()) {
                return new AcquireOutcome.Refused(refusal.get());
            }
            if (subsets.areUsed() && pods.last(claim.holder()).isEmpty()) {
                pods.find(call, claim.holder());
            }
            Transaction transaction = transaction(call, view, claim.with());
            if (transaction.prepare()) {
                Edit edit = view.edit(Home.LEADER);
                Optional<KubeObject> leader = view.object(Home.LEADER);
                Lock lock = tenures.begin(
                        edit, leader.map(KubeObject::annotations).orElse(Map.of()), claim.holder(), session);
                ObjectNode more = subsets.of(claim.holder(), leader);
                claimed();
                Optional<Transaction.Done> done = transaction.commit(edit, tenures.spec(edit, objects.layout(), more));
                if (done.isPresent()) {
                    return begun(lock, done.get());
                }
            }
            again(call);
        }
    }

    private Transaction transaction(Call call, View view, List<RecordWrite> with) {
        return new Transaction(objects, call, view, name + "/" + transactions.incrementAndGet(), with);
    }

    private synchronized void claimed() {
        claimed = true;
    }

    private synchronized AcquireOutcome begun(Lock lock, Transaction.Done done) {
        tenures.lock(Optional.of(done.leader()));
        tenure = new Tenure(lock, done.sent(), done.leader());
        return new AcquireOutcome.Acquired(lock, done.sent());
    }

    private static void again(Call call) {
        if (!call.pause(PAUSE)) {
            throw call.unreachable("others changed the objects again and again", null);
        }
    }

    RenewOutcome renew(Call whole, Lock held, Optional<String> status) {
        Tenure now = tenure(held);
        if (now == null) {
            return new RenewOutcome.Lost("it is not a tenure of this session, or its time was over");
        }
        MonotonicInstant over = now.proven.plus(ttl);
        // Nobody is told of a success that came after others may have seen the lock free.
        Call call = whole.until(over);
        KubeObject seen = now.seen;
        boolean unknown = false;
        while (true) {
            if (!call.now().isBefore(over)) {
                try {
                    return lapse(whole, now);
                } catch (DcsException.Unreachable e) {
                    throw unknown ? call.unknown(String.valueOf(e.getMessage()), e) : e;
                }
            }
            try {
                Edit edit = new Edit(Home.LEADER, seen.annotations(), seen.version());
                tenures.renew(edit, seen.annotations());
                status.ifPresent(value -> edit.put(RecordKey.STATUS, Optional.of(value)));
                ObjectNode more = tenures.spec(edit, objects.layout(), subsets.of(held.holder(), Optional.of(seen)));
                MonotonicInstant sent = call.now();
                Optional<KubeObject> renewed = objects.change(call, Home.LEADER, seen.version(), edit.changes(), more);
                if (renewed.isPresent()) {
                    return renewed(call, now, sent, renewed.get(), over);
                }
            } catch (DcsException.OutcomeUnknown e) {
                // To renew it twice does no harm.
                unknown = true;
                if (!call.pause(PAUSE)) {
                    throw e;
                }
            } catch (DcsException.Unreachable e) {
                throw unknown ? call.unknown(String.valueOf(e.getMessage()), e) : e;
            }
            Optional<KubeObject> leader = leader(call, unknown);
            if (leader.flatMap(tenures::written).filter(held::equals).isEmpty()) {
                forget(now);
                return new RenewOutcome.Lost("the lock is held by "
                        + leader.flatMap(tenures::written).map(Lock::holder).orElse("nobody"));
            }
            seen = leader.get();
        }
    }

    private Optional<KubeObject> leader(Call call, boolean unknown) {
        try {
            return objects.look(call).object(Home.LEADER);
        } catch (DcsException.Unreachable e) {
            throw unknown ? call.unknown(String.valueOf(e.getMessage()), e) : e;
        }
    }

    private synchronized RenewOutcome renewed(
            Call call, Tenure before, MonotonicInstant sent, KubeObject leader, MonotonicInstant over) {
        tenures.lock(Optional.of(leader));
        if (!call.now().isBefore(over)) {
            throw call.unknown("the answer came after the ttl was over", null);
        }
        if (tenure != null && tenure.lock.equals(before.lock)) {
            tenure = new Tenure(before.lock, sent, leader);
        }
        return new RenewOutcome.Renewed(sent);
    }

    private synchronized @Nullable Tenure tenure(Lock held) {
        return tenure != null && tenure.lock.equals(held) ? tenure : null;
    }

    /**
     * Gives up a tenure whose time is over here. Some may have seen it free, and others have not watched it for as long, so
     * it is not lost before the store says so too.
     */
    private RenewOutcome lapse(Call call, Tenure over) {
        while (true) {
            View view = objects.look(call);
            Optional<KubeObject> leader = view.object(Home.LEADER);
            boolean there =
                    leader.flatMap(tenures::written).filter(over.lock::equals).isPresent();
            if (!there || free(call, view)) {
                break;
            }
            again(call);
        }
        synchronized (this) {
            if (forget(over)) {
                // What it held is nobody's, and it is another session from now on.
                sessions.incrementAndGet();
            }
        }
        return new RenewOutcome.Lost("it was not renewed for its whole ttl");
    }

    private boolean free(Call call, View view) {
        Edit edit = view.edit(Home.LEADER).set(Names.LEADER, null);
        ObjectNode more = tenures.spec(edit, objects.layout(), subsets.none());
        return objects.change(call, view, Home.LEADER, edit.changes(), more).isPresent();
    }

    private synchronized boolean forget(Tenure over) {
        boolean ours = tenure != null && tenure.lock.equals(over.lock);
        if (ours) {
            tenure = null;
        }
        return ours;
    }

    ReleaseOutcome release(Call call, Lock held, List<RecordWrite> with) {
        if (!held.session().equals(session())) {
            return new ReleaseOutcome.Lost("it belongs to another session");
        }
        while (true) {
            View view = objects.look(call);
            if (view.lock().filter(held::equals).isEmpty()) {
                return new ReleaseOutcome.Lost(view.holder());
            }
            Optional<String> refusal = view.refusal(with);
            if (refusal.isPresent()) {
                return new ReleaseOutcome.Refused(refusal.get());
            }
            Transaction transaction = transaction(call, view, with);
            if (transaction.prepare()) {
                Edit edit = view.edit(Home.LEADER).set(Names.LEADER, null);
                if (transaction
                        .commit(edit, tenures.spec(edit, objects.layout(), subsets.none()))
                        .isPresent()) {
                    released(held);
                    return new ReleaseOutcome.Released();
                }
            }
            again(call);
        }
    }

    private synchronized void released(Lock held) {
        if (tenure != null && tenure.lock.equals(held)) {
            tenure = null;
        }
    }

    /** Frees whatever lock of this session there is. */
    void close(Call call) {
        synchronized (this) {
            if (!claimed) {
                return;
            }
            tenure = null;
        }
        Optional<Lock> ours =
                objects.look(call).lock().filter(lock -> lock.session().equals(session()));
        ours.ifPresent(lock -> release(call, lock, List.of()));
    }

    /**
     * A tenure that may be relied on until its ttl is over.
     *
     * @param proven before the last change that succeeded
     * @param seen the leader's object after it
     */
    private record Tenure(Lock lock, MonotonicInstant proven, KubeObject seen) {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import com.google.protobuf.ByteString;
import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.etcd.Lease.Kept;
import dev.primacy.time.MonotonicInstant;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leader lock. Each change is one transaction.
 *
 * <p>Why a lease is never counted too long. etcd's raft leader alone knows when a lease ends; a new leader starts every
 * lease anew with its full ttl. A keep-alive is not agreed upon by the members: the one that takes it may have been
 * replaced without knowing, and then it counts for nothing. So it proves something only together with a transaction
 * that was sent no earlier and is answered from the same raft term: the keep-alive's answer names the term of the member
 * that was asked, from before it passed the keep-alive on, so whoever took it led in that term or in a later one. Had a
 * later leader been elected before the keep-alive was sent, a majority would have left the term by then, and nothing sent
 * after that could be answered from it. So that leader was elected after the keep-alive was sent, and started the lease
 * anew after that too; or there is none, and the keep-alive counted.
 */
final class LeaderLock {
    private static final Duration AGAIN = Duration.ofMillis(20);

    private final Store store;
    private final Session session;
    private final Keys keys;

    LeaderLock(Store store, Session session, Keys keys) {
        this.store = store;
        this.session = session;
        this.keys = keys;
    }

    /** What a transaction said, and since when the lease is proven to live; empty if that is not proven. */
    private record Commit(Answer<TxnResponse> answer, Optional<MonotonicInstant> proven, boolean leaseKnown) {}

    AcquireOutcome acquire(LockClaim claim, Call call) {
        Optional<Long> replaced = claim.replacing().flatMap(lock -> parse(lock.session()));
        if (claim.replacing().isPresent() && replaced.isEmpty()) {
            return new AcquireOutcome.Refused("the tenure to replace is not one of this store");
        }
        for (boolean again = false; ; again = true) {
            Lease lease = session.require(call);
            try {
                return acquire(claim, replaced, call, lease);
            } catch (Declined e) {
                session.forget(lease.id());
                if (again) {
                    throw call.unreachable(e.seen(), e);
                }
            }
        }
    }

    private AcquireOutcome acquire(LockClaim claim, Optional<Long> replaced, Call call, Lease lease) {
        ByteString leader = keys.leader();
        Transaction transaction = new Transaction(call, keys, leader);
        claim.replacing()
                .ifPresentOrElse(
                        lock -> transaction.ifHeld(lock, replaced.orElseThrow()), () -> transaction.ifAbsent(leader));
        transaction.put(leader, claim.holder(), lease.id());
        claim.with().forEach(transaction::write);
        // A lock that was free may be free again after a first try has taken it, as a tenure that nobody knows of.
        var request = claim.replacing().isPresent() ? transaction.repeatable() : transaction.once();
        Commit commit = commit(call, lease, request, isOld(lease));
        TxnResponse answer = commit.answer.value();
        if (!answer.getSucceeded()) {
            if (commit.answer.repeated()) {
                throw call.unknown("a repeated claim found the lock held by " + holder(answer), null);
            }
            return new AcquireOutcome.Refused(refusal(answer, claim.replacing()));
        }
        long revision = answer.getHeader().getRevision();
        Lock lock = new Lock(claim.holder(), lease.session(), revision, new Version(revision));
        MonotonicInstant proven = commit.proven.orElseGet(() -> prove(lock, lease, call));
        return new AcquireOutcome.Acquired(lock, proven);
    }

    /** Whether a new sign of life is worth a request: what is taken now begins with the last one. */
    private boolean isOld(Lease lease) {
        return lease.kept()
                .since()
                .plus(lease.ttl().dividedBy(10))
                .isBefore(store.clock().now());
    }

    /** An election came between; the lock was taken, but how long it lasts must be asked again. */
    private MonotonicInstant prove(Lock lock, Lease lease, Call call) {
        try {
            if (renew(lock, lease, Optional.empty(), call) instanceof RenewOutcome.Renewed renewed) {
                return renewed.proven();
            }
        } catch (DcsException e) {
            throw call.unknown("the lock was taken, but nothing proves for how long", e);
        }
        throw call.unknown("the lock was taken and lost again", null);
    }

    RenewOutcome renew(Lock held, Optional<String> status, Call call) {
        Optional<Lease> lease = session.current().filter(mine -> mine.session().equals(held.session()));
        return lease.isPresent()
                ? renew(held, lease.get(), status, call)
                : new RenewOutcome.Lost("session " + held.session() + " is not the one that is open here");
    }

    private RenewOutcome renew(Lock held, Lease lease, Optional<String> status, Call call) {
        Transaction transaction = new Transaction(call, keys, keys.leader()).ifHeld(held, lease.id());
        status.ifPresent(value -> transaction.write(RecordWrite.blind(RecordKey.STATUS, value)));
        while (true) {
            Commit commit =
                    commit(call, lease, status.isPresent() ? transaction.repeatable() : transaction.reading(), true);
            if (!commit.answer.value().getSucceeded()) {
                if (!commit.leaseKnown) {
                    session.forget(lease.id());
                }
                return new RenewOutcome.Lost("the lock is held by " + holder(commit.answer.value()));
            }
            if (commit.proven.isPresent()) {
                return new RenewOutcome.Renewed(commit.proven.get());
            }
            awaitElection(call);
        }
    }

    private void awaitElection(Call call) {
        try {
            if (!call.isOver() && !store.isClosed()) {
                store.pause(AGAIN);
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw call.unknown("the lock is ours, but nothing proves for how long", null);
    }

    /** Sends a keep-alive and a transaction together. */
    private Commit commit(Call call, Lease lease, Request<TxnRequest, TxnResponse> transaction, boolean keepAlive) {
        if (!keepAlive) {
            return commit(call.ask(transaction), Optional.of(lease.kept()), true);
        }
        var sign = Session.keepAlive(call, lease);
        var sent = call.send(transaction);
        Optional<Kept> kept = Optional.empty();
        boolean leaseKnown = true;
        @Nullable DcsException problem = null;
        try {
            kept = session.await(sign, lease);
            leaseKnown = kept.isPresent();
        } catch (DcsException e) {
            problem = e;
        }
        Commit commit = commit(sent.await(), kept, leaseKnown);
        if (problem != null && commit.answer.value().getSucceeded()) {
            throw call.unknown("the keep-alive got no answer", problem);
        }
        return commit;
    }

    private static Commit commit(Answer<TxnResponse> answer, Optional<Kept> kept, boolean leaseKnown) {
        long term = answer.value().getHeader().getRaftTerm();
        Optional<MonotonicInstant> proven = kept.flatMap(sign -> sign.provenBy(term, answer.sent()));
        return new Commit(answer, proven, leaseKnown);
    }

    ReleaseOutcome release(Lock held, List<RecordWrite> with, Call call) {
        Optional<Lease> lease = session.current().filter(mine -> mine.session().equals(held.session()));
        if (lease.isEmpty()) {
            return new ReleaseOutcome.Lost("session " + held.session() + " is not the one that is open here");
        }
        Transaction transaction = new Transaction(call, keys, keys.leader())
                .ifHeld(held, lease.get().id())
                .delete(keys.leader());
        with.forEach(transaction::write);
        Answer<TxnResponse> answer = call.ask(transaction.repeatable());
        if (answer.value().getSucceeded()) {
            return new ReleaseOutcome.Released();
        }
        if (answer.repeated()) {
            throw call.unknown("a repeated release found the lock held by " + holder(answer.value()), null);
        }
        return Transaction.explanation(answer.value())
                        .map(Keys::lock)
                        .filter(held::equals)
                        .isPresent()
                ? new ReleaseOutcome.Refused("a record was changed by somebody else")
                : new ReleaseOutcome.Lost("the lock is held by " + holder(answer.value()));
    }

    private static String refusal(TxnResponse answer, Optional<Lock> expected) {
        return Transaction.explanation(answer).map(Keys::lock).equals(expected)
                ? "a record was changed by somebody else"
                : "the lock is held by " + holder(answer);
    }

    private static String holder(TxnResponse answer) {
        Optional<KeyValue> leader = Transaction.explanation(answer);
        return leader.map(Keys::lock)
                .map(lock -> lock.holder() + ", session " + lock.session())
                .orElse("nobody");
    }

    private static Optional<Long> parse(String session) {
        try {
            return Optional.of(Long.parseUnsignedLong(session, 16));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}

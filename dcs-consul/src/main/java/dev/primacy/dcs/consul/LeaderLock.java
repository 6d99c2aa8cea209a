// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.consul.Transaction.Failure;
import dev.primacy.dcs.consul.Transaction.Result;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.kiwiproject.consul.model.kv.Value;

/**
 * The leader lock. Each change is one transaction that depends on the session and on the index of the tenure; {@link
 * ConsulProvider} says what the proof of a lease rests on.
 */
final class LeaderLock {
    private static final Duration LOCK_DELAY = Duration.ofMillis(1);
    /** Attempts after which it is no delay of Patroni's or ours any more. */
    private static final int DELAYS = 5;

    private final Agent agent;
    private final Tree tree;
    private final Sessions sessions;

    LeaderLock(Agent agent, Tree tree, Sessions sessions) {
        this.agent = agent;
        this.tree = tree;
        this.sessions = sessions;
    }

    AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        Call call = agent.call("acquiring", tree.leader(), timeout);
        Optional<Value> unowned = Optional.empty();
        int delays = 0;
        while (true) {
            Session session = sessions.session(call);
            MonotonicInstant sent = call.now();
            Result result = take(call, claim, session, unowned).commit();
            if (result.isDone()) {
                return call.afterEffect(
                        () -> acquired(call, claim.holder(), session, sent, result.version(tree.leader())));
            }
            Failure failure = result.failure().orElseThrow();
            if (!failure.key().equals(tree.leader())) {
                return new AcquireOutcome.Refused("'" + failure.key() + "' was changed by somebody else");
            }
            if (failure.verb().equals("lock")) {
                if (afterRefusedLock(call, session) && ++delays == DELAYS) {
                    return new AcquireOutcome.Refused(
                            "the session that held the lock ended, and its lock-delay is not over");
                }
                continue;
            }
            Optional<Value> now = tree.look(call, tree.leader());
            if (claim.replacing().isPresent() || now.flatMap(Tree::lock).isPresent()) {
                return new AcquireOutcome.Refused(holder(now));
            }
            unowned = now;
        }
    }

    /**
     * All was as it should be, but the key was not given: the session is over, or another one ended a moment ago.
     *
     * @return true if the session lives
     */
    boolean afterRefusedLock(Call call, Session session) {
        boolean lives = sessions.renew(call, session);
        if (lives) {
            LockSupport.parkNanos(LOCK_DELAY.toNanos());
        }
        return lives;
    }

    private Transaction take(Call call, LockClaim claim, Session session, Optional<Value> unowned) {
        Transaction transaction = new Transaction(agent, call);
        if (claim.replacing().isPresent()) {
            stands(transaction, claim.replacing().get()).delete(tree.leader());
        } else if (unowned.isPresent()) {
            transaction.at(tree.leader(), unowned.get().getModifyIndex()).delete(tree.leader());
        } else {
            transaction.absent(tree.leader());
        }
        transaction.lock(tree.leader(), claim.holder(), session.id());
        return with(transaction, claim.with());
    }

    private AcquireOutcome acquired(Call call, String holder, Session session, MonotonicInstant sent, Version version) {
        Lock lock = new Lock(holder, session.id(), version.value(), version);
        // Without the session the lock is gone again, but what came with the claim is written: no refusal.
        MonotonicInstant proven = keep(call, lock, session, sent)
                .orElseThrow(() -> call.failed(true, "that the session is over, and the lock with it", null));
        return new AcquireOutcome.Acquired(lock, proven);
    }

    RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        Call call = agent.call("renewing", tree.leader(), timeout);
        Optional<Session> owner = owner(call, held);
        if (owner.isEmpty()) {
            return new RenewOutcome.Lost("it belongs to another session");
        }
        List<RecordWrite> writes = status.map(value -> List.of(RecordWrite.blind(RecordKey.STATUS, value)))
                .orElse(List.of());
        MonotonicInstant sent = call.now();
        Result result = with(stands(new Transaction(agent, call), held), writes).commit();
        if (!result.isDone()) {
            return new RenewOutcome.Lost(holder(tree.look(call, tree.leader())));
        }
        return call.afterEffect(() -> keep(call, held, owner.get(), sent)
                .<RenewOutcome>map(RenewOutcome.Renewed::new)
                .orElseGet(() -> new RenewOutcome.Lost("the session is over")));
    }

    /**
     * Keeps the session of a lock that was seen to be held by a transaction sent at {@code held}.
     *
     * @return from when on its time counts; empty if the session is over
     */
    private Optional<MonotonicInstant> keep(Call call, Lock lock, Session session, MonotonicInstant held) {
        if (!session.proven().isBefore(call.start())) {
            // It was made for this verb.
            return Optional.of(session.proven());
        }
        if (!sessions.renew(call, session)) {
            return Optional.empty();
        }
        // Servers that have begun to end a session still renew it, until its end is decided. What follows is decided
        // later.
        if (sessions.mayBeOver(session)
                && !stands(new Transaction(agent, call), lock)
                        .delete(tree.nothing())
                        .commit()
                        .isDone()) {
            return Optional.empty();
        }
        session.proven(held);
        return Optional.of(held);
    }

    ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        Call call = agent.call("releasing", tree.leader(), timeout);
        if (owner(call, held).isEmpty()) {
            return new ReleaseOutcome.Lost("it belongs to another session");
        }
        Transaction transaction = stands(new Transaction(agent, call), held).delete(tree.leader());
        Result result = with(transaction, with).commit();
        if (result.isDone()) {
            return new ReleaseOutcome.Released();
        }
        String key = result.failure().orElseThrow().key();
        return key.equals(tree.leader())
                ? new ReleaseOutcome.Lost(holder(tree.look(call, key)))
                : new ReleaseOutcome.Refused("'" + key + "' was changed by somebody else");
    }

    private Optional<Session> owner(Call call, Lock held) {
        sessions.requireOpen(call);
        return sessions.open().filter(session -> session.id().equals(held.session()));
    }

    private Transaction stands(Transaction transaction, Lock lock) {
        return transaction
                .heldBy(tree.leader(), lock.session())
                .at(tree.leader(), lock.version().value());
    }

    private Transaction with(Transaction transaction, List<RecordWrite> writes) {
        writes.forEach(write -> transaction.write(tree.record(write.key()), write));
        return transaction;
    }

    private static String holder(Optional<Value> leader) {
        return "the lock is held by "
                + leader.flatMap(Tree::lock).map(Lock::holder).orElse("nobody");
    }
}

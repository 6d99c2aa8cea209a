// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * The leader lock. Each change is one transaction that depends on what was read before; when it fails nothing has
 * happened, and reading again tells why.
 *
 * <p>A {@code leader} znode that was deleted and made anew has data version 0 like the one before. So transactions also
 * depend on the data version of {@code term}, which every acquisition of ours raises. Patroni does not: a lock that it
 * takes in the instant between our read and our write could be released or replaced by us. A renewal is not open to this:
 * it also reads the znode behind its transaction.
 *
 * <p>A renewal costs the ensemble one write, with a status or without: a transaction of nothing but conditions is agreed
 * upon like any other. Reads and {@code sync} would not be, so they cannot take its place: a leader that was replaced and
 * does not know it yet answers them, see {@link SessionProof}.
 */
final class LeaderLock {
    private static final String NEVER_HELD = "nothing was ever held here";

    private final OwnSession own;
    private final Tree tree;

    LeaderLock(OwnSession own, Tree tree) {
        this.own = own;
        this.tree = tree;
    }

    AcquireOutcome acquire(LockClaim claim, Call call) {
        Records.checkSum(call, claim.with());
        while (true) {
            Session session = own.session(call);
            CompletableFuture<?> caughtUp = session.catchUp(tree.base);
            Seen seen = see(session, claim.with());
            call.read(caughtUp);
            Optional<Node> leader = call.read(seen.leader);
            own.holdsLock(leader.filter(node -> node.belongsTo(session)).isPresent());
            if (!leader.map(Node::lock).equals(claim.replacing())) {
                return new AcquireOutcome.Refused("the lock is held by " + holder(leader));
            }
            Optional<RecordKey> changed = seen.changed(call);
            if (changed.isPresent()) {
                return new AcquireOutcome.Refused(changedByOther(changed.get()));
            }
            Optional<Node> term = call.read(seen.term);
            if (term.isEmpty()) {
                Tree.makeParents(call, session, tree.term());
                call.write(session.make(tree.term()));
                continue;
            }
            List<Op> operations = new ArrayList<>();
            operations.add(
                    Op.setData(tree.term(), new byte[0], term.get().stat().getVersion()));
            leader.ifPresent(
                    node -> operations.add(Op.delete(tree.leader(), node.stat().getVersion())));
            operations.add(Records.ephemeral(call, session, tree.leader(), claim.holder()));
            seen.addWrites(call, session, operations);
            own.holdsLock(true);
            Optional<Session.Committed> done = call.write(session.commit(tree.leader(), operations));
            if (done.isPresent()) {
                return acquired(claim.holder(), session, done.get());
            }
            seen.makeFolders(call, session);
        }
    }

    private AcquireOutcome acquired(String holder, Session session, Session.Committed done) {
        // The transaction has one zxid, and a new znode does not tell it; the one that was changed does.
        OpResult.SetDataResult term = (OpResult.SetDataResult) done.results().get(0);
        long zxid = term.getStat().getMzxid();
        Lock lock = new Lock(holder, session.id(), zxid, new Version(zxid));
        return new AcquireOutcome.Acquired(lock, own.proven(session, done.proven()));
    }

    RenewOutcome renew(Lock held, Optional<String> status, Call call) {
        if (!own.wasOpened()) {
            return new RenewOutcome.Lost(NEVER_HELD);
        }
        List<RecordWrite> writes = status.map(value -> List.of(RecordWrite.blind(RecordKey.STATUS, value)))
                .orElse(List.of());
        while (true) {
            Session session = own.session(call);
            Seen seen = see(session, writes);
            Optional<List<Op>> mine = stillHeld(call, session, held, seen);
            if (mine.isEmpty()) {
                return new RenewOutcome.Lost(whose(call, session, held, seen));
            }
            List<Op> operations = new ArrayList<>(mine.get());
            operations.add(Op.check(
                    tree.leader(), call.read(seen.leader).orElseThrow().stat().getVersion()));
            seen.addWrites(call, session, operations);
            CompletableFuture<Optional<Session.Committed>> renewal = session.commit(tree.leader(), operations);
            CompletableFuture<Optional<Node>> after = session.read(tree.leader());
            Optional<Session.Committed> done = call.write(renewal);
            if (done.isPresent()
                    && call.write(after)
                            .filter(node -> node.lock().equals(held))
                            .isPresent()) {
                return new RenewOutcome.Renewed(own.proven(session, done.get().proven()));
            }
        }
    }

    private static String whose(Call call, Session session, Lock held, Seen seen) {
        return held.session().equals(session.id())
                ? "the lock is held by " + holder(call.read(seen.leader))
                : "session " + held.session() + " is over; this is " + session.id();
    }

    private static String changedByOther(RecordKey key) {
        return "'" + key + "' was changed by somebody else";
    }

    ReleaseOutcome release(Lock held, List<RecordWrite> with, Call call) {
        if (!own.wasOpened()) {
            return new ReleaseOutcome.Lost(NEVER_HELD);
        }
        Records.checkSum(call, with);
        while (true) {
            Session session = own.session(call);
            CompletableFuture<?> caughtUp = session.catchUp(tree.base);
            Seen seen = see(session, with);
            call.read(caughtUp);
            Optional<List<Op>> mine = stillHeld(call, session, held, seen);
            if (mine.isEmpty()) {
                return new ReleaseOutcome.Lost(whose(call, session, held, seen));
            }
            Optional<RecordKey> changed = seen.changed(call);
            if (changed.isPresent()) {
                return new ReleaseOutcome.Refused(changedByOther(changed.get()));
            }
            List<Op> operations = new ArrayList<>(mine.get());
            operations.add(Op.delete(
                    tree.leader(), call.read(seen.leader).orElseThrow().stat().getVersion()));
            seen.addWrites(call, session, operations);
            if (call.write(session.commit(tree.leader(), operations)).isPresent()) {
                own.holdsLock(false);
                return new ReleaseOutcome.Released();
            }
            seen.makeFolders(call, session);
        }
    }

    /** The condition that the tenure stands; empty if it does not. */
    private Optional<List<Op>> stillHeld(Call call, Session session, Lock held, Seen seen) {
        boolean mine = held.session().equals(session.id())
                && call.read(seen.leader).map(Node::lock).filter(held::equals).isPresent();
        own.holdsLock(mine);
        return mine
                ? Optional.of(call.read(seen.term)
                        .map(term -> List.of(Records.term(tree, term, seen.deletes())))
                        .orElse(List.of()))
                : Optional.empty();
    }

    private static String holder(Optional<Node> leader) {
        return leader.map(node -> node.value()
                        + (node.stat().getEphemeralOwner() == 0
                                ? ", by a znode that no session owns and that never expires: if it is a leftover, delete it"
                                : ", session " + Session.idOf(node.stat().getEphemeralOwner())))
                .orElse("nobody");
    }

    private Seen see(Session session, List<RecordWrite> writes) {
        return new Seen(
                session.read(tree.term()),
                session.read(tree.leader()),
                writes.stream()
                        .map(write -> new Written(write, session.read(tree.record(write.key()))))
                        .toList());
    }

    private record Written(RecordWrite write, CompletableFuture<Optional<Node>> now) {}

    /** What a transaction depends on. */
    private final class Seen {
        private final CompletableFuture<Optional<Node>> term;
        private final CompletableFuture<Optional<Node>> leader;
        private final List<Written> writes;

        Seen(CompletableFuture<Optional<Node>> term, CompletableFuture<Optional<Node>> leader, List<Written> writes) {
            this.term = term;
            this.leader = leader;
            this.writes = writes;
        }

        boolean deletes() {
            return writes.stream().anyMatch(each -> each.write.value().isEmpty());
        }

        Optional<RecordKey> changed(Call call) {
            return writes.stream()
                    .filter(each -> !Records.holds(each.write, call.read(each.now)))
                    .map(each -> each.write.key())
                    .findFirst();
        }

        /** A transaction fails too where the folder of a new record is missing. */
        void makeFolders(Call call, Session session) {
            writes.stream()
                    .filter(each -> each.write.value().isPresent()
                            && call.read(each.now).isEmpty())
                    .forEach(each -> Tree.makeParents(call, session, tree.record(each.write.key())));
        }

        void addWrites(Call call, Session session, List<Op> operations) {
            writes.forEach(each -> Records.operation(
                            call, session, tree.record(each.write.key()), each.write, call.read(each.now))
                    .ifPresent(operations::add));
        }
    }
}

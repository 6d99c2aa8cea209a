// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.etcd.Lease.Kept;
import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lease at a time, granted when something first needs it. From then on a sign of life is sent whenever none was for two
 * thirds of the ttl, until this is closed: members of a node that has nothing to say must not vanish. That is longer than between
 * two renewals of a lock, each of which is such a sign, so that a leader sends none besides. Such a sign alone proves
 * nothing for the lock; see {@link LeaderLock}.
 */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final Store store;
    private final Scope scope;
    private final Runnable onChange;
    private final Duration asked;
    private final AtomicReference<@Nullable Lease> lease = new AtomicReference<>();
    /** Two verbs that need the first lease must not get one each. */
    private final ReentrantLock granting = new ReentrantLock();

    /** When the last sign of life was sent that was answered. */
    private volatile MonotonicInstant lastSign;

    private volatile boolean closed;
    private volatile @Nullable Loop signs;
    private boolean failing;

    /**
     * No lease yet.
     *
     * @param onChange called when the lease was lost or replaced; must not block
     */
    Session(Store store, Scope scope, Runnable onChange) {
        this.store = store;
        this.scope = scope;
        this.onChange = onChange;
        // etcd counts whole seconds.
        this.asked = Duration.ofSeconds(
                Math.max(1, scope.ttl().plusNanos(999_999_999).toSeconds()));
        this.lastSign = store.clock().now();
    }

    Duration ttl() {
        return current().map(Lease::ttl).orElse(asked);
    }

    boolean isClosed() {
        return closed;
    }

    /** The lease, if one is known to have been granted. */
    Optional<Lease> current() {
        return Optional.ofNullable(lease.get());
    }

    /** The lease; asks for one if there is none. */
    Lease require(Call call) {
        Optional<Lease> known = current();
        return known.isPresent() ? known.get() : grant(call);
    }

    private Lease grant(Call call) {
        try {
            if (!granting.tryLock(Math.max(0, call.left().toNanos()), TimeUnit.NANOSECONDS)) {
                throw call.unreachable("another request of this session waits for a lease", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw call.unreachable("interrupted while waiting for a lease", e);
        }
        try {
            Optional<Lease> other = current();
            return other.isPresent() ? other.get() : ask(call);
        } finally {
            granting.unlock();
        }
    }

    private Lease ask(Call call) {
        Answer<LeaseGrantResponse> answer = call.ask(Request.grant(asked.toSeconds()));
        LeaseGrantResponse granted = answer.value();
        Lease given = new Lease(
                granted.getID(),
                Duration.ofSeconds(granted.getTTL()),
                new Kept(answer.sent(), granted.getHeader().getRaftTerm()));
        if (!given.ttl().equals(scope.ttl())) {
            LOG.info(
                    "{} of {}: asked for a ttl of {} ms, etcd grants {} ms; leases count on that",
                    scope.session(),
                    scope.path(),
                    scope.ttl().toMillis(),
                    given.ttl().toMillis());
        }
        lastSign = answer.sent();
        lease.set(given);
        if (signs == null) {
            signs = new ThreadLoops((name, problem) -> LOG.warn("{}: {}", name, problem.toString()))
                    .start("etcd-" + scope.session(), this::giveSign);
        }
        if (closed) {
            close();
            throw call.unreachable("closed", null);
        }
        onChange.run();
        return given;
    }

    /** The store says that it does not exist. What it carried is gone. */
    void forget(long id) {
        Lease gone = lease.getAndUpdate(now -> now != null && now.id() == id ? null : now);
        if (gone != null && gone.id() == id) {
            LOG.info("{} of {}: session {} is over", scope.session(), scope.path(), gone.session());
            onChange.run();
        }
    }

    private Duration patience() {
        return ttl().multipliedBy(2).dividedBy(3);
    }

    /** Whether the last sign of life was a while ago. */
    private boolean isQuiet() {
        return lastSign.plus(patience()).isBefore(store.clock().now());
    }

    static Pending<LeaseKeepAliveRequest, LeaseKeepAliveResponse> keepAlive(Call call, Lease of) {
        return call.send(Request.keepAlive(of.id()));
    }

    /** Waits for the answer to a sign of life; empty if the lease is unknown to the member that was asked. */
    Optional<Kept> await(Pending<LeaseKeepAliveRequest, LeaseKeepAliveResponse> sign, Lease of) {
        Answer<LeaseKeepAliveResponse> answer;
        try {
            answer = sign.await();
        } catch (Declined e) {
            return Optional.empty();
        }
        if (answer.value().getTTL() <= 0) {
            return Optional.empty();
        }
        // Not when it is sent: one that was lost must be given again before the lease ends, and not in its own turn.
        lastSign = answer.sent();
        Kept kept = new Kept(answer.sent(), answer.value().getHeader().getRaftTerm());
        Duration ttl = Duration.ofSeconds(answer.value().getTTL());
        lease.updateAndGet(now -> now != null && now.id() == of.id() ? new Lease(of.id(), ttl, kept) : now);
        return Optional.of(kept);
    }

    private Duration giveSign() {
        Optional<Lease> now = current();
        Duration pause = patience();
        if (closed || now.isEmpty()) {
            return pause;
        }
        if (isQuiet()) {
            // What hangs is given up in time for two more.
            Call call = new Call("keeping session " + now.get().session(), store, ttl().dividedBy(10));
            try {
                if (await(keepAlive(call, now.get()), now.get()).isEmpty()) {
                    forget(now.get().id());
                }
                failing = false;
            } catch (DcsException e) {
                report(e);
                return ttl().dividedBy(30);
            }
        }
        Duration due = store.clock().now().until(lastSign.plus(pause));
        return due.isNegative() ? Duration.ZERO : due.plusMillis(1);
    }

    private void report(DcsException problem) {
        if (!closed && !failing) {
            LOG.warn("{}", problem.getMessage());
        }
        failing = true;
    }

    /** Ends the lease, so that what it carries vanishes at once; without an answer it ends by itself. */
    void close() {
        closed = true;
        Loop running = signs;
        if (running != null) {
            running.close();
        }
        Lease last = lease.getAndSet(null);
        if (last == null) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        try {
            new Call("ending session " + last.session(), store, CLOSE_PATIENCE).ask(Request.revoke(last.id()));
        } catch (Declined e) {
            // It had ended before.
        } catch (DcsException e) {
            LOG.info(
                    "{}. The session ends by itself within {} s",
                    e.getMessage(),
                    last.ttl().toSeconds());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

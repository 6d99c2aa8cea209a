// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.lease;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.Loop;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Holds one leader lock: takes it, renews it on a thread of its own, and knows until when it may be relied on.
 *
 * <p>The right is counted from the instant that the backend names as proven, never from a reply. Nothing that the owner
 * does (a checkpoint, a base backup, a slow query) delays a renewal. But an owner that hangs must not hold its lock for
 * ever: it calls {@link #vouch} in each of its rounds, and when that has not happened for a whole ttl, renewing stops and
 * the right runs out.
 *
 * <p>{@link #acquire}, {@link #dropUnanswered} and {@link #release} belong to the owner's thread; the rest may be called by
 * any.
 */
public final class LeaseKeeper implements AutoCloseable {
    private static final Duration SHORTEST_REQUEST = Duration.ofMillis(100);

    private volatile Dcs dcs;
    private volatile LeaseTiming timing;
    private final MonotonicClock clock;
    private final Listener listener;
    private final Loop loop;
    private final AtomicReference<@Nullable Lease> held = new AtomicReference<>();
    /** A lease whose right is over here, and whose lock the store may still keep for us. */
    private final AtomicReference<@Nullable Lease> leftover = new AtomicReference<>();

    /** Until when somebody may rely on the tenure that ours replaced: the store took our claim before it answered. */
    private volatile MonotonicInstant replacedUntil;

    /** Whether a claim got no usable answer, so that this session may hold a lock that nobody here relies on. */
    private volatile boolean claimUnanswered;

    /**
     * The lock that such a claim may have taken, and until when somebody may rely on the tenure that it replaced. Owned by the
     * owner's thread.
     */
    private Optional<Lease> stray = Optional.empty();

    /** Whether a session with another ttl may have replaced our lock by one of its own, which it has not told yet. */
    private volatile boolean moving;

    /** Until when the right stands although the store may not keep the lock. */
    private volatile MonotonicInstant promisedUntil;

    /** The term in which the tenure began that is held; a change of the ttl raises the term within it. */
    private volatile long tenureFrom;

    private volatile Optional<String> status = Optional.empty();
    private volatile MonotonicInstant vouched;

    /**
     * A keeper that holds nothing yet.
     *
     * @param name for its thread and for reports
     */
    public LeaseKeeper(String name, Dcs dcs, LeaseTiming timing, MonotonicClock clock, Loops loops, Listener listener) {
        this.dcs = dcs;
        this.timing = timing;
        this.clock = clock;
        this.listener = listener;
        this.vouched = clock.now();
        this.replacedUntil = vouched;
        this.promisedUntil = vouched;
        this.loop = loops.start(name, this::renew);
    }

    /** The lease, if there is one that may be relied on now. */
    public Optional<Lease> held() {
        return Optional.ofNullable(held.get()).filter(lease -> lease.isValidAt(clock.now()));
    }

    /**
     * Whether the lock is held now, and has been all the time since {@code term}: nobody else can have had it meanwhile, or
     * can have acted on its loss.
     */
    public boolean isHeldSince(long term) {
        return held().filter(lease -> tenureFrom <= term && term <= lease.lock().term())
                .isPresent();
    }

    /** Says that the owner is alive and wants the lock to be kept. */
    public void vouch() {
        vouched = clock.now();
    }

    /** Sets the value that the next renewals publish as {@code status}. */
    public void publish(String newStatus) {
        status = Optional.of(newStatus);
    }

    /** Says that the store shows what there is to publish: renewals need not write it, which would wake who watches. */
    public void publishNothing() {
        status = Optional.empty();
    }

    /** As {@link #publish}, and has a renewal carry it at once. */
    public void publishNow(String newStatus) {
        publish(newStatus);
        loop.wake();
    }

    /**
     * Tries to take the lock. What was to be published before is forgotten: it is of an earlier tenure.
     *
     * @throws DcsException if the store gave no usable answer. A lock that was taken all the same shows as held by this
     *     session in the next snapshot, and is claimed again by naming it as the tenure to replace
     */
    public AcquireOutcome acquire(LockClaim claim) {
        boolean unansweredBefore = claimUnanswered;
        claimUnanswered = true;
        AcquireOutcome outcome = dcs.acquire(claim, timing.requestTimeout());
        claimUnanswered = unansweredBefore && !(outcome instanceof AcquireOutcome.Acquired);
        if (outcome instanceof AcquireOutcome.Acquired acquired) {
            moving = false;
            vouch();
            // Renewals would put what an earlier tenure knew in place of what its successors told since.
            status = Optional.empty();
            replacedUntil = clock.now().plus(timing.ttl());
            Lease lease = new Lease(acquired.lock(), timing.rightUntil(acquired.proven()));
            tenureFrom = acquired.lock().term();
            held.set(lease);
            listener.extended(lease);
            loop.wake();
        }
        return outcome;
    }

    /**
     * Goes by {@code next} from now on. If its rights are worth less, the one that is held is cut down to that at once: a
     * store that is told a shorter ttl may give the lock away that much earlier. The listener hears of it. Whoever holds a
     * deadline elsewhere must move it before {@link #moveTo}.
     */
    public void configure(LeaseTiming next) {
        MonotonicInstant latest = clock.now().plus(next.worth());
        Lease cut;
        synchronized (this) {
            timing = next;
            cut = held.updateAndGet(lease ->
                    lease == null ? null : new Lease(lease.lock(), lease.until().earlier(latest)));
        }
        if (cut != null) {
            listener.extended(cut);
        }
        // It may have to be renewed more often than its loop knows.
        loop.wake();
    }

    /**
     * Goes over to a session that was opened with another ttl. A lock that is held is claimed by it in place of the old
     * session's, so that nobody comes in between; it is a new tenure. If {@code nextTiming} is worth less than what holds
     * now, {@link #configure} has to be called before, and what follows from it has to be in force. The owner closes the old
     * session, but not before its ttl has passed: a lock of it that nobody relies on here must not vanish sooner than it
     * would have expired.
     *
     * @param shown the lock as the store shows it
     * @return whether this keeper uses {@code next} now. If not, or after an exception, the lease stands as it was and this
     *     may be tried again with the same session
     * @throws DcsException if the store gave no usable answer
     */
    public boolean moveTo(Dcs next, LeaseTiming nextTiming, Optional<Lock> shown) {
        Optional<Lease> lease = held();
        if (lease.isPresent()) {
            Lock ours = lease.get().lock();
            Optional<Lock> replaced = shown.map(lock -> isMovingTo(lock) ? lock : ours);
            moving = true;
            AcquireOutcome outcome =
                    next.acquire(new LockClaim(ours.holder(), replaced, List.of()), timing.requestTimeout());
            moving = false;
            if (!(outcome instanceof AcquireOutcome.Acquired acquired)) {
                return false;
            }
            if (replaced.isEmpty() && !lease.get().isValidAt(clock.now())) {
                // The right had ended when the lock was claimed, as far as is known: others may have had it between.
                next.release(acquired.lock(), List.of(), timing.requestTimeout());
                return false;
            }
            replacedUntil = clock.now().plus(timing.ttl());
            Lease moved = new Lease(acquired.lock(), nextTiming.rightUntil(acquired.proven()));
            synchronized (this) {
                // The session first: it alone can renew the lock that is set next.
                dcs = next;
                timing = nextTiming;
                held.set(moved);
            }
            listener.extended(moved);
        } else {
            moving = false;
            dcs = next;
            timing = nextTiming;
        }
        loop.wake();
        return true;
    }

    /**
     * Prolongs the right without the store: nobody else can get the lock in the ttl that follows {@code asked}, since all who
     * could have promised that. If the store has let the lock expire meanwhile, the right stands all the same, and
     * {@link #regain} gets the lock back.
     *
     * @param lock the one that is held
     * @param asked before the first of them was asked
     */
    public void promised(Lock lock, MonotonicInstant asked) {
        promisedUntil = timing.rightUntil(asked);
        prolong(lock, asked);
    }

    /** Whether the right rests on promises, so that the store need not show the lock. */
    public boolean isPromised() {
        return clock.now().isBefore(promisedUntil);
    }

    /**
     * Claims a lock that the store has let expire while promises kept the right to it. It is a new tenure.
     *
     * @param shown what the store shows; empty if there is no lock
     * @return whether it is held by the store's word again. If not, or after an exception, the right stands as it was
     * @throws DcsException if the store gave no usable answer
     */
    public boolean regain(Optional<Lock> shown) {
        return moveTo(dcs, timing, shown);
    }

    /** Whether {@code shown} may be what an unanswered {@link #moveTo} has made of the lock that is held. */
    public boolean isMovingTo(Lock shown) {
        Lease lease = held.get();
        return moving && lease != null && lease.lock().holder().equals(shown.holder());
    }

    /**
     * Gives the lock up together with {@code with}. The right ends before the request is sent, whatever comes of it; a lock
     * that the store still keeps for us afterwards is dropped later.
     */
    public ReleaseOutcome release(List<RecordWrite> with) {
        Lease lease = held.getAndSet(null);
        if (lease == null) {
            return new ReleaseOutcome.Lost("no lease is held");
        }
        // If the answer gets lost, the lock is dropped later all the same.
        leftover.set(lease);
        listener.ended(lease, "released");
        ReleaseOutcome outcome = dcs.release(lease.lock(), with, timing.requestTimeout());
        if (!(outcome instanceof ReleaseOutcome.Refused)) {
            leftover.compareAndSet(lease, null);
        }
        return outcome;
    }

    /**
     * Ends the right here at once, and leaves the lock in the store for a successor that replaces it. If none has done so
     * when the store would have let it expire, it is released, since some stores keep a lock for as long as the session
     * lives and not only for as long as it is renewed.
     */
    public void abandon(String reason) {
        Lease lease = held.getAndSet(null);
        if (lease != null) {
            leftover.set(lease);
            listener.ended(lease, reason);
            loop.wake();
        }
    }

    /**
     * Frees a lock that an unanswered claim of this session took, when the owner does not want it any more: nobody else
     * would ever free it for as long as the session lives. Nothing happens before the lock has been shown for a ttl, since
     * whoever held the tenure that the claim replaced may rely on it until then. Does nothing with a lock of another
     * session.
     *
     * @param shown the lock as the store shows it
     */
    public void dropUnanswered(Lock shown) {
        Lease left = leftover.get();
        if (!claimUnanswered
                || held.get() != null
                || (left != null && left.lock().equals(shown))) {
            return;
        }
        MonotonicInstant now = clock.now();
        if (stray.filter(lease -> lease.lock().equals(shown)).isEmpty()) {
            stray = Optional.of(new Lease(shown, now.plus(timing.ttl())));
        } else if (!stray.get().isValidAt(now)) {
            dcs.release(shown, List.of(), timing.requestTimeout());
        }
    }

    private Duration renew() {
        Lease lease = held.get();
        MonotonicInstant now = clock.now();
        if (lease == null) {
            return dropLeftover(now);
        }
        if (!lease.isValidAt(now)) {
            abandon(vouched.plus(timing.ttl()).isBefore(now) ? "its owner hangs" : "not renewed in time");
            return Duration.ZERO;
        }
        if (vouched.plus(timing.ttl()).isBefore(now)) {
            // Renewing stops; the right ends at its deadline, and the guard sees to the rest.
            return now.until(lease.until());
        }
        try {
            extend(lease, now);
            return timing.renewEvery();
        } catch (DcsException e) {
            listener.unanswered(lease, e);
            return e instanceof DcsException.Rejected ? timing.renewEvery() : SHORTEST_REQUEST;
        }
    }

    private Duration dropLeftover(MonotonicInstant now) {
        Lease lease = leftover.get();
        if (lease == null) {
            return timing.ttl();
        }
        // Not before the store itself would have given it away: until then whoever relied on it may still be fencing.
        MonotonicInstant own = lease.until().plus(timing.ttl()).minus(timing.worth());
        MonotonicInstant expiry = own.isAfter(replacedUntil) ? own : replacedUntil;
        if (now.isBefore(expiry)) {
            return now.until(expiry);
        }
        try {
            dcs.release(lease.lock(), List.of(), timing.requestTimeout());
            leftover.compareAndSet(lease, null);
        } catch (DcsException e) {
            listener.unanswered(lease, e);
        }
        return timing.renewEvery();
    }

    private void extend(Lease lease, MonotonicInstant now) {
        // No request outlives the right that it is to prolong: a successful answer would come too late to matter.
        Duration left = now.until(lease.until());
        Duration timeout = left.compareTo(timing.requestTimeout()) < 0 ? left : timing.requestTimeout();
        RenewOutcome outcome =
                dcs.renew(lease.lock(), status, timeout.compareTo(SHORTEST_REQUEST) < 0 ? SHORTEST_REQUEST : timeout);
        if (outcome instanceof RenewOutcome.Renewed renewed) {
            prolong(lease.lock(), renewed.proven());
        } else if (outcome instanceof RenewOutcome.Lost lost && !moving && !isPromised()) {
            end(lease, lost.reason());
        }
    }

    /** A lease that was released or replaced while the request ran stays what it is; a right never gets shorter. */
    private void prolong(Lock lock, MonotonicInstant proven) {
        Lease longer;
        synchronized (this) {
            // Under the monitor, so that a right that was just cut down is not prolonged by what it was worth before.
            MonotonicInstant until = timing.rightUntil(proven);
            Lease before = held.get();
            if (before == null || !before.lock().equals(lock) || !before.until().isBefore(until)) {
                return;
            }
            longer = new Lease(lock, until);
            if (!held.compareAndSet(before, longer)) {
                return;
            }
        }
        listener.extended(longer);
    }

    private void end(Lease lease, String reason) {
        Lease before = held.get();
        if (before != null && before.lock().equals(lease.lock()) && held.compareAndSet(before, null)) {
            listener.ended(lease, reason);
        }
    }

    /** Stops renewing. The lock is not released. */
    @Override
    public void close() {
        loop.close();
        abandon("closed");
    }

    /** Hears of the lease. Called on the keeper's or the owner's thread; must return quickly and cannot veto. */
    public interface Listener {
        /** The right was taken or prolonged. */
        void extended(Lease lease);

        /** The right has ended, by release, loss or the passing of time. */
        void ended(Lease lease, String reason);

        /** The store did not answer a renewal; the lease stands until its end. */
        void unanswered(Lease lease, DcsException problem);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.backend.Hints;
import dev.primacy.dcs.consul.Requests.Refused;
import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.kiwiproject.consul.model.session.ImmutableSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session of one scope: made when it is first needed, kept alive in the background, replaced when it was lost. That it is
 * kept alive proves nothing about the lock.
 */
final class Sessions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final int SIGNS_PER_TTL = 3;
    private static final int NOT_FOUND = 404;
    private static final int LONGEST_LOCK_DELAY_MILLIS = 60_000;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final Agent agent;
    private final Scope scope;
    private final ReentrantLock creating = new ReentrantLock();
    private final AtomicReference<@Nullable Session> current = new AtomicReference<>();
    private final Hints hints = new Hints();
    private volatile SessionTtl ttl;
    private volatile MonotonicInstant lastSign;
    private volatile boolean closed;
    private volatile @Nullable Loop signsOfLife;

    Sessions(Agent agent, Scope scope) {
        this.agent = agent;
        this.scope = scope;
        this.ttl = SessionTtl.forLease(scope.ttl());
        this.lastSign = agent.clock().now();
    }

    SessionTtl ttl() {
        return ttl;
    }

    /** Whether the servers may have begun to end the session since its last proof. */
    boolean mayBeOver(Session session) {
        return !agent.clock().now().isBefore(session.proven().plus(ttl.value()));
    }

    /** The session that is open now, if there is one. */
    Optional<Session> open() {
        return Optional.ofNullable(current.get());
    }

    void requireOpen(Call call) {
        if (closed) {
            throw call.unanswered(false, "closed; no answer", null);
        }
    }

    /** The session that is open now, else a new one. */
    Session session(Call call) {
        requireOpen(call);
        Session open = current.get();
        return open != null ? open : oneForAll(call);
    }

    private Session oneForAll(Call call) {
        try {
            if (!creating.tryLock(Math.max(0, call.left().toNanos()), TimeUnit.NANOSECONDS)) {
                throw call.unanswered(false, "no session", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw call.unanswered(false, "interrupted while waiting for a session", e);
        }
        try {
            Session open = current.get();
            return open != null ? open : begin(call);
        } finally {
            creating.unlock();
        }
    }

    private Session begin(Call call) {
        Session made = create(call)
                .or(() -> create(call))
                .orElseThrow(() -> call.rejected("the servers of Consul take no session TTL of " + ttl, null));
        keepAlive();
        current.set(made);
        if (closed) {
            // Closing has overlooked it, perhaps.
            close();
            requireOpen(call);
        }
        hints.give();
        return made;
    }

    /**
     * Asks for a session; empty if its TTL was too short, which is then a longer one. A session that nobody hears of carries
     * nothing, so no caller needs to know of it.
     */
    private Optional<Session> create(Call call) {
        MonotonicInstant sent = call.now();
        var wanted = ImmutableSession.builder()
                .name(scope.path().substring(scope.path().lastIndexOf('/') + 1) + "-" + scope.session())
                .behavior("delete")
                .lockDelay(lockDelay())
                .checks(agent.options().checks())
                .ttl(ttl.toString())
                .build();
        Optional<String> id = agent.read(call, consul -> {
            try {
                return Optional.of(consul.sessionClient()
                        .createSession(wanted, agent.options().dc().orElse(null))
                        .getId());
            } catch (Refused e) {
                adopt(SessionTtl.minimumSaidBy(e.body()).orElseThrow(() -> e));
                return Optional.empty();
            }
        });
        return id.map(granted -> new Session(granted, sent));
    }

    /**
     * As with Patroni, nobody waits for a lock whose session has ended, since its time was over. A check that fails ends a
     * session before its time, so then the others wait in its stead.
     */
    private String lockDelay() {
        return agent.options().checks().isEmpty()
                ? "0.001s"
                : Math.min(ttl.lease().toMillis(), LONGEST_LOCK_DELAY_MILLIS) + "ms";
    }

    private void adopt(SessionTtl minimum) {
        LOG.warn(
                "{} of {}: the servers of Consul take no session TTL below {}, so what a silent session holds is kept for {} s"
                        + " instead of {} s; see session_ttl_min of the servers",
                scope.session(),
                scope.path(),
                minimum,
                minimum.lease().toSeconds(),
                scope.ttl().toSeconds());
        ttl = minimum;
    }

    /**
     * Gives a sign of life.
     *
     * @return false if there is no such session any more
     */
    boolean renew(Call call, Session session) {
        MonotonicInstant sent = call.now();
        boolean lives = agent.write(call, consul -> {
            try {
                return consul.sessionClient()
                        .renewSession(agent.options().dc().orElse(null), session.id())
                        .isPresent();
            } catch (Refused e) {
                if (e.status() == NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
        if (lives) {
            lastSign = sent;
        } else if (current.compareAndSet(session, null)) {
            hints.give();
        }
        return lives;
    }

    private void keepAlive() {
        Loop running = signsOfLife;
        lastSign = agent.clock().now();
        if (running == null) {
            signsOfLife = new ThreadLoops((name, problem) -> LOG.warn("{}", name, problem))
                    .start("consul-session-" + scope.session(), this::giveSignOfLife);
        } else {
            running.wake();
        }
    }

    private Duration giveSignOfLife() {
        Duration interval = ttl.value().dividedBy(SIGNS_PER_TTL);
        Session session = current.get();
        Duration left = agent.clock().now().until(lastSign.plus(interval));
        if (session == null || left.compareTo(Duration.ZERO) > 0) {
            return session == null ? interval : left;
        }
        try {
            renew(agent.call("keeping alive the session of", scope.path(), interval), session);
            return interval;
        } catch (DcsException e) {
            // Whoever relies on the session learns of it by the verbs; here it is only tried again soon.
            LOG.debug("{}", e.getMessage());
            return interval.dividedBy(2);
        }
    }

    /** Runs the action after the session was lost or replaced, until the answer is closed. */
    Dcs.Watch onChange(Runnable action) {
        return hints.add(action);
    }

    /** Ends the session; bounded. */
    @Override
    public void close() {
        closed = true;
        Loop running = signsOfLife;
        if (running != null) {
            running.close();
        }
        Session session = current.getAndSet(null);
        if (session == null) {
            return;
        }
        try {
            agent.write(agent.call("ending the session of", scope.path(), CLOSE_PATIENCE), consul -> {
                consul.sessionClient()
                        .destroySession(session.id(), agent.options().dc().orElse(null));
                return session;
            });
        } catch (DcsException e) {
            LOG.info(
                    "{}; the session ends by itself after {} s",
                    e.getMessage(),
                    ttl.lease().toSeconds());
        }
    }
}

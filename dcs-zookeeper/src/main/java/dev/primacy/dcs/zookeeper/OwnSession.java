// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session that one scope's lock and members live with: opened by the first verb that needs it. */
final class OwnSession {
    private static final Logger LOG = LoggerFactory.getLogger(OwnSession.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final int SIGNS_PER_TTL = 6;

    private final Scope scope;
    private final Connection connection;
    private final SignsOfLife signs;
    /** What callers take for the ttl. */
    private volatile Duration announced;

    private volatile boolean holdsLock;
    private volatile @Nullable MonotonicInstant lastSign;

    OwnSession(Scope scope, Handles handles, MonotonicClock clock, SignsOfLife signs, Watches watches) {
        this.scope = scope;
        this.signs = signs;
        this.announced = scope.ttl();
        this.connection = new Connection("zookeeper-" + scope.session(), scope.ttl(), handles, clock, session -> {
            session.ifPresent(this::compare);
            watches.hint(scope.path());
        });
    }

    private void compare(Session session) {
        if (!session.granted().equals(scope.ttl())) {
            LOG.warn(
                    "{} of {}: asked for a session timeout of {} ms, the server grants {} ms; leases count on that."
                            + " See minSessionTimeout and maxSessionTimeout of the servers",
                    scope.session(),
                    scope.path(),
                    scope.ttl().toMillis(),
                    session.granted().toMillis());
        }
    }

    /** The session; opens one if need be. */
    Session session(Call call) {
        signs.add(this);
        return connection.session(call);
    }

    /** Whether a verb has ever needed a session: without one nothing is held. */
    boolean wasOpened() {
        return connection.wasOpened();
    }

    /** What the server granted, or the wish as long as no server has answered. */
    Duration ttl() {
        connection.accepted().ifPresent(session -> announced = session.granted());
        return announced;
    }

    /**
     * Whoever asked for the ttl before a server had answered was told the wish. If the server then granted less, the
     * proof moves back by the difference, so that the lease is not counted too long.
     */
    MonotonicInstant proven(Session session, MonotonicInstant proven) {
        Duration cut = announced.minus(session.granted());
        return cut.isNegative() ? proven : proven.minus(cut);
    }

    /** To be told whenever it is seen whose the lock is, and before it is claimed. */
    void holdsLock(boolean now) {
        if (now && !holdsLock) {
            holdsLock = true;
            signs.wake();
        }
        holdsLock = now;
    }

    /**
     * Sends a request that a proof may stand on, if one is due. With the lock that is each time, so that a renewal finds a
     * recent proof. Without it a few in a ttl do, in place of the client's own heartbeats: a lock that is acquired stands
     * on a proof that is not much older than the last of them. Without any, a session that had carried only a member for
     * an hour would acquire a lock whose right had ended an hour ago.
     */
    void giveSignOfLife(MonotonicInstant now) {
        connection.connected().filter(session -> isDue(session, now)).ifPresent(session -> {
            lastSign = now;
            var unused = session.sync(scope.path()).exceptionally(problem -> {
                // The next connection tries again, so this is of interest only to who looks for a cause.
                LOG.debug("{}: sign of life: {}", scope.session(), problem.toString());
                return Optional.empty();
            });
        });
    }

    private boolean isDue(Session session, MonotonicInstant now) {
        MonotonicInstant last = lastSign;
        return holdsLock
                || last == null
                || !last.plus(session.granted().dividedBy(SIGNS_PER_TTL)).isAfter(now);
    }

    void close() {
        signs.remove(this);
        connection.close(CLOSE_PATIENCE);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session open, from the first request for one on. A session that has expired is replaced at once; one whose
 * credentials were refused only by a later verb, so that nobody tries for ever. ZooKeeper's client sees to connections.
 */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    /** Many verbs at once must not try refused credentials once each. */
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(1);

    private final String name;
    private final Duration timeout;
    private final Handles handles;
    private final MonotonicClock clock;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicBoolean probing = new AtomicBoolean();
    private volatile Optional<String> trouble = Optional.empty();

    private @Nullable Session current;
    private long opened;
    private boolean connected;
    private @Nullable MonotonicInstant refused;
    private boolean closed;

    Connection(String name, Duration timeout, Handles handles, MonotonicClock clock, Listener listener) {
        this.name = name;
        this.timeout = timeout;
        this.handles = handles;
        this.clock = clock;
        this.listener = listener;
    }

    /** Opens a session unless there is one; waits for nothing. */
    void start() {
        lock.lock();
        try {
            boolean again = refused != null && refused.plus(AFTER_REFUSAL).isBefore(clock.now());
            if (!closed && (current == null || again)) {
                open();
            }
        } finally {
            lock.unlock();
        }
    }

    private void open() {
        long number = ++opened;
        @Nullable Session before = current;
        connected = false;
        refused = null;
        current = null;
        if (before != null) {
            // For one that expired there is nothing to do; one that was refused may still be connected.
            before.close(Duration.ZERO);
        }
        try {
            current = handles.open(timeout, event -> happened(number, event), this::probe);
        } catch (IOException e) {
            // The next verb tries again, and says why if it is in vain.
            trouble = Optional.of(e.toString());
        }
    }

    /** The session that is connected now; waits for one as long as the call has time. */
    Session session(Call call) {
        start();
        lock.lock();
        try {
            long left = call.left().toNanos();
            while (!connected && !closed && refused == null && current != null && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (closed) {
                throw call.unreachable("closed; no answer", Optional.empty());
            }
            if (refused != null) {
                throw call.rejected("the servers refuse the credentials; check auth_data and the JAAS entry for SASL");
            }
            if (!connected || current == null) {
                throw call.unreachable("no connection", trouble);
            }
            return current;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw call.unreachable("interrupted while waiting for a connection", Optional.empty());
        } finally {
            lock.unlock();
        }
    }

    /** The session, if it is connected now. */
    Optional<Session> connected() {
        lock.lock();
        try {
            return connected && current != null ? Optional.of(current) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The session, if one was ever asked for and a server has accepted it. */
    Optional<Session> accepted() {
        lock.lock();
        try {
            return Optional.ofNullable(current).filter(Session::isAccepted);
        } finally {
            lock.unlock();
        }
    }

    boolean wasOpened() {
        lock.lock();
        try {
            return opened > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Called on the thread of a session's events. */
    private void happened(long number, WatchedEvent event) {
        if (event.getType() != EventType.None) {
            return;
        }
        Optional<Session> session;
        lock.lock();
        try {
            if (number != opened || closed) {
                return;
            }
            switch (event.getState()) {
                case SyncConnected -> {
                    connected = true;
                    trouble = Optional.empty();
                }
                case Disconnected -> connected = false;
                case Expired -> {
                    LOG.info("{}: the session has expired", name);
                    open();
                }
                case AuthFailed -> {
                    connected = false;
                    refused = clock.now();
                }
                default -> {
                    return;
                }
            }
            changed.signalAll();
            session = connected && current != null ? Optional.of(current) : Optional.empty();
        } finally {
            lock.unlock();
        }
        listener.changed(session);
    }

    /** Finds out, beside everything else, whether TLS is the reason that there is no connection. */
    private void probe(InetSocketAddress server) {
        if (probing.compareAndSet(false, true)) {
            Thread thread = new Thread(() -> probeNow(server), name + "-tls");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void probeNow(InetSocketAddress server) {
        Optional<String> problem = handles.handshakeProblem(server);
        lock.lock();
        try {
            trouble = connected ? Optional.empty() : problem;
        } finally {
            lock.unlock();
            probing.set(false);
        }
    }

    /** Ends the session; waits no longer than that. */
    void close(Duration patience) {
        @Nullable Session last;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            connected = false;
            last = current;
            current = null;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (last != null) {
            last.close(patience);
        }
    }

    /** Hears of a session's beginning, interruptions and end. */
    interface Listener {
        /**
         * Called on the thread of a session's events; must not block.
         *
         * @param session the one that is connected now
         */
        void changed(Optional<Session> session);
    }
}

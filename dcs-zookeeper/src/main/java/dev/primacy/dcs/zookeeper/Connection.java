// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.StaticHostProvider;
import org.apache.zookeeper.client.ZKClientConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session open. Curator connects, reconnects, and opens a new session when one has expired; requests bypass it,
 * since it would repeat them on another session. A few signs of life are sent in each tick, so that a renewal finds a recent
 * proof to stand on.
 */
final class Connection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int SIGNS_PER_TICK = 3;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final Scope scope;
    private final Options options;
    private final MonotonicClock clock;
    private final CuratorFramework client;
    private final Loop signsOfLife;
    private final List<Hint> hints = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Session current;
    /** What callers take for the ttl. */
    private volatile Duration announced;

    Connection(Scope scope, Options options, MonotonicClock clock) {
        this.scope = scope;
        this.options = options;
        this.clock = clock;
        this.announced = scope.ttl();
        int ttl = Math.toIntExact(scope.ttl().toMillis());
        client = CuratorFrameworkFactory.builder()
                .connectString(options.connectString())
                .ensembleTracker(false)
                .sessionTimeoutMs(ttl)
                .connectionTimeoutMs(ttl)
                .retryPolicy(new RetryOneTime(1))
                .zookeeperFactory(this::newHandle)
                .build();
        client.getConnectionStateListenable().addListener((curator, state) -> changed(state));
        client.start();
        signsOfLife = new ThreadLoops((name, problem) -> LOG.warn("{}: {}", name, problem.toString()))
                .start("zookeeper-" + scope.session(), this::giveSignOfLife);
    }

    private ZooKeeper newHandle(String servers, int timeout, Watcher watcher, boolean readOnly) throws IOException {
        SessionProof proof = new SessionProof(options.tick());
        StaticHostProvider hosts = new StaticHostProvider(new ConnectStringParser(servers).getServerAddresses());
        ZooKeeper handle = new ZooKeeper(
                servers, timeout, watcher, readOnly, new ConnectionTimes(hosts, proof, clock), new ZKClientConfig());
        current = new Session(handle, proof, clock);
        return handle;
    }

    String base() {
        return scope.path();
    }

    Call call(String doing, String path, Duration timeout) {
        return new Call(doing + " " + path, options.connectString(), clock, timeout);
    }

    /** The session that is open now; waits for one as long as the call has time. */
    Session session(Call call) {
        try {
            long patience = Math.max(1, call.left().toMillis());
            if (!closed.get() && client.blockUntilConnected(Math.toIntExact(patience), TimeUnit.MILLISECONDS)) {
                Session session = current;
                if (session != null && session.exists()) {
                    return session;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw call.unreachable("interrupted while waiting for a connection");
        }
        throw call.unreachable(closed.get() ? "closed; no answer" : "no connection");
    }

    /** What the server granted, or the wish as long as no server has answered. */
    Duration ttl() {
        Session session = current;
        if (session != null && session.exists()) {
            announced = session.granted();
        }
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

    Dcs.Watch watch(Runnable hint) {
        Hint added = new Hint(hint);
        hints.add(added);
        return () -> hints.remove(added);
    }

    private void changed(ConnectionState state) {
        Session session = current;
        if (state.isConnected() && session != null) {
            if (!session.granted().equals(scope.ttl())) {
                LOG.warn(
                        "{} of {}: asked for a session timeout of {} ms, the server grants {} ms; leases count on that."
                                + " See minSessionTimeout and maxSessionTimeout of the servers",
                        scope.session(),
                        base(),
                        scope.ttl().toMillis(),
                        session.granted().toMillis());
            }
            reportFailure("watching", session.watch(base(), event -> hint()).thenRun(this::hint));
        }
        hint();
    }

    private void hint() {
        hints.forEach(hint -> hint.action.run());
    }

    /** The next connection tries again, so this is of interest only to who looks for a cause. */
    private void reportFailure(String doing, CompletableFuture<?> answer) {
        var unused = answer.exceptionally(problem -> {
            LOG.debug("{}: {} {}: {}", scope.session(), doing, base(), problem.toString());
            return null;
        });
    }

    private Duration giveSignOfLife() {
        Session session = current;
        if (session != null && client.getZookeeperClient().isConnected() && session.exists()) {
            reportFailure("sign of life", session.sync(base()));
        }
        return options.tick().dividedBy(SIGNS_PER_TICK);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        signsOfLife.close();
        // The client waits for the server without a limit of its own. If it takes too long the ttl ends the session.
        Thread closing = new Thread(client::close, "zookeeper-close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(CLOSE_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Two watches with one action are two. */
    private static final class Hint {
        private final Runnable action;

        Hint(Runnable action) {
            this.action = action;
        }
    }
}

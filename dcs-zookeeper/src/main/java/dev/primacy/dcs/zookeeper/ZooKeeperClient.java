// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.time.MonotonicClock;
import java.time.Duration;

/**
 * One ZooKeeper session for all that leaves nothing behind when it ends: reads, writes of records, watches. What must end
 * with its scope has a session of its own, which begins when it is needed.
 */
final class ZooKeeperClient implements DcsClient {
    /** Nothing is lost with this session, so it may be short, which lets it leave a hanging server soon. */
    private static final Duration SHARED_TIMEOUT = Duration.ofSeconds(10);

    /** Nothing at the servers hangs on its end. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    private final Options options;
    private final MonotonicClock clock;
    private final Handles handles;
    private final Watches watches = new Watches();
    private final SignsOfLife signs;
    private final Connection shared;
    private int open;
    private boolean closed;

    ZooKeeperClient(Options options, MonotonicClock clock) {
        this.options = options;
        this.clock = clock;
        this.handles = new Handles(options, clock);
        this.signs = new SignsOfLife(options.tick(), clock);
        this.shared = new Connection("zookeeper", SHARED_TIMEOUT, handles, clock, watches);
    }

    @Override
    public synchronized Dcs open(Scope scope) {
        if (closed) {
            throw new IllegalStateException("opening " + scope.path() + ": this client of ZooKeeper is closed");
        }
        open++;
        return new ZooKeeperDcs(this, scope, new OwnSession(scope, handles, clock, signs, watches));
    }

    Call call(String doing, String path, Duration timeout) {
        return new Call(doing + " " + Call.shown(path), options.connectString(), clock, timeout);
    }

    /** The session that all scopes share. */
    Session session(Call call) {
        return shared.session(call);
    }

    Dcs.Watch watch(String path, Runnable hint) {
        shared.start();
        return watches.add(path, hint);
    }

    /** To be called once by each session when it has closed. */
    void sessionClosed() {
        synchronized (this) {
            open--;
        }
        closeIfUnused();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        closeIfUnused();
    }

    private void closeIfUnused() {
        synchronized (this) {
            if (!closed || open > 0) {
                return;
            }
        }
        signs.close();
        shared.close(CLOSE_PATIENCE);
        options.tls().flatMap(Tls::key).ifPresent(ClientKey::delete);
    }
}

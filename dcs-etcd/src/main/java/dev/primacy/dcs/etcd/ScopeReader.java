// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.backend.Hints;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.RangeResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one scope, for all sessions of a client that look at it. A watch feeds a copy; each reading asks the store for one
 * key only, to learn whether the copy is the latest, and reads all if it is not. May be used by any thread.
 */
final class ScopeReader implements WatchStream.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ScopeReader.class);
    /** What was just written comes by the watch within this time, if the server is well. */
    private static final Duration CATCH_UP = Duration.ofMillis(50);

    private final Store store;
    private final Keys keys;
    private final ScopeView view;
    private final Hints hints = new Hints();
    private @Nullable WatchStream stream;
    private boolean closed;

    ScopeReader(Store store, Keys keys) {
        this.store = store;
        this.keys = keys;
        this.view = new ScopeView(keys);
    }

    Hints hints() {
        return hints;
    }

    /** The scope, no older than the call. */
    Snapshot read(Call call) {
        if (!isFollowing() || view.revision() == 0) {
            return load(call);
        }
        RangeResponse newest = call.ask(Request.range(keys.newest().build())).value();
        try {
            Optional<Snapshot> current = view.awaitCurrent(
                    newest, store.clock(), store.clock().now().plus(CATCH_UP).earlier(call.end()));
            return current.isPresent() ? current.get() : load(call);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw call.unreachable("interrupted while waiting for the watch", e);
        }
    }

    /** Also watches anew: a watch that lags may come from a member that is cut off. */
    private Snapshot load(Call call) {
        Answer<RangeResponse> all = call.ask(Request.range(keys.all().build()));
        String token = store.credentials().token(call);
        view.load(all.value());
        long next = all.value().getHeader().getRevision() + 1;
        follow(all.from(), token, next);
        return keys.snapshot(all.value().getKvsList());
    }

    private synchronized boolean isFollowing() {
        return stream != null;
    }

    private synchronized void follow(Endpoint endpoint, String token, long from) {
        WatchStream last = stream;
        if (last != null) {
            last.close();
        }
        stream = closed ? null : new WatchStream(endpoint, token, store.guard(), keys, from, this);
    }

    /**
     * Leaves a server that has failed, and watches again if somebody wants hints.
     *
     * @return whether that is done
     */
    boolean upkeep(Call call) {
        if (hints.isEmpty() && !isFollowing()) {
            return true;
        }
        store.awaitEndpoints(call);
        String token = store.credentials().token(call);
        Endpoint best = store.endpoints().all().get(0);
        synchronized (this) {
            WatchStream now = stream;
            if (now == null || !now.isOn(best)) {
                view.clear();
                follow(best, token, 0);
            }
            return stream != null || closed;
        }
    }

    @Override
    public void began(WatchStream which) {
        hints.give();
    }

    @Override
    public void happened(WatchStream which, List<Event> events) {
        boolean tells;
        synchronized (this) {
            tells = !which.equals(stream) || view.apply(events);
        }
        if (tells) {
            hints.give();
        }
    }

    @Override
    public void ended(WatchStream which, String reason) {
        synchronized (this) {
            if (!which.equals(stream)) {
                return;
            }
            stream = null;
            view.clear();
        }
        LOG.debug("watching {} at {} ended: {}", keys.base(), which.address(), reason);
        hints.give();
    }

    synchronized void close() {
        closed = true;
        WatchStream last = stream;
        if (last != null) {
            last.close();
        }
        stream = null;
    }
}

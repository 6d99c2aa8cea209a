// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsException;
import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to each server, and one reader for each scope, for all sessions. */
final class EtcdClient implements DcsClient {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdClient.class);
    private static final Duration MEMBERS_EVERY = Duration.ofSeconds(30);
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Store store;
    private final Map<String, Shared> readers = new HashMap<>();
    private int sessions;
    private boolean closed;
    private @Nullable Loop upkeep;
    /** Owned by the loop. */
    private MonotonicInstant membersDue;

    private static final class Shared {
        private final ScopeReader reader;
        private int users;

        Shared(ScopeReader reader) {
            this.reader = reader;
        }
    }

    EtcdClient(Options options, MonotonicClock clock) {
        this.store = Store.of(options, clock);
        this.membersDue = clock.now();
    }

    Store store() {
        return store;
    }

    @Override
    public synchronized Dcs open(Scope scope) {
        if (closed) {
            throw new IllegalStateException("this client of etcd is closed");
        }
        Keys keys = new Keys(scope.path());
        Shared shared = readers.computeIfAbsent(scope.path(), path -> new Shared(new ScopeReader(store, keys)));
        shared.users++;
        sessions++;
        if (upkeep == null) {
            Loop loop = new ThreadLoops((name, problem) -> LOG.warn("{}: {}", name, problem.toString()))
                    .start("etcd-upkeep", this::upkeep);
            upkeep = loop;
            store.onUpkeepNeeded(loop::wake);
        }
        return new EtcdDcs(store, keys, shared.reader, scope, () -> left(scope.path(), shared));
    }

    private void left(String path, Shared shared) {
        synchronized (this) {
            sessions--;
            if (--shared.users == 0) {
                readers.remove(path);
                shared.reader.close();
            }
        }
        endIfUnused();
    }

    private Duration upkeep() {
        boolean done = true;
        for (ScopeReader reader : readersInUse()) {
            done &= attempt(() -> reader.upkeep(new Call("watching", store, PATIENCE)));
        }
        MonotonicInstant now = store.clock().now();
        if (done && !now.isBefore(membersDue)) {
            membersDue = now.plus(MEMBERS_EVERY);
            done = attempt(() -> {
                store.membership().refresh(new Call("listing etcd's members", store, PATIENCE));
                return true;
            });
        }
        return done ? store.clock().now().until(membersDue) : AGAIN;
    }

    private synchronized List<ScopeReader> readersInUse() {
        return readers.values().stream().map(shared -> shared.reader).toList();
    }

    /** Whoever needs the store meets the same problem, and reports it. */
    private static boolean attempt(BooleanSupplier work) {
        try {
            return work.getAsBoolean();
        } catch (DcsException e) {
            LOG.debug("{}", e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        endIfUnused();
    }

    private void endIfUnused() {
        Loop last;
        synchronized (this) {
            if (!closed || sessions > 0) {
                return;
            }
            last = upkeep;
            upkeep = null;
        }
        store.close();
        if (last != null) {
            last.close();
        }
    }
}

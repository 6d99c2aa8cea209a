// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.history;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** One history while it happens: its clients, and the one who disturbs them. */
final class Play {
    private static final int LOCK_CLIENTS = 3;
    private static final int RECORD_CLIENTS = 3;

    private final DcsFixture fixture;
    private final StoreServers servers;
    private final History history = new History();
    private final LeaseTiming timing;
    private final Set<Dcs> sessions = ConcurrentHashMap.newKeySet();

    Play(DcsFixture fixture, StoreServers servers) {
        this.fixture = fixture;
        this.servers = servers;
        Duration ttl = fixture.ttl();
        timing = new LeaseTiming(ttl, ttl.dividedBy(10), ttl.dividedBy(3), 0.001, Duration.ofMillis(10), Duration.ZERO);
    }

    /** Plays it to the end. */
    History run(long seed, Duration length, Consumer<String> disturbances) {
        MonotonicInstant end = now().plus(length);
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < LOCK_CLIENTS; i++) {
            LockClient client = new LockClient("lock-" + i, this, new Random(seed + i));
            clients.add(inBackground("lock client", () -> client.fightUntil(end)));
        }
        for (int i = 0; i < RECORD_CLIENTS; i++) {
            RecordClient client = new RecordClient("record-" + i, this, new Random(seed - 1 - i));
            clients.add(inBackground("record client", () -> client.workUntil(end)));
        }
        new Nemesis(this, fixture, servers, new Random(~seed), disturbances).disturbUntil(end);
        clients.forEach(CompletableFuture::join);
        return history;
    }

    History history() {
        return history;
    }

    LeaseTiming timing() {
        return timing;
    }

    MonotonicInstant now() {
        return fixture.clock().now();
    }

    void pause(Random random) {
        fixture.pass(Duration.ofMillis(5 + random.nextInt(60)));
    }

    /** Those whose network may be disturbed. */
    List<Dcs> sessions() {
        return List.copyOf(sessions);
    }

    Dcs open(String name) {
        Dcs session = fixture.open(name);
        sessions.add(session);
        return session;
    }

    /** From now on nothing is heard of it, and nobody heals its network. */
    void silence(Dcs session) {
        sessions.remove(session);
        fixture.silence(session);
    }

    /** Does not wait, since the store may not answer. */
    void close(Dcs session) {
        sessions.remove(session);
        var unused = inBackground("closing", session::close);
    }

    /**
     * As {@link #close}, but not before this instant: a fault that began before the silence may have ended it, and to close
     * a session that can be heard gives up what is still believed in.
     */
    void closeAfter(Dcs session, MonotonicInstant until) {
        sessions.remove(session);
        var unused = inBackground("closing", () -> {
            Duration left = now().until(until);
            if (!left.isNegative()) {
                fixture.pass(left);
            }
            session.close();
        });
    }

    private static CompletableFuture<Void> inBackground(String name, Runnable work) {
        return CompletableFuture.runAsync(work, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.start();
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Uses one store in a few ways, and measures. */
final class Bench {
    private static final MonotonicClock CLOCK = BootClock.system();
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final int WARM_UP = 100;
    private static final int ROUNDS = 300;
    private static final int LOOPS = 10;
    private static final String STATUS = "{\"optime\":%d,\"slots\":{\"node_1\":%d,\"node_2\":%d}}";
    private static final String MEMBER = "{\"conn_url\":\"postgres://10.0.0.%d:5432/postgres\",\"api_url\":"
            + "\"http://10.0.0.%d:8008/patroni\",\"state\":\"running\",\"role\":\"replica\",\"version\":\"4.1.0\","
            + "\"xlog_location\":67108864,\"replication_state\":\"streaming\",\"timeline\":1}";

    private final Store store;
    private Optional<Counters.Reading> own = Optional.empty();
    private int scopes;

    Bench(Store store) {
        this.store = store;
    }

    /** Median milliseconds by verb. */
    Map<String, Double> latencies() {
        Map<String, Double> medians = new LinkedHashMap<>();
        try (DcsClient client = client();
                Dcs session = client.open(nextScope());
                Dcs reader = client.open(lastScope())) {
            Lock[] held = new Lock[1];
            medians.put(
                    "acquire",
                    median(() -> held[0] = acquire(session), () -> session.release(held[0], List.of(), TIMEOUT)));
            Lock lock = acquire(session);
            int[] count = new int[1];
            medians.put(
                    "renew with status",
                    median(() -> session.renew(lock, Optional.of(status(count[0]++)), TIMEOUT), () -> {}));
            register(session, 0, 10);
            medians.put("snapshot, 10 members", median(() -> reader.snapshot(TIMEOUT), () -> {}));
            register(session, 10, 1000);
            medians.put("snapshot, 1,000 members", median(() -> reader.snapshot(TIMEOUT), () -> {}));
        }
        return medians;
    }

    private static double median(Runnable measured, Runnable then) {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < WARM_UP + ROUNDS; i++) {
            MonotonicInstant start = CLOCK.now();
            measured.run();
            times.add(start.until(CLOCK.now()));
            then.run();
        }
        List<Duration> sorted =
                times.subList(WARM_UP, times.size()).stream().sorted().toList();
        return sorted.get(sorted.size() / 2).toNanos() / 1e6;
    }

    /**
     * Requests and writes for each round of a leader that reads the cluster and publishes a status that changes, or not.
     */
    Cost leader(boolean changing) {
        own();
        try (DcsClient client = client();
                Dcs session = client.open(nextScope())) {
            register(session, 0, 3);
            Lock lock = acquire(session);
            session.watch(() -> {});
            return cost(i -> {
                session.snapshot(TIMEOUT);
                session.register("node-0", member(0), TIMEOUT);
                session.renew(lock, Optional.of(status(changing ? i : 0)), TIMEOUT);
            });
        }
    }

    /** The same for a standby whose member record changes, or not. */
    Cost standby(boolean changing) {
        try (DcsClient client = client();
                Dcs session = client.open(nextScope())) {
            register(session, 0, 3);
            session.watch(() -> {});
            return cost(i -> {
                session.snapshot(TIMEOUT);
                session.register("node-0", member(changing ? i : 0), TIMEOUT);
            });
        }
    }

    /** What the servers count by themselves, and by being asked, is taken off. */
    private Cost cost(IntConsumer round) {
        round.accept(0);
        RealTime.pass(CLOCK, Duration.ofSeconds(1));
        Counters.Reading spent = spentIn(round).since(own());
        return new Cost((double) spent.requests() / LOOPS, (double) spent.writes() / LOOPS);
    }

    private Counters.Reading own() {
        Counters.Reading reading = own.orElseGet(() -> spentIn(i -> {}));
        own = Optional.of(reading);
        return reading;
    }

    private Counters.Reading spentIn(IntConsumer round) {
        Counters.Reading before = store.counters().read();
        for (int i = 1; i <= LOOPS; i++) {
            round.accept(i);
            RealTime.pass(CLOCK, Duration.ofSeconds(1));
        }
        return store.counters().read().since(before);
    }

    /** TCP connections of this process to the store while it watches so many scopes. */
    int connectionsWatching(int count) {
        List<Dcs> sessions = new ArrayList<>();
        try (DcsClient client = client()) {
            for (int i = 0; i < count; i++) {
                Dcs session = client.open(nextScope());
                session.watch(() -> {});
                session.snapshot(TIMEOUT);
                sessions.add(session);
            }
            RealTime.pass(CLOCK, Duration.ofSeconds(1));
            return Connections.to(store.servers().addresses());
        } finally {
            sessions.forEach(Dcs::close);
        }
    }

    private DcsClient client() {
        return DcsProvider.named(store.section()).connect(store.options(), CLOCK);
    }

    private Scope nextScope() {
        scopes++;
        return lastScope();
    }

    private Scope lastScope() {
        return new Scope("/service/bench-" + scopes, "node-0", TTL);
    }

    private static Lock acquire(Dcs session) {
        AcquireOutcome outcome = session.acquire(LockClaim.free("node-0"), TIMEOUT);
        if (outcome instanceof AcquireOutcome.Acquired acquired) {
            return acquired.lock();
        }
        throw new IllegalStateException("not acquired: " + outcome);
    }

    private static void register(Dcs session, int from, int to) {
        for (int i = from; i < to; i++) {
            session.register("node-" + i, member(i), TIMEOUT);
        }
    }

    private static String status(int i) {
        long lsn = 67_108_864L + i;
        return Table.text(STATUS, lsn, lsn, lsn);
    }

    private static String member(int i) {
        return Table.text(MEMBER, i % 250, i % 250);
    }

    /** For one round. */
    record Cost(double requests, double writes) {}
}

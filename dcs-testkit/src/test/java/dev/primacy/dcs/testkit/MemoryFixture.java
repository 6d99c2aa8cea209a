// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.time.MonotonicClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The memory backend; a session without verbs is silent by itself. */
public final class MemoryFixture implements DcsFixture {
    static final Duration TTL = Duration.ofSeconds(3);

    private final MonotonicClock clock;
    private final Consumer<Duration> pass;
    private final MemoryStore store;
    private final Variant variant;
    private final List<Dcs> correct = new ArrayList<>();

    /** In virtual time. */
    static MemoryFixture virtual(Variant variant) {
        VirtualClock clock = new VirtualClock();
        return new MemoryFixture(clock, clock::pass, variant);
    }

    public MemoryFixture(MonotonicClock clock, Consumer<Duration> pass, Variant variant) {
        this.clock = clock;
        this.pass = pass;
        this.store = new MemoryStore(clock);
        this.variant = variant;
    }

    @Override
    public synchronized Dcs open(String name, Duration ttl) {
        Dcs session = store.open(name, ttl);
        correct.add(session);
        return variant.of(session, this);
    }

    /** All sessions that were opened, as the correct backend has them. */
    synchronized List<Dcs> sessions() {
        return List.copyOf(correct);
    }

    MemoryStore store() {
        return store;
    }

    @Override
    public Duration ttl() {
        return TTL;
    }

    @Override
    public Duration grace() {
        return Duration.ofMillis(100);
    }

    @Override
    public MonotonicClock clock() {
        return clock;
    }

    @Override
    public void pass(Duration time) {
        pass.accept(time);
        store.expire();
    }

    @Override
    public void silence(Dcs session) {}

    @Override
    public void hear(Dcs session) {}

    @Override
    public void put(RecordKey key, byte[] raw) {
        try (Dcs foreign = store.open("foreign", TTL)) {
            foreign.write(RecordWrite.blind(key, new String(raw, StandardCharsets.UTF_8)), TTL);
        }
    }

    @Override
    public void close() {}

    /** A way to be wrong, or right. */
    @FunctionalInterface
    public interface Variant {
        Variant CORRECT = (session, fixture) -> session;

        Dcs of(Dcs session, MemoryFixture fixture);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Sessions in a namespace of their own, whose wall clocks are hours apart. */
final class KubernetesFixture extends RemoteFixture {
    private static final AtomicInteger CLOCKS = new AtomicInteger();

    private final Cluster cluster;
    private final Map<String, Object> options;

    KubernetesFixture(StoreServers servers, Kind kind) {
        this(servers, kind, Map.of());
    }

    KubernetesFixture(StoreServers servers, Kind kind, Map<String, Object> options) {
        super(new SkewedProvider(), servers.addresses());
        cluster = new Cluster(servers, kind);
        this.options = options;
        for (String name : new String[] {"node-1", "node-2", "site-1"}) {
            cluster.pod(name, scope());
        }
    }

    Cluster cluster() {
        return cluster;
    }

    String scope() {
        return path().substring("/service/".length());
    }

    @Override
    protected Map<String, Object> section(String address) {
        return cluster.section(address, options);
    }

    @Override
    public Duration ttl() {
        return Duration.ofSeconds(2);
    }

    /** Who waits for the end of a lock begins to count when it first looks. */
    @Override
    public Duration grace() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void put(RecordKey key, byte[] raw) {
        String text = new String(raw, StandardCharsets.UTF_8);
        if (key.equals(RecordKey.STATUS)) {
            // The server makes the same of bytes that are no text.
            cluster.annotate(
                    scope(), "-leader", Json.object().put("optime", text).toString());
        } else if (key.equals(RecordKey.FAILOVER) && text.equals("{}")) {
            cluster.annotate(scope(), "-failover", "{\"leader\":null,\"member\":null,\"scheduled_at\":null}");
        } else {
            throw new IllegalArgumentException(key + " is put by no case");
        }
    }

    /** Each client of it believes in another time. */
    private static final class SkewedProvider implements DcsProvider {
        @Override
        public String name() {
            return "kubernetes";
        }

        @Override
        public DcsClient connect(Map<String, Object> section, MonotonicClock clock) {
            int number = CLOCKS.incrementAndGet();
            MonotonicInstant origin = clock.now();
            Instant start = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofHours(5L * (number % 7) - 15));
            return new KubernetesProvider(
                            () -> start.plus(origin.until(clock.now())),
                            new Random(System.identityHashCode(section) + number))
                    .connect(section, clock);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.failsafe;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.lease.LeaseKeeper;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.FailsafeRecord;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.Peers;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prolongs the right of a leader that cannot reach the store, while every member that the {@code failsafe} key lists promises
 * not to claim the lock. Whoever is not listed there asks all who are for the same promise before it claims the lock, and a
 * leader gives none, so nobody else can have it. After Patroni's
 * failsafe mode; unlike there, the right counts from before the members were asked. Owned by the loop's thread, except where it says otherwise.
 */
public final class Failsafe {
    private static final Logger LOG = LoggerFactory.getLogger(Failsafe.class);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Peers peers;
    private final LeaseKeeper keeper;
    private final MonotonicClock clock;
    private volatile Map<String, String> listed = Map.of();
    /** By writes whose outcome is not known yet. */
    private final Map<String, String> attempted = new TreeMap<>();

    private Optional<Version> attemptedOver = Optional.empty();

    public Failsafe(Peers peers, LeaseKeeper keeper, MonotonicClock clock) {
        this.peers = peers;
        this.keeper = keeper;
        this.clock = clock;
    }

    /** The {@code failsafe} key as it was last seen. May be called by any thread. */
    public Map<String, String> listed() {
        return listed;
    }

    /** The store has answered. */
    public void seen(Snapshot cluster) {
        listed = members(cluster);
        if (!cluster.record(RecordKey.FAILSAFE).map(Stored::version).equals(attemptedOver)) {
            // What was to replace another version cannot happen any more.
            attempted.clear();
        }
    }

    private static Map<String, String> members(Snapshot cluster) {
        return Entry.read(cluster.record(RecordKey.FAILSAFE), FailsafeRecord::parse)
                .value()
                .map(FailsafeRecord::members)
                .orElse(Map.of());
    }

    /** Called before the request, since its answer may get lost: whom it lists may claim the lock then. */
    public void writing(RecordWrite write) {
        if (write.key().equals(RecordKey.FAILSAFE)) {
            attemptedOver = write.expected() instanceof Expected.At at ? Optional.of(at.version()) : Optional.empty();
            write.value()
                    .map(FailsafeRecord::parse)
                    .map(FailsafeRecord::members)
                    .ifPresent(attempted::putAll);
        }
    }

    /**
     * Asks all members, and prolongs the right if all of them promise. Blocks for two seconds at most.
     *
     * @return whether they did
     */
    public boolean prolong(HaConfig config) {
        Optional<Lease> lease = keeper.held();
        if (!config.cluster().failsafe() || lease.isEmpty() || !listed.containsKey(config.name())) {
            return false;
        }
        // Before the first is asked: its promise counts from then at the earliest.
        MonotonicInstant asked = clock.now();
        if (!allPromise(config)) {
            return false;
        }
        keeper.promised(lease.get().lock(), asked);
        return true;
    }

    /**
     * Whether this member may claim the lock: no leader relies on promises that it was not asked for. Blocks for two seconds
     * at most.
     */
    public boolean mayClaim(HaConfig config) {
        return listed.isEmpty() || listed.containsKey(config.name()) || allPromise(config);
    }

    private boolean allPromise(HaConfig config) {
        Map<String, String> others = new TreeMap<>(listed);
        others.putAll(attempted);
        others.remove(config.name());
        Set<String> promised = others.isEmpty() ? Set.of() : peers.promised(others, call(config), limit(config));
        others.keySet().removeAll(promised);
        if (!others.isEmpty()) {
            LOG.warn("Failsafe mode: no promise from {}", others.keySet());
        }
        return others.isEmpty();
    }

    private static Duration limit(HaConfig config) {
        Duration request = config.timing().requestTimeout();
        return request.compareTo(LONGEST) < 0 ? request : LONGEST;
    }

    private static FailsafeCall call(HaConfig config) {
        return new FailsafeCall(
                config.name(),
                "postgres://" + config.address() + "/postgres",
                config.apiUrl(),
                config.timing().ttl());
    }
}

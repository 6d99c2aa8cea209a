// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.dcs.record.JsonObject;
import dev.primacy.postgres.Upstream;
import dev.primacy.simulation.store.StoreKind;
import dev.primacy.time.LeaseTiming;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What people have configured.
 *
 * @param cluster timing of the leader locks, until people change it
 * @param group timing of the site lease
 * @param maximumLag of both
 * @param startTimeout of a leader's server
 * @param switchoverTimeout between sites
 * @param failsafe whether clusters are in failsafe mode
 */
record Settings(
        LeaseTiming cluster,
        LeaseTiming group,
        long maximumLag,
        Duration startTimeout,
        Duration stopTimeout,
        Duration switchoverTimeout,
        Duration electionWindow,
        boolean failsafe) {
    private static final List<StoreKind> STORES = List.of(StoreKind.values());
    private static final List<Long> LAGS = List.of(60L, 400L);
    private static final List<LeaseTiming> TIMINGS = List.of(
            timing(15, 3, 5),
            timing(30, 10, 10),
            timing(30, 10, 10),
            timing(60, 20, 20),
            timing(60, 20, 20),
            timing(60, 20, 20));

    /** What people change it to, by the way of the trouble. */
    private static final List<LeaseTiming> CHANGED = List.of(timing(20, 3, 6), timing(30, 10, 10), timing(45, 10, 15));

    private static LeaseTiming timing(int ttl, int renewEvery, int requestTimeout) {
        return LeaseTiming.of(
                Duration.ofSeconds(ttl), Duration.ofSeconds(renewEvery), Duration.ofSeconds(requestTimeout));
    }

    static Settings draw(Random random, boolean failsafe) {
        int cluster = random.nextInt(TIMINGS.size());
        int group = cluster + random.nextInt(TIMINGS.size() - cluster);
        return new Settings(
                TIMINGS.get(cluster),
                TIMINGS.get(group),
                LAGS.get(random.nextInt(LAGS.size())),
                Duration.ofSeconds(20 + random.nextInt(60)),
                Duration.ofSeconds(5 + random.nextInt(40)),
                Duration.ofSeconds(5 + random.nextInt(30)),
                Duration.ofSeconds(random.nextInt(5)),
                failsafe);
    }

    /** Another timing of the leader lock. */
    static LeaseTiming changed(int way) {
        return CHANGED.get(way);
    }

    /** Patroni's {@code config} key. */
    String config(LeaseTiming timing, boolean paused, Optional<Upstream> followed) {
        return JsonObject.EMPTY
                .with("ttl", timing.ttl().toSeconds())
                .with("loop_wait", timing.renewEvery().toSeconds())
                .with("retry_timeout", timing.requestTimeout().toSeconds())
                .with("maximum_lag_on_failover", maximumLag)
                .with("primary_start_timeout", startTimeout.toSeconds())
                .with("primary_stop_timeout", stopTimeout.toSeconds())
                .with("failsafe_mode", failsafe)
                .with("pause", paused)
                .with(
                        "standby_cluster",
                        followed.map(
                                to -> JsonObject.EMPTY.with("host", to.host()).with("port", to.port())))
                .toString();
    }

    static StoreKind drawStore(Random random) {
        return STORES.get(random.nextInt(STORES.size()));
    }
}

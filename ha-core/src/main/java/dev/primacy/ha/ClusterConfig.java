// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.postgres.Upstream;
import dev.primacy.time.LeaseTiming;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings that all members of a cluster share: what {@code config} in the store says, in Patroni's names.
 *
 * @param timing {@code ttl}, {@code loop_wait} and {@code retry_timeout}
 * @param maximumLag {@code maximum_lag_on_failover}: how many bytes of the leader's published WAL a failover may lose
 * @param checkTimeline {@code check_timeline}: whether a member must be on the timeline that {@code history} ends with
 * @param startTimeout {@code primary_start_timeout}: how long a leader's server may take to serve before the lock is given
 *     up, if there is another member that may have it; 0: it is not even started again after a crash
 * @param stopTimeout {@code primary_stop_timeout}: how long a clean stop may take before the server is killed
 * @param failsafe {@code failsafe_mode}: whether a leader without the store goes on while all members promise not to replace
 *     it
 * @param paused Patroni's pause: nothing is started, stopped or promoted unless a person asks for it
 * @param raceBackoff {@code primary_race_backoff}: how long at most a standby leaves a free lock alone while its primary
 *     still sends new WAL
 * @param timelinesKept {@code max_timelines_history}: how many timelines {@code history} tells of at most; 0: of all
 * @param standbyOf {@code standby_cluster}: the primary of another cluster, which this one follows as a whole instead of
 *     having a primary of its own
 */
public record ClusterConfig(
        LeaseTiming timing,
        long maximumLag,
        boolean checkTimeline,
        Duration startTimeout,
        Duration stopTimeout,
        boolean failsafe,
        boolean paused,
        Duration raceBackoff,
        long timelinesKept,
        Optional<Upstream> standbyOf) {
    /** Patroni's, where nothing else is said. */
    public static final ClusterConfig DEFAULT = new ClusterConfig(
            LeaseTiming.of(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10)),
            1 << 20,
            false,
            Duration.ofSeconds(300),
            Duration.ofSeconds(60),
            false,
            false);

    public ClusterConfig {
        if (maximumLag < 0) {
            throw new IllegalArgumentException("maximum_lag_on_failover must not be negative");
        }
    }

    /** A cluster that has a primary of its own, and whose members race for a free lock at once. */
    public ClusterConfig(
            LeaseTiming timing,
            long maximumLag,
            boolean checkTimeline,
            Duration startTimeout,
            Duration stopTimeout,
            boolean failsafe,
            boolean paused) {
        this(
                timing,
                maximumLag,
                checkTimeline,
                startTimeout,
                stopTimeout,
                failsafe,
                paused,
                Duration.ZERO,
                0,
                Optional.empty());
    }

    ClusterConfig withoutStandbyOf() {
        return with(timing, Optional.empty());
    }

    /** The same with other times. */
    public ClusterConfig with(LeaseTiming other) {
        return with(other, standbyOf);
    }

    private ClusterConfig with(LeaseTiming times, Optional<Upstream> following) {
        return new ClusterConfig(
                times,
                maximumLag,
                checkTimeline,
                startTimeout,
                stopTimeout,
                failsafe,
                paused,
                raceBackoff,
                timelinesKept,
                following);
    }
}

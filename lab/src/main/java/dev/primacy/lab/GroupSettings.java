// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What a group is to be like.
 *
 * @param agent the program that runs an agent, {@code bin/agent}
 * @param logs folder for the agents' output; created if absent
 * @param siteTtl of the site lease
 * @param localTtl of the leader lock in each site
 * @param lossBound bytes of WAL that a failover may lose: {@code maximum_lag_on_failover}
 * @param keep whether to leave the nodes' folders behind
 */
public record GroupSettings(Path agent, Path logs, Duration siteTtl, Duration localTtl, long lossBound, boolean keep) {
    private static final long LOOP_WAIT_SECONDS = 2;
    private static final long SHORTEST_TTL_SECONDS = 6;

    public GroupSettings {
        if (Math.min(siteTtl.toSeconds(), localTtl.toSeconds()) < SHORTEST_TTL_SECONDS) {
            throw new IllegalArgumentException("a ttl must be at least " + SHORTEST_TTL_SECONDS + " s");
        }
    }

    /** Usual times, with the agent of the checkout that this JVM was started for. */
    public static GroupSettings of(Path checkout, Path logs) {
        return new GroupSettings(
                checkout.resolve("bin/agent"), logs, Duration.ofSeconds(20), Duration.ofSeconds(10), 1 << 20, false);
    }

    public GroupSettings withTtls(Duration site, Duration local) {
        return new GroupSettings(agent, logs, site, local, lossBound, keep);
    }

    public GroupSettings withKeep(boolean wanted) {
        return new GroupSettings(agent, logs, siteTtl, localTtl, lossBound, wanted);
    }

    /** The longest {@code retry_timeout} that lets two tries and one round fit into a ttl, within reason. */
    static long retryTimeoutSeconds(Duration ttl) {
        return Math.min(5, (ttl.toSeconds() - LOOP_WAIT_SECONDS) / 2 - 1);
    }
}

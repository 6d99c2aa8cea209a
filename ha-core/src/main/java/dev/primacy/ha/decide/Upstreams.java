// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.ha.decide.Decision.Rejoin;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.Upstream;
import java.time.Duration;
import java.util.Optional;

/** When to compare histories with the server that is, or is to be, followed. */
final class Upstreams {
    /** A standby whose history parted from its upstream's asks in vain for WAL; that shows by its not streaming. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private static final Duration BETWEEN_COMPARISONS = Duration.ofSeconds(2);

    private Upstreams() {}

    static Decision rejoin(Observation seen, Upstream upstream, String reason) {
        return comparedLately(seen) && seen.memory().failedAction().isPresent()
                ? new Decision.Wait("could not join " + upstream + "; trying again shortly")
                : new Rejoin(upstream, reason);
    }

    /** For a running standby: {@code settled} if it follows the right server and streams, or may yet begin to. */
    static Decision follow(Observation seen, Upstream upstream, Decision settled) {
        Server server = seen.postgres().server().orElseThrow();
        if (!server.upstream().equals(Optional.of(upstream))) {
            return rejoin(seen, upstream, "following " + upstream + " from now on");
        }
        boolean silent = seen.memory()
                .notStreamingSince()
                .filter(since -> since.plus(SILENCE).isBefore(seen.now()))
                .isPresent();
        return silent && !comparedLately(seen)
                ? new Rejoin(upstream, "not streaming from " + upstream + "; comparing histories")
                : settled;
    }

    private static boolean comparedLately(Observation seen) {
        return seen.memory()
                .comparedAt()
                .filter(at -> seen.now().isBefore(at.plus(BETWEEN_COMPARISONS)))
                .isPresent();
    }
}

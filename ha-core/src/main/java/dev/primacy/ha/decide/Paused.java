// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.ha.HaConfig;
import dev.primacy.ha.decide.Decision.Release;
import dev.primacy.ha.decide.Decision.Wait;
import dev.primacy.multisite.SiteStanding;
import java.util.Optional;

/**
 * The rows of a cluster that is paused: nothing is started, stopped, copied or promoted unless a person asks for it.
 *
 * <p>Unlike Patroni's, a pause does not weaken fencing. A primary goes on only under its lease and its guard, so one that
 * loses its lock stops in a pause as well, and one that nothing guards is not left to run: two that accept writes cost more
 * than an outage. What a person asks for while the cluster is paused (a failover to a named member, a restart) is done by
 * the agent, under the same rights as ever.
 */
final class Paused {
    private Paused() {}

    /** What a pause keeps from being done; empty where the usual rows decide. Rights have been looked at before. */
    static Optional<Decision> decide(Observation seen, HaConfig config) {
        if (seen.runsAsPrimary()) {
            return Optional.empty();
        }
        boolean leads = seen.lease().isPresent();
        return switch (seen.state()) {
            case NO_DATA -> idle(leads, "running with empty data directory");
            case BROKEN_DATA -> idle(leads, "the data directory holds no usable database");
            case STOPPED -> seen.memory().passedLock() ? Optional.empty() : stopped(seen, config);
            case STARTING, UNRESPONSIVE ->
                seen.guarded()
                        ? Optional.empty()
                        : Optional.of(new Wait("PAUSE: PostgreSQL is still starting up or does not answer"));
            case RUNNING -> running(seen, config);
        };
    }

    /** The data of another cluster may be a person's doing that is not done yet. */
    static Decision foreign(Observation seen, String why) {
        return seen.lease().isPresent() ? new Release("PAUSE: " + why) : new Wait("PAUSE: " + why);
    }

    /** A leader without a server is none; the lock is free for a member that a person names. */
    private static Optional<Decision> idle(boolean leads, String why) {
        return Optional.of(
                leads ? new Release("PAUSE: removed leader lock because " + why) : new Wait("PAUSE: " + why));
    }

    private static Optional<Decision> stopped(Observation seen, HaConfig config) {
        // A switchover that has begun is ended.
        boolean handsOver =
                seen.lease().isPresent() && Switchover.asked(seen, config).isPresent();
        return handsOver || seen.site() instanceof SiteStanding.HandingOver
                ? Optional.empty()
                : idle(seen.lease().isPresent(), "postgres is not running");
    }

    private static Optional<Decision> running(Observation seen, HaConfig config) {
        if (!seen.guarded()) {
            return Optional.of(
                    new Wait("PAUSE: PostgreSQL was started by an agent before; it is restarted after the pause"));
        }
        if (seen.cluster().isEmpty() || seen.lock().isPresent()) {
            return Optional.empty();
        }
        return Switchover.isCandidate(seen, config)
                ? Optional.empty()
                : Optional.of(new Wait("PAUSE: there is no leader; waiting for a person to name one"));
    }
}

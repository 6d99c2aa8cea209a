// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.LockClaim;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.decide.Decision.Acquire;
import dev.primacy.ha.decide.Decision.DiscardUnused;
import dev.primacy.ha.decide.Decision.Refuse;
import dev.primacy.ha.decide.Decision.StartPrimary;
import dev.primacy.ha.decide.Decision.Wait;
import dev.primacy.multisite.SiteStanding;
import java.util.Optional;

/**
 * Here is a database that was created and never used. Others may have created one too: whose is the database of all is
 * decided by the record of the group, where there is one, and then by that of the cluster, each of which is written once.
 * Before both name it no server is started on it, so that no row is ever in a database that has to go.
 */
final class NeverUsed {
    private NeverUsed() {}

    static Decision decide(Observation seen, HaConfig config) {
        if (seen.cluster().isEmpty()) {
            return new Wait("DCS is not accessible; leaving a new database alone");
        }
        return Decisions.unreadable(seen).or(() -> named(seen)).orElseGet(() -> byLock(seen, config));
    }

    /** What the records say against it. */
    private static Optional<Decision> named(Observation seen) {
        String here = seen.systemIdentifier().orElseThrow();
        Optional<String> cluster = seen.founded();
        boolean notOfGroup = seen.site() instanceof SiteStanding.Foreign foreign
                && foreign.local().equals(here);
        boolean ofGroup = seen.isOfGroup() && !(seen.site() instanceof SiteStanding.Single);
        boolean ofCluster = cluster.equals(Optional.of(here));
        boolean notOfCluster = cluster.isPresent() && !ofCluster;
        if ((notOfGroup && ofCluster) || (ofGroup && notOfCluster)) {
            return Optional.of(new Refuse("the group and the cluster were founded with different databases, and " + here
                    + ", which is here and was never used, is the one of " + (ofGroup ? "the group" : "the cluster")
                    + "; nothing was touched. Correct the initialize key that is wrong"));
        }
        return notOfGroup || notOfCluster
                ? Optional.of(new DiscardUnused(
                        here,
                        "discarding the new database " + here + ", which was never used: there is another by now"))
                : Optional.empty();
    }

    private static Decision byLock(Observation seen, HaConfig config) {
        if (seen.lock().isEmpty()) {
            return NoLeader.staysOut(seen, config)
                    ? new Wait("leaving the leader lock to others")
                    : new Acquire(
                            LockClaim.free(config.name()),
                            "there is no leader; racing for the lock with a new database");
        }
        if (!seen.lock().get().holder().equals(config.name())) {
            return new Wait("waiting for leader to bootstrap; there is a new database here too");
        }
        if (seen.lease().isEmpty()) {
            return Decisions.ofFormerSession(seen, config);
        }
        if (!seen.mayWrite()) {
            return new Wait("not using the new database: " + Decisions.missingRight(seen));
        }
        if (!seen.isOfGroup()) {
            return new Wait("waiting for the group to take the new database for its own");
        }
        return Decisions.recordFounding(seen)
                .orElseGet(() -> new StartPrimary("starting the new database, which is that of all now"));
    }
}

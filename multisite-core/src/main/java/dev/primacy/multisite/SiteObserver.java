// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the group, and remembers since when it looks so. Owned by one thread. */
final class SiteObserver {
    private static final Logger LOG = LoggerFactory.getLogger(SiteObserver.class);

    private final SiteConfig config;
    private final Dcs dcs;
    private final MonotonicClock clock;
    private Optional<MonotonicInstant> leaderlessSince = Optional.empty();
    private Optional<MonotonicInstant> handingOverSince = Optional.empty();
    private Optional<Lock> toldIn = Optional.empty();
    private boolean storeAnswers = true;

    SiteObserver(SiteConfig config, Dcs dcs, MonotonicClock clock) {
        this.config = config;
        this.dcs = dcs;
        this.clock = clock;
    }

    /** The group first: whoever holds its cluster's lock afterwards got it after everybody who had claimed by then. */
    SiteObservation observe(Supplier<SiteFacts> facts, SiteStanding before, Supplier<Optional<Lease>> held) {
        Optional<Snapshot> group = snapshot();
        SiteFacts known = facts.get();
        MonotonicInstant now = clock.now();
        if (group.isPresent()) {
            leaderlessSince =
                    group.get().leader().isPresent() ? Optional.empty() : leaderlessSince.or(() -> Optional.of(now));
        }
        handingOverSince = before instanceof HandingOver && !known.primary()
                ? handingOverSince.or(() -> Optional.of(now))
                : Optional.empty();
        Optional<Lease> lease = held.get();
        boolean stopTold = toldIn.isPresent() && lease.map(Lease::lock).equals(toldIn);
        return new SiteObservation(now, group, known, lease, leaderlessSince, before, stopTold, handingOverSince);
    }

    private Optional<Snapshot> snapshot() {
        try {
            Optional<Snapshot> group = Optional.of(dcs.snapshot(config.timing().requestTimeout()));
            if (!storeAnswers) {
                LOG.info("The multisite store answers again");
            }
            storeAnswers = true;
            return group;
        } catch (DcsException e) {
            if (storeAnswers) {
                LOG.warn("Error accessing multisite DCS: {}", e.getMessage());
            }
            storeAnswers = false;
            return Optional.empty();
        }
    }

    /**
     * Called before the request, since its answer may get lost. A stop counts as told for the whole tenure: its lease may
     * end and come back with a late answer.
     */
    void writing(SiteDecision.Write write, Optional<Lease> lease) {
        if (write.standing() instanceof HandingOver) {
            toldIn = lease.map(Lease::lock);
        }
    }

    /** It surely happened. */
    void written(SiteDecision.Write write) {
        if (write.write().value().equals(Optional.of(SiteSwitchover.NONE))) {
            toldIn = Optional.empty();
        }
    }
}

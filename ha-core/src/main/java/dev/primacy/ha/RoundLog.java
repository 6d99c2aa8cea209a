// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.dcs.Lock;
import dev.primacy.ha.decide.Decision;
import dev.primacy.ha.decide.Observation;
import dev.primacy.time.MonotonicInstant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows rounds in the words that operators know. A round that says the same as the one before is shown once a loop_wait,
 * so that events do not flood the log.
 */
final class RoundLog {
    private static final Logger LOG = LoggerFactory.getLogger(HaLoop.class);

    private HaConfig config;
    private String lastOwner = "";
    private String lastReason = "";
    private Optional<MonotonicInstant> shownAt = Optional.empty();

    RoundLog(HaConfig config) {
        this.config = config;
    }

    void configure(HaConfig now) {
        config = now;
    }

    void round(Observation seen, Decision decision) {
        String owner = seen.lock().map(Lock::holder).orElse("None");
        boolean lately = shownAt.filter(
                        at -> seen.now().isBefore(at.plus(config.timing().renewEvery())))
                .isPresent();
        if (lately && owner.equals(lastOwner) && decision.reason().equals(lastReason)) {
            return;
        }
        lastOwner = owner;
        lastReason = decision.reason();
        shownAt = Optional.of(seen.now());
        LOG.info("Lock owner: {}; I am {}", owner, config.name());
        LOG.info("{}", message(decision));
    }

    private String message(Decision decision) {
        boolean idle = decision instanceof Decision.Lead
                || decision instanceof Decision.LeadStandby
                || decision.reason().startsWith("a secondary");
        return idle ? "no action. I am (" + config.name() + "), " + decision.reason() : decision.reason();
    }
}

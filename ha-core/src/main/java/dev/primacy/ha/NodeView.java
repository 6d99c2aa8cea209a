// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.ha.decide.Decision;
import dev.primacy.ha.decide.Observation;
import dev.primacy.ha.decide.Order;

/**
 * A member as its last round saw it, for display.
 *
 * @param seen what was observed
 * @param decision what was decided
 * @param paused whether the cluster is, as far as this member knows
 */
public record NodeView(Observation seen, Decision decision, boolean paused) {
    /** Patroni's word for what the server does. */
    public String state() {
        return seen.action()
                .map(action -> switch (action.name()) {
                    case "initializing new cluster", "creating replica" -> action.name();
                    case Order.REINITIALIZE -> "creating replica";
                    case Order.RESTART -> "restarting";
                    default -> plainState();
                })
                .orElseGet(this::plainState);
    }

    private String plainState() {
        return switch (seen.postgres().state()) {
            case RUNNING -> "running";
            case STARTING, UNRESPONSIVE -> "starting";
            case STOPPED, NO_DATA, BROKEN_DATA -> "stopped";
        };
    }

    /** Patroni's word for what the member is. */
    public String role() {
        return seen.role();
    }
}

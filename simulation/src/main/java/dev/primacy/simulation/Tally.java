// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What happened in one history or in many, to see that they were no empty ones. */
final class Tally {
    private final Map<Trouble.Kind, Long> troubles = new EnumMap<>(Trouble.Kind.class);
    private final Map<String, Long> decisions = new TreeMap<>();
    private final Map<String, Long> events = new TreeMap<>();
    private final Map<String, Long> reasons = new TreeMap<>();
    private long histories;
    private long virtualNanos;
    private long steps;

    void befell(Trouble.Kind kind) {
        troubles.merge(kind, 1L, Long::sum);
    }

    void decided(String what) {
        decisions.merge(what, 1L, Long::sum);
    }

    void gave(Object choice, String reason) {
        reasons.merge(choice.getClass().getSimpleName() + ": " + reason, 1L, Long::sum);
    }

    void happened(String what) {
        events.merge(what, 1L, Long::sum);
    }

    void ended(long nanos, long eventsRun) {
        histories++;
        virtualNanos += nanos;
        steps += eventsRun;
    }

    /** Adds another one, whose reasons become those of no case in particular. */
    void add(Tally other) {
        other.troubles.forEach((kind, count) -> troubles.merge(kind, count, Long::sum));
        other.decisions.forEach((what, count) -> decisions.merge(what, count, Long::sum));
        other.events.forEach((what, count) -> events.merge(what, count, Long::sum));
        other.reasons.forEach((reason, count) -> reasons.merge(Rows.of(reason), count, Long::sum));
        histories += other.histories;
        virtualNanos += other.virtualNanos;
        steps += other.steps;
    }

    Map<Trouble.Kind, Long> troubles() {
        return troubles;
    }

    Map<String, Long> decisions() {
        return decisions;
    }

    Map<String, Long> events() {
        return events;
    }

    /** What decisions and standings gave as their reasons. */
    Map<String, Long> reasons() {
        return reasons;
    }

    long histories() {
        return histories;
    }

    long virtualNanos() {
        return virtualNanos;
    }

    long steps() {
        return steps;
    }
}

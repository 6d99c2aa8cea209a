// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What happened in one history or in many, to see that they were no empty ones. */
final class Tally {
    private final Map<Trouble.Kind, Long> troubles = new EnumMap<>(Trouble.Kind.class);
    private final Map<Class<?>, Map<String, Long>> choices = new HashMap<>();
    private final Map<String, Long> events = new TreeMap<>();
    private long histories;
    private long virtualNanos;
    private long steps;

    void befell(Trouble.Kind kind) {
        troubles.merge(kind, 1L, Long::sum);
    }

    /** A decision or a standing was chosen, for this reason. */
    void chose(Object choice, String reason) {
        choices.computeIfAbsent(choice.getClass(), none -> new HashMap<>()).merge(reason, 1L, Long::sum);
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
        other.events.forEach((what, count) -> events.merge(what, count, Long::sum));
        other.choices.forEach((kind, reasons) -> {
            Map<String, Long> rows = choices.computeIfAbsent(kind, none -> new HashMap<>());
            reasons.forEach((reason, count) -> rows.merge(Rows.of(reason), count, Long::sum));
        });
        histories += other.histories;
        virtualNanos += other.virtualNanos;
        steps += other.steps;
    }

    Map<Trouble.Kind, Long> troubles() {
        return troubles;
    }

    /** How often decisions and standings of a kind were chosen. */
    long chosen(Class<?> kind) {
        return choices.getOrDefault(kind, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    Map<String, Long> events() {
        return events;
    }

    /** What decisions and standings gave as their reasons. */
    Map<String, Long> reasons() {
        Map<String, Long> all = new TreeMap<>();
        choices.forEach((kind, reasons) ->
                reasons.forEach((reason, count) -> all.put(kind.getSimpleName() + ": " + reason, count)));
        return all;
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

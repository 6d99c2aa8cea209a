// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.ha.decide.Decision;
import dev.primacy.multisite.SiteStanding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What all histories together have reached, and what none of them has. */
final class Summary {
    /** One of them would be a violation: nothing that befalls the group needs a person. */
    private static final Class<?> FORBIDDEN = Decision.Refuse.class;

    private static final List<String> GROUP_EVENTS = List.of(
            "data lost",
            "founded",
            "led",
            "failsafe: all promised",
            "failsafe: not all promised",
            "loss behind equal numbers",
            "group: founded",
            "group: inherited",
            "group: switchover",
            "group: takeover",
            "switchover accepted");

    private final Tally tally;

    Summary(Tally tally) {
        this.tally = tally;
    }

    /**
     * Everything.
     *
     * @param took on the clock of the machine
     * @param threads that played
     */
    List<String> lines(Duration took, int threads) {
        double seconds =
                Math.max(took.toNanos(), 1) / (double) Duration.ofSeconds(1).toNanos();
        List<String> lines = new ArrayList<>();
        lines.add(Table.format(
                "%,d histories, %s of virtual time, %,d events; in %.0f s on %d threads: %.1f histories/s on each",
                tally.histories(),
                days(Duration.ofNanos(tally.virtualNanos())),
                tally.steps(),
                seconds,
                threads,
                tally.histories() / seconds / threads));
        lines.add("");
        List<String> right = new ArrayList<>(Table.pairs("DECISIONS", decisions()));
        right.add("");
        right.addAll(Table.pairs("STANDINGS", standings()));
        List<String> last = Table.pairs("EVENTS", events());
        lines.addAll(Table.beside(List.of(Table.pairs("TROUBLES", troubles()), right, last)));
        return lines;
    }

    /** Each row of the decision tables that was reached, by its reason. */
    List<String> rows() {
        List<List<String>> rows = new ArrayList<>();
        tally.reasons().forEach((reason, count) -> rows.add(List.of(reason, figure(count))));
        return Table.pairs("ROWS", rows);
    }

    private static String days(Duration time) {
        return time.toDays() > 1 ? Table.format("%,d days", time.toDays()) : time.toHours() + " hours";
    }

    private List<List<String>> troubles() {
        return Arrays.stream(Trouble.Kind.values())
                .map(kind -> row(kind.shown(), tally.troubles().getOrDefault(kind, 0L)))
                .toList();
    }

    private List<List<String>> decisions() {
        return all(Decision.class);
    }

    private List<List<String>> standings() {
        return all(SiteStanding.class);
    }

    private List<List<String>> all(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .map(kind -> {
                    long count = tally.chosen(kind);
                    return count == 0 && kind.equals(FORBIDDEN)
                            ? List.of(kind.getSimpleName(), "never, as it must be")
                            : row(kind.getSimpleName(), count);
                })
                .toList();
    }

    private List<List<String>> events() {
        Map<String, Long> events =
                new TreeMap<>(GROUP_EVENTS.stream().collect(Collectors.toMap(name -> name, none -> 0L)));
        events.putAll(tally.events());
        return events.entrySet().stream()
                .map(event -> row(event.getKey(), event.getValue()))
                .toList();
    }

    private static List<String> row(String name, long count) {
        return List.of(name, figure(count));
    }

    private static String figure(long count) {
        return count == 0 ? "NEVER" : Table.format("%,d", count);
    }
}

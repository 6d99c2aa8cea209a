// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.verdict;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What a whole run has shown.
 *
 * @param outcomes one for each incident, in order
 * @param acknowledged rows acknowledged in all
 * @param lost those of them that the final table lacks
 * @param twoWritable time in which two nodes were writable, in all
 * @param lossBound bytes of WAL that an unplanned incident may lose
 */
public record Verdict(List<Outcome> outcomes, int acknowledged, int lost, Duration twoWritable, long lossBound) {
    public Verdict {
        outcomes = List.copyOf(outcomes);
    }

    /**
     * Judges a run.
     *
     * @param incidents in order, at least one
     * @param acks in any order
     * @param survivors numbers of the rows in the table of the final primary
     * @param lossBound bytes of WAL that an unplanned incident may lose
     */
    public static Verdict of(List<Incident> incidents, List<Ack> acks, BitSet survivors, long lossBound) {
        List<Ack> ordered =
                acks.stream().sorted(Comparator.comparing(Ack::acked)).toList();
        List<WriteSpan> spans = WriteSpan.of(ordered);
        List<Interval> overlaps = WriteSpan.overlaps(spans);
        List<Ack> lost = ordered.stream()
                .filter(ack -> !survivors.get(Math.toIntExact(ack.id())))
                .toList();
        Losses losses = new Losses(ordered, spans, lost);
        List<Outcome> outcomes = new ArrayList<>();
        for (Incident incident : incidents) {
            List<Ack> mine = losses.of(incident, incidents);
            outcomes.add(new Outcome(
                    incident,
                    outage(incident.time(), ordered),
                    (int) ordered.stream()
                            .filter(ack -> incident.time().contains(ack.acked()))
                            .count(),
                    mine.size(),
                    losses.bytes(mine),
                    length(overlaps.stream()
                            .flatMap(overlap -> overlap.common(incident.time()).stream())
                            .toList())));
        }
        return new Verdict(outcomes, ordered.size(), lost.size(), length(overlaps), lossBound);
    }

    /** The longest time without an ack that reaches into {@code window}; without any end it lasts to the window's. */
    static Interval outage(Interval window, List<Ack> ordered) {
        MonotonicInstant before = window.from();
        Interval longest = new Interval(before, before);
        for (Ack ack : ordered) {
            if (ack.acked().isAfter(window.to())) {
                break;
            }
            if (!ack.acked().isBefore(window.from())) {
                longest = longer(longest, new Interval(before, ack.acked()));
            }
            before = ack.acked();
        }
        return longer(longest, new Interval(before, window.to()));
    }

    private static Interval longer(Interval a, Interval b) {
        return b.length().compareTo(a.length()) > 0 ? b : a;
    }

    /** Even a single moment counts as something: two nodes were writable then. */
    private static Duration length(List<Interval> overlaps) {
        return overlaps.stream()
                .map(overlap -> overlap.length().isZero() ? Duration.ofNanos(1) : overlap.length())
                .reduce(Duration.ZERO, Duration::plus);
    }

    public boolean passed() {
        return problems().isEmpty();
    }

    /** What must not have happened and did, in sentences. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (acknowledged == 0) {
            problems.add("no row was acknowledged at all");
        }
        if (!twoWritable.isZero()) {
            problems.add(text("two nodes accepted writes at the same time, for %.1f ms", millis(twoWritable)));
        }
        for (Outcome outcome : outcomes) {
            String name =
                    "(" + outcome.incident().key() + ") " + outcome.incident().title();
            if (outcome.incident().planned() && outcome.lost() > 0) {
                problems.add(text("%s was planned, and lost %d rows", name, outcome.lost()));
            } else if (outcome.lostBytes() > lossBound) {
                problems.add(text(
                        "%s lost %d bytes of WAL, more than the bound of %d", name, outcome.lostBytes(), lossBound));
            }
        }
        return problems;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** With a fraction, for display. */
    public static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}

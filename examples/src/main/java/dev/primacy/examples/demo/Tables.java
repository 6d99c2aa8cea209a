// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.demo;

import dev.primacy.lab.verdict.Outcome;
import dev.primacy.lab.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run has shown, as lines of text. */
final class Tables {
    private Tables() {}

    /** One line for each event. */
    static List<String> outcomes(Verdict verdict) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("event", "write outage, ms", "rows acknowledged", "rows lost", "two writable nodes, ms"));
        for (Outcome outcome : verdict.outcomes()) {
            rows.add(List.of(
                    "(" + outcome.incident().key() + ") " + outcome.incident().title(),
                    number(outcome.outage().length()),
                    Console.text("%,d", outcome.acknowledged()),
                    Console.text("%,d", outcome.lost()),
                    number(outcome.twoWritable())));
        }
        return aligned(rows);
    }

    /** One line for each kind of event. */
    static List<String> medians(Verdict verdict) {
        Map<String, List<Outcome>> kinds = verdict.outcomes().stream()
                .collect(Collectors.groupingBy(outcome -> outcome.incident().key(), TreeMap::new, Collectors.toList()));
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of("event", "runs", "outage, ms: median", "least", "most", "rows lost", "two writable nodes, ms"));
        kinds.forEach((key, outcomes) -> {
            List<Duration> outages = outcomes.stream()
                    .map(outcome -> outcome.outage().length())
                    .sorted()
                    .toList();
            rows.add(List.of(
                    "(" + key + ")",
                    Integer.toString(outcomes.size()),
                    number(outages.get(outages.size() / 2)),
                    number(outages.get(0)),
                    number(outages.get(outages.size() - 1)),
                    Console.text(
                            "%,d", outcomes.stream().mapToInt(Outcome::lost).sum()),
                    number(outcomes.stream().map(Outcome::twoWritable).reduce(Duration.ZERO, Duration::plus))));
        });
        return aligned(rows);
    }

    /** Whole milliseconds, rounded up, so that nothing that is something looks like nothing. */
    private static String number(Duration duration) {
        return Console.text("%,.0f", Math.ceil(Verdict.millis(duration)));
    }

    /** The first column to the left, the others to the right. */
    private static List<String> aligned(List<List<String>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int width = width(rows, column);
                line.append(Console.text(column == 0 ? "%-" + width + "s" : "   %" + width + "s", row.get(column)));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow();
    }
}

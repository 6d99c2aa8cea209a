// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench.failover;

import dev.primacy.bench.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All figures of a run, by what they tell and whom they are of. */
final class Figures {
    private final Map<String, Map<String, List<Double>>> rows = new LinkedHashMap<>();
    private final Map<String, List<String>> remarks = new LinkedHashMap<>();

    void add(String what, Candidate of, double value) {
        rows.computeIfAbsent(what, key -> new LinkedHashMap<>())
                .computeIfAbsent(of.name(), key -> new ArrayList<>())
                .add(value);
    }

    /** Something that the numbers do not say, for the last column. */
    void remark(String what, String remark) {
        remarks.computeIfAbsent(what, key -> new ArrayList<>()).add(remark);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    Table table() {
        Table table = new Table();
        table.row("median (least - most, runs)", Candidate.OURS, Candidate.PEER, "ratio", "beside that");
        rows.forEach((what, of) -> {
            List<Double> ours = of.getOrDefault(Candidate.OURS, List.of());
            List<Double> theirs = of.getOrDefault(Candidate.PEER, List.of());
            table.row(
                    what,
                    cell(ours),
                    cell(theirs),
                    ours.isEmpty() || theirs.isEmpty() ? "-" : Table.text("%.2f", median(ours) / median(theirs)),
                    remarks.getOrDefault(what, List.of()).stream().collect(Collectors.joining("; ")));
        });
        return table;
    }

    private static String cell(List<Double> values) {
        return values.isEmpty()
                ? "-"
                : Table.text(
                        "%s (%s - %s, %d)",
                        number(median(values)),
                        number(values.stream().mapToDouble(v -> v).min().orElseThrow()),
                        number(values.stream().mapToDouble(v -> v).max().orElseThrow()),
                        values.size());
    }

    private static String number(double value) {
        return Table.text(value < 20 ? "%.2f" : "%,.0f", value);
    }
}

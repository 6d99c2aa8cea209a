// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Columns of text, beside each other. */
final class Table {
    private Table() {}

    /** Names to the left, figures to the right. */
    static List<String> pairs(String title, List<List<String>> rows) {
        int names = Math.max(width(rows, 0), title.length());
        int figures = width(rows, 1);
        List<String> lines = new ArrayList<>();
        lines.add(title);
        rows.forEach(row -> lines.add(format("%-" + names + "s  %" + figures + "s", row.get(0), row.get(1))));
        return lines;
    }

    /** Blocks of lines from left to right. */
    static List<String> beside(List<List<String>> blocks) {
        int height = blocks.stream().mapToInt(List::size).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < height; i++) {
            StringBuilder line = new StringBuilder();
            for (List<String> block : blocks) {
                int width = block.stream().mapToInt(String::length).max().orElse(1);
                line.append(format("%-" + (width + 4) + "s", i < block.size() ? block.get(i) : ""));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(1);
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

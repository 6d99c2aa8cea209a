// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of text under each other. */
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    /** Adds a row. */
    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** The first column to the left, the others to the right. */
    @Override
    public String toString() {
        StringBuilder all = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                int width = width(column);
                all.append(text(column == 0 ? "%-" + width + "s" : "   %" + width + "s", row.get(column)));
            }
            all.append('\n');
        }
        return all.toString();
    }

    private int width(int column) {
        return rows.stream()
                .filter(row -> row.size() > column)
                .mapToInt(row -> row.get(column).length())
                .max()
                .orElseThrow();
    }

    /** Formatted alike in every locale. */
    public static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

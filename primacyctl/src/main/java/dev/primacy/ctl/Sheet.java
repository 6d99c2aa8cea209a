// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rows under named columns. An absent value is an empty text.
 *
 * @param title goes into the frame of a table; empty for none
 * @param columns their names
 * @param rows as wide as there are columns
 */
record Sheet(String title, List<String> columns, List<List<Object>> rows) {
    private static final Set<String> TO_THE_RIGHT =
            Set.of("TL", "LSN", "Receive LSN", "Receive Lag", "Replay LSN", "Replay Lag");
    private static final int UNBOUNDED = 10_000;

    String as(Format format) {
        return switch (format) {
            case pretty -> table();
            case tsv -> separated();
            case json -> Documents.json(objects());
            case yaml, yml -> Documents.yaml(objects()).stripTrailing();
        };
    }

    /** Without what is empty where this is a list of members; a history has all its fields. */
    private List<Map<String, Object>> objects() {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (List<Object> row : rows) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                if (title.isEmpty() || !row.get(i).equals("")) {
                    object.put(columns.get(i), row.get(i));
                }
            }
            objects.add(object);
        }
        return objects;
    }

    private String separated() {
        List<String> lines = new ArrayList<>();
        lines.add(String.join("\t", columns));
        rows.forEach(row -> lines.add(row.stream().map(Sheet::flat).collect(Collectors.joining("\t"))));
        return String.join("\n", lines);
    }

    private static String flat(Object value) {
        return value instanceof Map ? Documents.json(value) : String.valueOf(value);
    }

    private static String shown(Object value) {
        return value instanceof Map ? Documents.yaml(value).strip() : String.valueOf(value);
    }

    /** A title takes the place of the first column, which is the same in all rows. */
    private String table() {
        int skipped = title.isEmpty() ? 0 : 1;
        Column[] shown = columns.stream().skip(skipped).map(Sheet::column).toArray(Column[]::new);
        Object[][] data = rows.stream()
                .map(row -> row.stream().skip(skipped).map(Sheet::shown).toArray())
                .toArray(Object[][]::new);
        boolean tall = rows.stream()
                .anyMatch(row -> row.stream().skip(skipped).map(Sheet::shown).anyMatch(text -> text.contains("\n")));
        String table = AsciiTable.getTable(
                tall ? AsciiTable.BASIC_ASCII : AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, shown, data);
        int end = table.indexOf('\n');
        String head = title.length() > end - 2 ? title.substring(0, Math.max(0, end - 2)) : title;
        return table.charAt(0) + head + table.substring(1 + head.length());
    }

    private static Column column(String name) {
        boolean right = TO_THE_RIGHT.contains(name);
        return new Column()
                .header(name.endsWith(" Lag") ? "Lag" : name)
                .headerAlign(right ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT)
                .dataAlign(right ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT)
                .maxWidth(UNBOUNDED);
    }
}

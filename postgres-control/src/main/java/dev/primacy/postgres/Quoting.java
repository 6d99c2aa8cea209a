// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The quoting rules of PostgreSQL's configuration files, connection strings and SQL. */
final class Quoting {
    private static final Pattern PAIR =
            Pattern.compile("\\s*(\\w+)\\s*=\\s*(?:'((?:[^'\\\\]|\\\\.)*)'|((?:[^\\s'\\\\]|\\\\.)*))");

    private Quoting() {}

    /** A value in postgresql.conf. */
    static String conf(String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
            throw new PostgresException("a setting's value must be one line: " + value);
        }
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    static String conninfo(Map<String, String> pairs) {
        return pairs.entrySet().stream()
                .map(pair -> pair.getKey() + "='"
                        + pair.getValue().replace("\\", "\\\\").replace("'", "\\'") + "'")
                .collect(Collectors.joining(" "));
    }

    /** The pairs of a connection string; what cannot be understood is left out. */
    static Map<String, String> parseConninfo(String text) {
        Map<String, String> pairs = new LinkedHashMap<>();
        Matcher matcher = PAIR.matcher(text);
        while (matcher.find()) {
            String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
            pairs.put(matcher.group(1), value.replaceAll("\\\\(.)", "$1"));
        }
        return pairs;
    }

    static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}

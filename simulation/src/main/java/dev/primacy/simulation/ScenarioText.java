// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.simulation.Trouble.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A scenario as people read and write it: four lines of what it is, then one line for each trouble. */
final class ScenarioText {
    private static final int MOST_SITES = 26;
    private static final int MOST_MEMBERS = 99;
    private static final int NANO_DIGITS = 9;
    private static final String SECONDS = "(\\d{1,6}(?:\\.\\d{1,9})?) s";
    private static final Pattern TROUBLE =
            Pattern.compile(SECONDS + " +([a-z])([1-9]\\d?) +([a-z ]+?)(?: for " + SECONDS + ")?(?:, way ([012]))?");
    private static final Map<String, Kind> KINDS =
            Arrays.stream(Kind.values()).collect(Collectors.toMap(Kind::shown, Function.identity()));

    private final String name;
    private final List<String> lines;
    private int next;

    private ScenarioText(String name, List<String> lines) {
        this.name = name;
        this.lines = lines;
    }

    /** What {@link #parse} reads. */
    static String of(Scenario scenario) {
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(scenario.seed()).append('\n');
        text.append("sites ").append(scenario.sites()).append('\n');
        text.append("members ").append(scenario.members()).append('\n');
        text.append("bad requests ").append(scenario.badRequests()).append('\n');
        scenario.troubles()
                .forEach(trouble -> text.append(of(trouble, scenario.members())).append('\n'));
        return text.toString();
    }

    private static String of(Trouble trouble, int members) {
        String node = node(trouble.target(), members);
        String lasts = trouble.lasts() == 0 ? "" : " for " + seconds(trouble.lasts()) + " s";
        String way = trouble.variant() == 0 ? "" : ", way " + trouble.variant();
        return seconds(trouble.at()) + " s " + node + " " + trouble.kind().shown() + lasts + way;
    }

    /** The name of a node by its number. */
    static String node(int number, int members) {
        return (char) ('a' + number / members) + String.valueOf(number % members + 1);
    }

    private static String seconds(long nanos) {
        return BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros().toPlainString();
    }

    /**
     * The scenario that a text tells. Empty lines, and those that begin with {@code #}, are for people.
     *
     * @param name of the file, for messages
     * @throws IllegalArgumentException with the line's number and what is wrong with it
     */
    static Scenario parse(String name, String text) {
        return new ScenarioText(name, text.lines().toList()).parse();
    }

    private Scenario parse() {
        long seed = number("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        int sites = (int) number("sites", 1, MOST_SITES);
        int members = (int) number("members", 1, MOST_MEMBERS);
        double badRequests = share("bad requests");
        List<Trouble> troubles = new ArrayList<>();
        long before = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            Trouble trouble = trouble(line, sites, members);
            require(trouble.at() >= before, "troubles must be in the order of time");
            before = trouble.at();
            troubles.add(trouble);
        }
        return new Scenario(seed, sites, members, badRequests, troubles);
    }

    /** The next one that tells something; empty at the end. */
    private String line() {
        while (next < lines.size()) {
            String line = lines.get(next++).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                return line;
            }
        }
        return "";
    }

    private String value(String key) {
        String line = line();
        require(line.startsWith(key + " "), "expected '" + key + " …', found '" + line + "'");
        return line.substring(key.length()).strip();
    }

    private long number(String key, long least, long most) {
        String value = value(key);
        try {
            long number = Long.parseLong(value);
            require(
                    least <= number && number <= most,
                    key + " must be from " + least + " to " + most + ", not " + number);
            return number;
        } catch (NumberFormatException e) {
            throw wrong(key + " must be a whole number, not '" + value + "'");
        }
    }

    private double share(String key) {
        String value = value(key);
        try {
            double share = Double.parseDouble(value);
            require(0 <= share && share <= 1, key + " must be from 0 to 1, not " + value);
            return share;
        } catch (NumberFormatException e) {
            throw wrong(key + " must be a number, not '" + value + "'");
        }
    }

    private Trouble trouble(String line, int sites, int members) {
        Matcher parts = TROUBLE.matcher(line);
        require(
                parts.matches(),
                "expected a trouble like '12.5 s b2 agent frozen for 4 s, way 1', found '" + line + "'");
        Kind kind = KINDS.get(parts.group(4));
        if (kind == null) {
            throw wrong("there is no trouble '" + parts.group(4) + "'; there are "
                    + KINDS.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        int site = parts.group(2).charAt(0) - 'a';
        int member = Integer.parseInt(parts.group(3)) - 1;
        require(
                site < sites && member < members,
                "there is no node " + parts.group(2) + parts.group(3) + " in " + sites + " sites of " + members);
        long at = nanos(parts.group(1));
        long lasts = parts.group(5) == null ? 0 : nanos(parts.group(5));
        require(at + lasts <= Scenario.TROUBLED, "a trouble ends after " + seconds(Scenario.TROUBLED) + " s");
        int way = parts.group(6) == null ? 0 : Integer.parseInt(parts.group(6));
        return new Trouble(at, kind, site * members + member, lasts, way);
    }

    private static long nanos(String seconds) {
        return new BigDecimal(seconds).movePointRight(NANO_DIGITS).longValueExact();
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw wrong(otherwise);
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(String.format(Locale.ROOT, "%s, line %d: %s", name, next, what));
    }
}

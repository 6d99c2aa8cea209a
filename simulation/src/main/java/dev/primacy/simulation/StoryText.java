// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.simulation.Story.Line;
import dev.primacy.simulation.Story.What;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** A story as people read it: what somebody does in turns is folded, and what is far from the point is left out. */
final class StoryText {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    /** Whoever was calm for so long is told in full again. */
    private static final long CALM = 30 * SECOND;

    private static final long BEFORE_TROUBLE = 5 * SECOND;
    private static final long BEFORE_END = 60 * SECOND;
    private static final List<Long> AFTER_TROUBLE = List.of(30 * SECOND, 10 * SECOND, 3 * SECOND);
    /** More than this is cut shorter. */
    private static final int READABLE = 150;

    /** Fewer are shown. */
    private static final int WORTH_FOLDING = 3;

    private StoryText() {}

    /** What one has told since it was last told in full. */
    private static final class Turns {
        private final Set<String> rows = new HashSet<>();
        private final List<Integer> repeated = new ArrayList<>();
        private long last;
    }

    /** The lines without those that say for the third time and more what their teller has just said. */
    static List<Line> folded(List<Line> lines) {
        TreeMap<Integer, Line> left = new TreeMap<>();
        Map<String, Turns> open = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            left.put(i, line);
            if (line.what() == What.TROUBLE) {
                open.values().forEach(turns -> fold(turns, left));
                open.clear();
            } else if (line.what() == What.DECISION || line.what() == What.STANDING) {
                Turns turns = open.computeIfAbsent(line.who() + line.what(), first -> new Turns());
                if (take(turns, i, line)) {
                    continue;
                }
                fold(turns, left);
                turns.rows.clear();
                turns.repeated.clear();
                take(turns, i, line);
            }
        }
        open.values().forEach(turns -> fold(turns, left));
        return List.copyOf(left.values());
    }

    /** Not if the turns are over. */
    private static boolean take(Turns turns, int index, Line line) {
        if (!turns.rows.isEmpty() && line.at() - turns.last > CALM) {
            return false;
        }
        if (turns.rows.contains(Rows.of(line.text()))) {
            turns.repeated.add(index);
        } else if (turns.repeated.isEmpty()) {
            turns.rows.add(Rows.of(line.text()));
        } else {
            return false;
        }
        turns.last = line.at();
        return true;
    }

    private static void fold(Turns turns, Map<Integer, Line> left) {
        int count = turns.repeated.size();
        if (count < WORTH_FOLDING) {
            return;
        }
        int first = turns.repeated.get(0);
        Line line = Objects.requireNonNull(left.get(first));
        turns.repeated.forEach(left::remove);
        String text =
                String.format(Locale.ROOT, "… and so on, %d times until %.3f s", count, turns.last / (double) SECOND);
        left.put(first, new Line(line.at(), line.who(), line.what(), text));
    }

    /**
     * The lines that are near a trouble or the end; what is left out between them is counted.
     *
     * @param end of the history, in nanoseconds
     */
    static List<String> cut(List<Line> lines, List<Trouble> troubles, long end) {
        List<String> shown = List.of();
        for (long after : AFTER_TROUBLE) {
            shown = cut(lines, troubles, end, after);
            if (shown.size() <= READABLE) {
                break;
            }
        }
        return shown;
    }

    private static List<String> cut(List<Line> lines, List<Trouble> troubles, long end, long after) {
        List<String> shown = new ArrayList<>();
        int left = 0;
        for (Line line : lines) {
            boolean near = troubles.stream()
                    .anyMatch(trouble -> isNear(line.at(), trouble.at(), after)
                            || isNear(line.at(), trouble.at() + trouble.lasts(), after));
            if (near || line.at() >= end - BEFORE_END) {
                tellCut(shown, left);
                shown.add(line.toString());
                left = 0;
            } else {
                left++;
            }
        }
        tellCut(shown, left);
        return shown;
    }

    private static void tellCut(List<String> shown, int left) {
        if (left > 0) {
            shown.add(String.format(Locale.ROOT, "%11s  %s left out", "…", left == 1 ? "1 line" : left + " lines"));
        }
    }

    private static boolean isNear(long at, long trouble, long after) {
        return trouble - BEFORE_TROUBLE <= at && at <= trouble + after;
    }
}

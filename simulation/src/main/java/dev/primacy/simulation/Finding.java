// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.simulation.Simulation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.regex.Pattern;

/** A violation, and the smallest history that was found to show it. */
final class Finding {
    private static final int MOST_RUNS = 1500;
    private static final Pattern STATE = Pattern.compile("\\b[A-Z_]{4,}\\b|timeline … \\(…\\) up to …|nothing");

    private final Outcome outcome;
    private final ExecutorService threads;
    private int runs;

    /**
     * A finding that is not shrunk yet.
     *
     * @param outcome with a violation
     * @param threads for the events of histories
     */
    Finding(Outcome outcome, ExecutorService threads) {
        this.outcome = outcome;
        this.threads = threads;
    }

    /** What was violated, whoever was concerned and whatever they had. */
    static String kind(Outcome outcome) {
        return STATE.matcher(Rows.of(outcome.violation().orElse(""))).replaceAll("…");
    }

    Scenario smallest() throws InterruptedException {
        String kind = kind(outcome);
        return Shrinker.shrink(
                outcome.scenario(),
                smaller -> {
                    runs++;
                    return kind(Player.play(smaller, false, threads)).equals(kind);
                },
                MOST_RUNS);
    }

    /** For people: the smallest history, its story, and how to see it again. */
    List<String> told() throws InterruptedException {
        Outcome small = Player.play(smallest(), true, threads);
        List<String> lines = new ArrayList<>();
        lines.add(Table.format(
                "The smallest of %d histories that show what seed %d does:",
                runs, outcome.scenario().seed()));
        lines.add("");
        ScenarioText.of(small.scenario()).lines().map(line -> "    " + line).forEach(lines::add);
        lines.add("");
        lines.addAll(
                StoryText.cut(StoryText.folded(small.story()), small.scenario().troubles(), small.virtualNanos()));
        lines.add("");
        lines.add("Again:  " + command(outcome.scenario()));
        lines.add("Keep:   " + command(outcome.scenario()) + " --keep NAME");
        return lines;
    }

    /** What plays this history again. */
    static String command(Scenario scenario) {
        return Table.format(
                "bin/simulate --histories 1 --seed %d --sites %d --members %d",
                scenario.seed(), scenario.sites(), scenario.members());
    }
}

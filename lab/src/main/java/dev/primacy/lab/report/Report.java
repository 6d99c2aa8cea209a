// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.report;

import dev.primacy.lab.Role;
import dev.primacy.lab.verdict.Outcome;
import dev.primacy.lab.verdict.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A page that needs nothing but itself. */
public final class Report {
    private Report() {}

    /** The page. */
    public static String html(Run run) {
        Verdict verdict = run.verdict();
        return resource("page.html")
                .replace("${style}", resource("page.css"))
                .replace("${state}", verdict.passed() ? "passed" : "failed")
                .replace("${headline}", Svg.escape(headline(verdict)))
                .replace("${summary}", Svg.escape(summary(verdict)))
                .replace("${chart}", new Chart(run).svg())
                .replace("${legend}", legend(run))
                .replace("${rows}", rows(verdict))
                .replace("${facts}", facts(run));
    }

    private static String headline(Verdict verdict) {
        return verdict.passed()
                ? "At no moment did two nodes accept writes."
                : "Failed: " + String.join("; ", verdict.problems()) + ".";
    }

    private static String summary(Verdict verdict) {
        int planned = verdict.outcomes().stream()
                .filter(outcome -> outcome.incident().planned())
                .mapToInt(Outcome::lost)
                .sum();
        return Svg.format(
                "%,d rows acknowledged. Lost by plan: %,d. Lost in failures: %,d (up to %,d KiB of WAL each are allowed).",
                verdict.acknowledged(), planned, verdict.lost() - planned, verdict.lossBound() / 1024);
    }

    private static String legend(Run run) {
        StringBuilder legend = new StringBuilder();
        for (Role role : Role.values()) {
            legend.append(key(role.name().toLowerCase(Locale.ROOT).replace('_', '-'), role.title()));
        }
        legend.append(key("writes", "acknowledges rows"));
        List<String> sites = List.copyOf(run.sites().keySet());
        for (String site : sites) {
            legend.append(key("site" + sites.indexOf(site), "lease of " + site));
        }
        return legend.append(key("site0 hatched", "holder silent, lease not ended yet"))
                .append(key("outage", "no row acknowledged"))
                .toString();
    }

    private static String key(String styles, String text) {
        return Svg.format(
                "<span class=\"key\"><svg viewBox=\"0 0 22 12\">%s</svg>%s</span>%n",
                Stream.of(styles.split(" ", -1))
                        .map(style -> "<rect class=\"" + style + "\" width=\"22\" height=\"12\" rx=\"3\"/>")
                        .collect(Collectors.joining()),
                Svg.escape(text));
    }

    private static String rows(Verdict verdict) {
        return verdict.outcomes().stream().map(Report::row).collect(Collectors.joining());
    }

    private static String row(Outcome outcome) {
        return Svg.format(
                "<tr><td><b class=\"badge\">%s</b>%s%s</td><td>%,.0f</td><td>%,d</td><td>%,d</td><td>%,.0f</td></tr>%n",
                Svg.escape(outcome.incident().key()),
                Svg.escape(outcome.incident().title()),
                outcome.incident().planned() ? " <i>planned</i>" : "",
                Verdict.millis(outcome.outage().length()),
                outcome.acknowledged(),
                outcome.lost(),
                Math.ceil(Verdict.millis(outcome.twoWritable())));
    }

    private static String facts(Run run) {
        return run.facts().entrySet().stream()
                .map(fact -> "<dt>" + Svg.escape(fact.getKey()) + "</dt><dd>" + Svg.escape(fact.getValue()) + "</dd>")
                .collect(Collectors.joining("\n"));
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Report.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.simulation.Lanes.Role;
import dev.primacy.simulation.Lanes.Span;
import dev.primacy.simulation.Simulation.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** One history as a picture: the site lease, the leader locks, a lane for each node with what befell it, and a legend. */
final class Picture {
    private static final double WIDTH = 1240;
    private static final double LEFT = 96;
    private static final double RIGHT = 1216;
    private static final double TOP = 78;
    private static final double LEASE = 22;
    private static final double LOCK = 14;
    private static final double LANE = 34;
    private static final double ROLE = 16;
    private static final double GAP = 8;
    private static final double LINE = 20;
    private static final double MARK = 8;
    private static final int COLUMNS = 3;
    private static final int TICK = 60;
    private static final double SECOND = Duration.ofSeconds(1).toNanos();

    private final Outcome outcome;
    private final Scenario scenario;
    private final Lanes lanes;
    private final StringBuilder out = new StringBuilder();

    private Picture(Outcome outcome) {
        this.outcome = outcome;
        this.scenario = outcome.scenario();
        this.lanes = outcome.lanes().orElseThrow();
    }

    /** The picture of a history that was told. */
    static String of(Outcome outcome) {
        return new Picture(outcome).draw();
    }

    private String draw() {
        boolean group = scenario.sites() > 1;
        double top = TOP + (group ? LEASE + GAP * 2 : 0);
        double site = LOCK + GAP + scenario.members() * LANE + GAP;
        double bottom = top + scenario.sites() * (site + GAP) - GAP;
        head();
        for (int i = 0; i < scenario.sites(); i++) {
            double y = top + i * (site + GAP);
            rect("frame", 4, y, WIDTH - 8, site, 8, "");
            rect("site" + i, 4, y, 5, site, 2, "");
        }
        ticks(bottom);
        if (group) {
            text("label strong", LEFT - 10, TOP + 16, "site lease");
            locks("group", TOP, LEASE);
        }
        for (int i = 0; i < scenario.sites(); i++) {
            site(i, top + i * (site + GAP) + GAP / 2);
        }
        double end = legend(bottom + 44);
        return resource("picture.svg")
                .replace("${style}", resource("picture.css"))
                .replace("${width}", Table.format("%.0f", WIDTH))
                .replace("${height}", Table.format("%.0f", end + GAP))
                .replace("${content}", out);
    }

    private void head() {
        text(
                outcome.violation().isPresent() ? "title bad" : "title good",
                8,
                28,
                outcome.violation().map(what -> "Violated: " + what).orElse("Nothing was violated"));
        text(
                "soft",
                8,
                50,
                Table.format(
                        "seed %d, %d sites with %d members each; %.1f %% of the requests to stores go wrong",
                        scenario.seed(), scenario.sites(), scenario.members(), scenario.badRequests() * 100));
    }

    private double x(long nanos) {
        return LEFT + (double) nanos / outcome.virtualNanos() * (RIGHT - LEFT);
    }

    private void ticks(double bottom) {
        for (int second = 0; second * SECOND <= outcome.virtualNanos(); second += TICK) {
            double x = x((long) (second * SECOND));
            add("<line class=\"grid\" x1=\"%1$.1f\" y1=\"%2$.1f\" x2=\"%1$.1f\" y2=\"%3$.1f\"/>", x, TOP - 6, bottom);
            text("tick", x, bottom + 16, second + " s");
        }
        outcome.violation()
                .ifPresent(what -> add(
                        "<line class=\"end\" x1=\"%1$.1f\" y1=\"%2$.1f\" x2=\"%1$.1f\" y2=\"%3$.1f\"/>",
                        RIGHT, TOP - 6, bottom));
    }

    private void site(int number, double top) {
        String name = String.valueOf((char) ('a' + number));
        text("label", LEFT - 10, top + 11, name + " leader");
        locks(name, top, LOCK);
        for (int member = 0; member < scenario.members(); member++) {
            int node = number * scenario.members() + member;
            double y = top + LOCK + GAP + member * LANE;
            String shown = ScenarioText.node(node, scenario.members());
            text("label strong", LEFT - 10, y + 13, shown);
            roles(shown, y);
            marks(node, y + ROLE + MARK + 1);
        }
    }

    /** Hatched while nobody relies on the lock that has not ended. */
    private void locks(String lane, double y, double height) {
        List<Span> spans = lanes.of(lane);
        for (int i = 0; i < spans.size(); i++) {
            Span span = spans.get(i);
            if (!span.state().isEmpty()) {
                long to = end(spans, i);
                band("site" + (span.state().charAt(0) - 'a'), span, to, y, height, "held by " + span.state());
                boolean named = i == 0 || !spans.get(i - 1).state().equals(span.state());
                long last = to;
                for (int j = i + 1; j < spans.size() && spans.get(j).state().equals(span.state()); j++) {
                    last = end(spans, j);
                }
                if (named && x(last) - x(span.from()) > 12 + 8 * span.state().length()) {
                    text("on-band", x(span.from()) + 5, y + height / 2 + 4, span.state());
                }
            }
        }
    }

    private void roles(String node, double y) {
        List<Span> spans = lanes.of(node);
        for (int i = 0; i < spans.size(); i++) {
            Role role = Role.valueOf(spans.get(i).state());
            band(style(role), spans.get(i), end(spans, i), y, ROLE, node + " is " + role.title());
        }
    }

    private static String style(Role role) {
        return role.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private long end(List<Span> spans, int index) {
        return index + 1 < spans.size() ? spans.get(index + 1).from() : outcome.virtualNanos();
    }

    private void band(String style, Span span, long to, double y, double height, String tip) {
        double width = x(to) - x(span.from());
        String when = Table.format("%s, %.1f s to %.1f s", tip, span.from() / SECOND, to / SECOND);
        rect(style, x(span.from()), y, width, height, 2, when);
        if (!span.sure()) {
            rect("hatched", x(span.from()), y, width, height, 2, when);
        }
    }

    /** Under the lane of whom it befell, with the numbers of the list below; each beside the one before. */
    private void marks(int node, double y) {
        double free = 0;
        for (int i = 0; i < scenario.troubles().size(); i++) {
            Trouble trouble = scenario.troubles().get(i);
            if (trouble.target() == node && trouble.at() <= outcome.virtualNanos()) {
                double from = x(trouble.at());
                long lasts = trouble.isMoment() ? 0 : trouble.lasts();
                double to = x(Math.min(trouble.at() + lasts, outcome.virtualNanos()));
                double middle = Math.max(from, free);
                rect("trouble", from, y - MARK - 1, to - from, 3, 1, trouble.shown());
                add("<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", middle, y, MARK);
                text("mark-text", middle, y + 4, String.valueOf(i + 1));
                free = middle + 2 * MARK + 1;
            }
        }
    }

    private double legend(double top) {
        double x = LEFT;
        for (Role role : Role.values()) {
            x = key(style(role), "", x, top, role.title());
        }
        x = key("replica", "hatched", x, top, "no agent, or frozen");
        key("site0", "hatched", x, top, "lock that nobody relies on");
        int rows = (scenario.troubles().size() + COLUMNS - 1) / COLUMNS;
        for (int i = 0; i < scenario.troubles().size(); i++) {
            int column = i / rows;
            double left = 20 + column * (WIDTH / COLUMNS);
            double y = top + 34 + (i % rows) * LINE;
            Trouble trouble = scenario.troubles().get(i);
            add("<circle class=\"mark\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", left, y - 4, MARK);
            text("mark-text", left, y, String.valueOf(i + 1));
            text(
                    "note",
                    left + 16,
                    y,
                    Table.format(
                            "%.1f s  %s  %s",
                            trouble.at() / SECOND,
                            ScenarioText.node(trouble.target(), scenario.members()),
                            trouble.shown()));
        }
        return top + 34 + rows * LINE;
    }

    private double key(String style, String over, double x, double y, String title) {
        rect(style, x, y - 11, 22, 12, 2, "");
        if (!over.isEmpty()) {
            rect(over, x, y - 11, 22, 12, 2, "");
        }
        text("note", x + 28, y, title);
        return x + 28 + 7 * title.length() + 22;
    }

    private void rect(String style, double x, double y, double width, double height, double radius, String tip) {
        add(
                "<rect class=\"%s\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" rx=\"%.1f\">%s</rect>",
                style,
                x,
                y,
                Math.max(width, 0.6),
                height,
                radius,
                tip.isEmpty() ? "" : "<title>" + escape(tip) + "</title>");
    }

    private void text(String style, double x, double y, String text) {
        add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", style, x, y, escape(text));
    }

    private void add(String format, Object... values) {
        out.append(Table.format(format, values)).append('\n');
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Picture.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.report;

import dev.primacy.lab.Role;
import dev.primacy.lab.verdict.Interval;
import dev.primacy.lab.verdict.Outcome;
import dev.primacy.lab.verdict.Verdict;
import dev.primacy.lab.verdict.WriteSpan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The picture: events, write rate, the site lease, and one lane for each node, over one axis of time. */
final class Chart {
    private static final double WIDTH = 1200;
    private static final double LEFT = 106;
    private static final double RIGHT = 1186;
    private static final double RATE_TOP = 68;
    private static final double RATE_BOTTOM = 172;
    private static final double LEASE_TOP = 192;
    private static final double LEASE_HEIGHT = 24;
    private static final double SITES_TOP = LEASE_TOP + LEASE_HEIGHT + 16;
    private static final double LEADER_HEIGHT = 15;
    private static final double LANE_HEIGHT = 30;
    private static final double GAP = 6;
    /** Marks nearer than this to the one before move aside. */
    private static final double MARK_ROOM = 82;

    private final Run run;
    private final Axis axis;
    private final History history;
    private final List<WriteSpan> spans;
    private final Svg svg = new Svg();

    Chart(Run run) {
        this.run = run;
        this.axis = new Axis(run.time(), LEFT, RIGHT);
        this.history = new History(run);
        this.spans = WriteSpan.of(run.acks());
    }

    String svg() {
        double bottom = SITES_TOP
                - GAP
                + run.sites().values().stream().mapToDouble(Chart::siteHeight).sum();
        frames();
        ticks(bottom);
        outages(bottom);
        rate();
        siteLease();
        double y = SITES_TOP;
        for (String site : run.sites().keySet()) {
            site(site, y);
            y += siteHeight(nodes(site));
        }
        events(bottom);
        return svg.picture(WIDTH, bottom + 24, "Roles, leases and writes over time");
    }

    private List<String> nodes(String site) {
        return run.sites().getOrDefault(site, List.of());
    }

    private static double siteHeight(List<String> nodes) {
        return 14 + LEADER_HEIGHT + GAP + nodes.size() * (LANE_HEIGHT + GAP);
    }

    private String style(String site) {
        return "site" + List.copyOf(run.sites().keySet()).indexOf(site);
    }

    private void frames() {
        double top = SITES_TOP - GAP;
        for (String site : run.sites().keySet()) {
            double height = siteHeight(nodes(site)) - GAP;
            svg.bar("frame", 4, top, WIDTH - 8, height, 8, "site " + site);
            svg.bar(style(site), 4, top, 5, height, 2, "site " + site);
            top += height + GAP;
        }
    }

    private void ticks(double bottom) {
        for (int second : axis.ticks()) {
            double x = axis.x(axis.at(second));
            svg.line("grid", x, RATE_TOP, x, bottom);
            svg.text("tick", x, bottom + 16, second + " s");
        }
    }

    private void outages(double bottom) {
        for (Outcome outcome : run.verdict().outcomes()) {
            Interval outage = outcome.outage();
            svg.bar("outage", axis.x(outage.from()), RATE_TOP, axis.width(outage), bottom - RATE_TOP, 0, tip(outcome));
        }
    }

    private static String tip(Outcome outcome) {
        return Svg.format(
                "(%s) %s: %,.0f ms without an acknowledged row",
                outcome.incident().key(),
                outcome.incident().title(),
                Verdict.millis(outcome.outage().length()));
    }

    private void rate() {
        WriteRate rate = new WriteRate(run.acks(), axis);
        svg.path("rate-area", rate.area(RATE_TOP, RATE_BOTTOM));
        svg.path("rate-line", rate.line(RATE_TOP, RATE_BOTTOM));
        svg.line("base", LEFT, RATE_BOTTOM, RIGHT, RATE_BOTTOM);
        svg.text("label", LEFT - 10, (RATE_TOP + RATE_BOTTOM) / 2 + 4, "rows/s");
        svg.text("tick end", LEFT - 10, RATE_TOP + 4, Svg.format("%,.0f", rate.ceiling()));
        svg.text("tick end", LEFT - 10, RATE_BOTTOM + 4, "0");
    }

    private void siteLease() {
        svg.text("label strong", LEFT - 10, LEASE_TOP + 16, "site lease");
        for (Segment<Optional<History.SiteLease>> segment : history.siteLeases()) {
            segment.value().ifPresent(lease -> {
                String style = style(lease.site());
                String tip = lease.confirmed()
                        ? lease.site() + " holds the site lease"
                        : lease.site() + " is silent, its site lease has not ended";
                band(style, segment.time(), LEASE_TOP, LEASE_HEIGHT, tip, lease.confirmed() ? lease.site() : "");
                if (!lease.confirmed()) {
                    band("hatched", segment.time(), LEASE_TOP, LEASE_HEIGHT, tip, "");
                }
            });
        }
    }

    private void site(String site, double top) {
        String style = style(site);
        svg.text("label", LEFT - 10, top + 11, site + " leader");
        for (Segment<Optional<String>> segment : history.leaders(site)) {
            segment.value()
                    .ifPresent(leader -> band(
                            style,
                            segment.time(),
                            top,
                            LEADER_HEIGHT,
                            leader + " holds the leader lock of " + site,
                            leader));
        }
        double y = top + LEADER_HEIGHT + GAP;
        for (String node : nodes(site)) {
            lane(node, y);
            y += LANE_HEIGHT + GAP;
        }
    }

    private void lane(String node, double y) {
        svg.text("label strong", LEFT - 10, y + 20, node);
        for (Segment<Role> segment : history.roles(node)) {
            String style = segment.value().name().toLowerCase(Locale.ROOT).replace('_', '-');
            band(
                    style,
                    segment.time(),
                    y,
                    LANE_HEIGHT,
                    node + " is " + segment.value().title(),
                    "");
        }
        for (WriteSpan span : spans) {
            if (span.node().equals(node)) {
                band("writes", span.time(), y + LANE_HEIGHT - 8, 4, node + " acknowledges rows", "");
            }
        }
    }

    private void band(String style, Interval time, double y, double height, String tip, String name) {
        double width = axis.width(time);
        String when = Svg.format("%s, %.1f s to %.1f s", tip, axis.seconds(time.from()), axis.seconds(time.to()));
        svg.bar(style, axis.x(time.from()), y, width, height, Math.min(4, height / 3), when);
        if (!name.isEmpty() && width > 10 + 8 * name.length()) {
            svg.text("on-band", axis.x(time.from()) + 8, y + height / 2 + 4, name);
        }
    }

    private void events(double bottom) {
        double free = 0;
        for (Outcome outcome : run.verdict().outcomes()) {
            double x = axis.x(outcome.incident().time().from());
            double aside = Math.max(x, free);
            svg.line("event", x, 32, x, bottom);
            svg.line("event", aside, 32, x, 32);
            svg.circle("mark", aside, 18, 13);
            svg.text("mark-text", aside, 23, outcome.incident().key());
            svg.text(
                    "mark-note",
                    aside,
                    48,
                    Svg.format("%,.0f ms", Verdict.millis(outcome.outage().length())));
            free = aside + MARK_ROOM;
        }
    }
}

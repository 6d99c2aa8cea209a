// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.dcs.Lock;
import dev.primacy.simulation.postgres.Server;
import dev.primacy.simulation.postgres.Server.Mode;
import dev.primacy.simulation.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Writes one history down: what befell whom, what servers did, what stores held, and what agents believed and decided. */
final class Story {
    private final World world;
    private final Lanes lanes;
    private final List<Line> lines = new ArrayList<>();
    private final Map<String, String> before = new HashMap<>();

    /**
     * One line.
     *
     * @param at nanoseconds since the beginning
     * @param who a node, a site's store, or the group's
     * @param what kind of thing
     * @param text what about it
     */
    record Line(long at, String who, What what, String text) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%9.3f s  %-6s %-9s %s",
                    at / (double) Duration.ofSeconds(1).toNanos(),
                    who,
                    what.name().toLowerCase(Locale.ROOT),
                    text);
        }
    }

    /** Kinds of lines. */
    enum What {
        TROUBLE,
        SERVER,
        LOCK,
        STANDING,
        DECISION,
        END
    }

    Story(World world) {
        this.world = world;
        this.lanes = new Lanes(world);
    }

    void befell(Trouble trouble, Node node) {
        tell(node.name, What.TROUBLE, trouble.shown());
    }

    void ended(String how) {
        tell("", What.END, how);
    }

    /** Compares with what was there after the event before. */
    void afterEach() {
        world.sites.forEach(site -> lock(site.name, site.store));
        world.groupStore.ifPresent(store -> lock("group", store));
        world.nodes.forEach(this::node);
        world.sites.forEach(site -> other(site.other.server()));
        lanes.afterEach();
    }

    private void lock(String who, Store store) {
        Optional<Lock> lock = world.checks.lock(store);
        news(
                who,
                What.LOCK,
                lock.map(held -> held.session() + " leads in term " + held.term())
                        .orElse("nobody leads"));
    }

    private void other(Server server) {
        if (server.mode() != Mode.NO_DATA || before.containsKey(OtherCluster.HOST + What.SERVER)) {
            news(
                    OtherCluster.HOST,
                    What.SERVER,
                    server.mode() + " on timeline " + server.wal().timeline());
        }
    }

    private void node(Node node) {
        String agent = node.agent()
                .map(running -> running.isLeaving() ? ", agent ends" : "")
                .orElse(", no agent");
        Mode mode = node.server().mode();
        String streams = mode == Mode.STANDBY ? node.server().streams() ? ", streams" : ", does not stream" : "";
        news(
                node.name,
                What.SERVER,
                mode + " on timeline " + node.server().wal().timeline() + streams + agent);
        node.agent().ifPresent(running -> {
            running.group.ifPresent(group -> news(
                    node.name,
                    What.STANDING,
                    group.standing().reason() + (group.lease().isPresent() ? " (holds the site lease)" : "")));
            running.ha
                    .view()
                    .ifPresent(view -> news(
                            node.name,
                            What.DECISION,
                            view.decision().getClass().getSimpleName()
                                    + ": " + view.decision().reason()
                                    + (running.ha.lease().isPresent() ? " (holds the leader lock)" : "")));
        });
    }

    private void news(String who, What what, String text) {
        if (!text.equals(before.put(who + what, text))) {
            tell(who, what, text);
        }
    }

    private void tell(String who, What what, String text) {
        lines.add(new Line(world.time.now(), who, what, text));
    }

    List<Line> lines() {
        return lines;
    }

    Lanes lanes() {
        return lanes;
    }
}

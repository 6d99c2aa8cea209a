// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.dcs.Lock;
import dev.primacy.simulation.postgres.Server.Mode;
import dev.primacy.simulation.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What each node was, and who held which lock, from beginning to end of a history. */
final class Lanes {
    private final World world;
    private final Map<String, List<Span>> spans = new LinkedHashMap<>();

    /**
     * Time in which something stayed the same.
     *
     * @param from nanoseconds since the beginning
     * @param state of a node, or the holder of a lock; empty if there is none
     * @param sure whether the node's agent runs, or the holder itself relies on the lock
     */
    record Span(long from, String state, boolean sure) {}

    /** What a node is, as far as clients care. */
    enum Role {
        PRIMARY("primary"),
        STANDBY_LEADER("standby leader"),
        REPLICA("replica"),
        STARTING("starting or stopping"),
        DOWN("stopped, or no data");

        private final String title;

        Role(String title) {
            this.title = title;
        }

        /** For people. */
        String title() {
            return title;
        }
    }

    Lanes(World world) {
        this.world = world;
    }

    void afterEach() {
        world.groupStore.ifPresent(store -> see("group", holder(store), isGroupLeaseRelied()));
        for (Site site : world.sites) {
            Optional<Node> leader = site.nodes.stream()
                    .filter(node -> node.name.equals(holder(site.store)))
                    .findFirst();
            see(
                    site.name,
                    holder(site.store),
                    leader.filter(Lanes::reliesOnLock).isPresent());
            for (Node node : site.nodes) {
                see(node.name, role(node, leader).name(), isAwake(node));
            }
        }
    }

    private String holder(Store store) {
        return world.checks.lock(store).map(Lock::holder).orElse("");
    }

    private boolean isGroupLeaseRelied() {
        return world.nodes.stream()
                .filter(Lanes::isAwake)
                .flatMap(node -> node.agent().stream())
                .anyMatch(agent ->
                        agent.group.filter(group -> group.lease().isPresent()).isPresent());
    }

    private static boolean reliesOnLock(Node node) {
        return isAwake(node)
                && node.agent().filter(agent -> agent.ha.lease().isPresent()).isPresent();
    }

    private static boolean isAwake(Node node) {
        return node.agent().filter(agent -> agent.program.runs()).isPresent();
    }

    private static Role role(Node node, Optional<Node> leader) {
        Mode mode = node.server().mode();
        return switch (mode) {
            case PRIMARY -> Role.PRIMARY;
            case STANDBY -> leader.filter(node::equals).isPresent() ? Role.STANDBY_LEADER : Role.REPLICA;
            case STARTING, STOPPING -> Role.STARTING;
            case STOPPED, NO_DATA -> Role.DOWN;
        };
    }

    private void see(String lane, String state, boolean sure) {
        List<Span> seen = spans.computeIfAbsent(lane, first -> new ArrayList<>());
        Span now = new Span(world.time.now(), state, sure);
        Span before = seen.isEmpty() ? null : seen.get(seen.size() - 1);
        if (before == null || !before.state.equals(state) || before.sure != sure) {
            seen.add(now);
        }
    }

    /**
     * In order; each lasts until the next one.
     *
     * @param lane a node, a site for its leader lock, or {@code group} for the site lease
     */
    List<Span> of(String lane) {
        return Objects.requireNonNull(spans.getOrDefault(lane, List.of()));
    }
}

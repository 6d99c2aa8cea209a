// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Watches until one node is primary, the other site has a standby leader, all others are replicas, and every standby has
 * replayed what the primary had written at first sight, on its timeline.
 */
final class Settlement {
    private final List<Node> nodes;
    private Optional<NodeStatus> goal = Optional.empty();
    private Map<Node, NodeStatus> seen = Map.of();

    Settlement(List<Node> nodes) {
        this.nodes = nodes;
    }

    boolean reached() {
        Map<Node, NodeStatus> now = new HashMap<>();
        for (Node node : nodes) {
            node.requireAlive();
            now.put(node, node.rest().status());
        }
        seen = now;
        if (count(Role.PRIMARY) != 1 || count(Role.STANDBY_LEADER) != 1 || count(Role.REPLICA) != nodes.size() - 2) {
            return false;
        }
        goal = goal.or(() -> now.values().stream()
                .filter(status -> status.role() == Role.PRIMARY)
                .findFirst());
        return now.values().stream().allMatch(status -> hasReached(status, goal.orElseThrow()));
    }

    private static boolean hasReached(NodeStatus status, NodeStatus goal) {
        return status.timeline() == goal.timeline() && status.position().compareTo(goal.position()) >= 0;
    }

    private long count(Role role) {
        return seen.values().stream().filter(status -> status.role() == role).count();
    }

    /** What each node said last. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        nodes.forEach(node -> lines.add(
                node + ": " + seen.getOrDefault(node, NodeStatus.SILENT).text()));
        return lines;
    }
}

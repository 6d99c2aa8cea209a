// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.Lock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The labels of a pod that services select by, made from its member's record as Patroni makes them.
 *
 * @param label name of the label for the role
 * @param temporary name of a second label with Patroni's own values, while services are moved from one value to another
 * @param bootstrap labels that a pod has only while its data is made
 */
record Roles(
        String label,
        String leader,
        String follower,
        String standbyLeader,
        Optional<String> temporary,
        Map<String, String> bootstrap) {
    private static final Set<String> BOOTSTRAP = Set.of(
            "initializing new cluster",
            "running custom bootstrap script",
            "starting after custom bootstrap",
            "creating replica");

    Roles {
        bootstrap = Map.copyOf(bootstrap);
    }

    /** The labels that this member's pod shall have; null for those that it shall not have. */
    ObjectNode labels(String name, String record, Optional<Lock> lock) {
        Optional<ObjectNode> member = Json.parseObject(record);
        String role = member.map(json -> json.path("role").asText()).orElse("");
        String state = member.map(json -> json.path("state").asText()).orElse("");
        ObjectNode labels = none();
        if (lock.filter(held -> held.holder().equals(name)).isPresent() && !role.isEmpty()) {
            labels.put(label, role.equals("standby_leader") ? standbyLeader : leader);
            temporary.ifPresent(second -> labels.put(second, "primary"));
        } else if (state.equals("running") && !role.equals("primary") && !role.equals("master")) {
            labels.put(label, role.equals("replica") ? follower : role);
            temporary.ifPresent(second -> labels.put(second, role));
        }
        if (BOOTSTRAP.contains(state)) {
            bootstrap.forEach(labels::put);
        }
        return labels;
    }

    /** As {@link #labels} of a pod that has no role. */
    ObjectNode none() {
        ObjectNode labels = Json.object();
        labels.putNull(label);
        temporary.ifPresent(labels::putNull);
        bootstrap.keySet().forEach(labels::putNull);
        return labels;
    }
}

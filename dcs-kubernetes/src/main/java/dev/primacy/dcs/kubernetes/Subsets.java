// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Where the leader's Endpoints send clients: to the one pod that holds the lock, changed in one update with the lock. */
final class Subsets {
    private static final String FIELD = "subsets";

    private final Options options;
    private final Layout layout;
    private final Pods pods;

    Subsets(Options options, Layout layout, Pods pods) {
        this.options = options;
        this.layout = layout;
        this.pods = pods;
    }

    boolean areUsed() {
        return layout.kind() == Kind.ENDPOINTS && options.pods();
    }

    /** What must change for clients to reach this holder; nothing if they do. */
    ObjectNode of(String holder, Optional<KubeObject> leader) {
        ObjectNode change = Json.object();
        if (!areUsed()) {
            return change;
        }
        Optional<KubeObject> pod = pods.last(holder);
        Optional<String> ip = pods.ip(options, holder);
        JsonNode now = leader.map(object -> object.json().path(FIELD)).orElseGet(Json::object);
        if (ip.isPresent() && leadsTo(now, ip.get())) {
            return change;
        }
        // A holder whose address nobody knows is not reached, but neither is the one before it.
        ArrayNode subsets = change.putArray(FIELD);
        ip.ifPresent(address -> subset(subsets.addObject(), address, pod));
        return now.isEmpty() && subsets.isEmpty() ? Json.object() : change;
    }

    /** Clients shall reach nobody. */
    ObjectNode none() {
        ObjectNode change = Json.object();
        if (areUsed()) {
            change.putArray(FIELD);
        }
        return change;
    }

    private boolean leadsTo(JsonNode subsets, String ip) {
        JsonNode addresses = subsets.path(0).path("addresses");
        return subsets.size() == 1
                && addresses.size() == 1
                && addresses.path(0).path("ip").asText().equals(ip)
                && subsets.path(0).path("ports").equals(options.ports());
    }

    private void subset(ObjectNode subset, String ip, Optional<KubeObject> pod) {
        ObjectNode address = subset.putArray("addresses").addObject().put("ip", ip);
        pod.ifPresent(known -> pods.describe(known, address));
        subset.set("ports", options.ports());
    }
}

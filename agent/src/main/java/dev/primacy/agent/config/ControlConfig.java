// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.config;

import dev.primacy.agent.config.AgentConfig.Credentials;
import dev.primacy.agent.config.AgentConfig.Store;
import dev.primacy.agent.tls.Tls;
import dev.primacy.dcs.DcsClient;
import dev.primacy.ha.ClusterConfig;
import java.util.Map;
import java.util.Optional;

/**
 * What a program must know that controls agents from outside: where the store is, and how to be let in by the REST API.
 *
 * @param scope of the cluster, where none is named
 * @param namespace that clusters are in
 * @param backend of the store
 * @param section of the store
 * @param credentials {@code ctl.authentication}, else {@code restapi.authentication}
 * @param tls of {@code ctl}; its authority else that of {@code restapi}
 * @param insecure whether not to check whom it talks to
 */
public record ControlConfig(
        Optional<String> scope,
        String namespace,
        String backend,
        Map<String, Object> section,
        Optional<Credentials> credentials,
        Tls tls,
        boolean insecure) {
    /** Where a cluster's tree is. */
    public Store store(String cluster) {
        return new Store(
                backend,
                new DcsClient.Scope(
                        namespace + "/" + cluster,
                        "primacyctl",
                        ClusterConfig.DEFAULT.timing().ttl()),
                section);
    }

    /** The same, but it does not matter whom it talks to. */
    public ControlConfig withoutChecks() {
        return new ControlConfig(scope, namespace, backend, section, credentials, tls, true);
    }
}

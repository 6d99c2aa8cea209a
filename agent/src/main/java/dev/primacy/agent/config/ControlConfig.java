// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.config;

import dev.primacy.agent.config.AgentConfig.Credentials;
import dev.primacy.agent.config.AgentConfig.Store;
import dev.primacy.agent.tls.Tls;
import java.util.Optional;

/**
 * What a program must know that controls agents from outside: where the store is, and how to be let in by the REST API.
 *
 * @param scope of the cluster
 * @param store where the cluster's tree is
 * @param credentials {@code ctl.authentication}, else {@code restapi.authentication}
 * @param tls of {@code ctl}, else of {@code restapi}
 * @param insecure whether not to check whom it talks to
 */
public record ControlConfig(String scope, Store store, Optional<Credentials> credentials, Tls tls, boolean insecure) {}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.config;

import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.record.Address;
import dev.primacy.ha.HaConfig;
import dev.primacy.multisite.SiteConfig;
import dev.primacy.postgres.FencingSettings;
import dev.primacy.postgres.PostgresSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * All settings of one agent.
 *
 * @param ha of the member
 * @param postgres of its server
 * @param fencing of the server, beside the guard
 * @param store of the cluster
 * @param group of the sites; empty for a cluster that stands alone
 * @param rest of the API
 */
public record AgentConfig(
        HaConfig ha,
        PostgresSettings postgres,
        FencingSettings fencing,
        Store store,
        Optional<Group> group,
        Rest rest) {
    /**
     * A tree in a store.
     *
     * @param backend name of the provider
     * @param scope which tree
     * @param section the provider's own settings
     */
    public record Store(String backend, DcsClient.Scope scope, Map<String, Object> section) {
        /** The same for sessions with another ttl. */
        public Store with(Duration ttl) {
            return new Store(backend, new DcsClient.Scope(scope.path(), scope.session(), ttl), section);
        }
    }

    /**
     * The group that this site belongs to.
     *
     * @param site settings of the site
     * @param store of the group
     */
    public record Group(SiteConfig site, Store store) {}

    /**
     * The REST API.
     *
     * @param listen where it listens
     * @param authentication what callers that change something must present
     */
    public record Rest(Address listen, Optional<Credentials> authentication) {}

    /**
     * A user of the API.
     *
     * @param username the name
     * @param password never printed
     */
    public record Credentials(String username, String password) {
        @Override
        public String toString() {
            return username;
        }
    }
}

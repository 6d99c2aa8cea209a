// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.config;

import dev.primacy.agent.tls.Tls;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.record.Address;
import dev.primacy.ha.HaConfig;
import dev.primacy.multisite.SiteConfig;
import dev.primacy.postgres.FencingSettings;
import dev.primacy.postgres.PostgresSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
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
     * @param allowlist hosts, addresses and networks that such callers may come from; empty: any
     * @param allowlistIncludesMembers whether they may also come from where members are
     * @param tls its certificate, and whose it trusts
     * @param verifyClient whose certificate it asks for; as Patroni's {@code verify_client}
     */
    public record Rest(
            Address listen,
            Optional<Credentials> authentication,
            List<String> allowlist,
            boolean allowlistIncludesMembers,
            Tls tls,
            VerifyClient verifyClient) {
        public Rest {
            allowlist = List.copyOf(allowlist);
        }

        /** The same for requests that may come while nobody knows where members are. */
        public Rest forAnyAddress() {
            return new Rest(listen, authentication, List.of(), false, tls, verifyClient);
        }

        /** Whether it is served over TLS. */
        public boolean isSecure() {
            return tls.certificate().isPresent();
        }
    }

    /** Who must present a certificate. */
    public enum VerifyClient {
        /** Nobody. */
        NONE,
        /** Callers that change something. */
        OPTIONAL,
        /** Everybody. */
        REQUIRED
    }

    /**
     * A user of the API.
     *
     * @param username the name
     * @param password never printed
     */
    public record Credentials(String username, String password) {
        /** What a caller with these credentials sends as {@code Authorization}. */
        public String header() {
            byte[] text = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(text);
        }

        @Override
        public String toString() {
            return username;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.login.Configuration;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/**
 * Who we are, and who may touch what we write.
 *
 * @param acls of every znode that we create
 * @param credentials shown on each connection
 * @param jaasSection the JAAS entry for SASL; without one ZooKeeper's client looks for {@code Client}
 */
record Access(List<ACL> acls, List<Credential> credentials, Optional<String> jaasSection) {
    /** A scheme, or none: a distinguished name such as {@code CN=a} holds no colon before its first equals sign. */
    private static final Pattern PRINCIPAL = Pattern.compile("(?:([a-z0-9]+):)?(.*)", Pattern.DOTALL);

    private static final Pattern DIGEST = Pattern.compile("[^:]+:[A-Za-z0-9+/]{27}=");
    private static final Map<String, Integer> PERMISSIONS = Map.of(
            "READ", Perms.READ,
            "WRITE", Perms.WRITE,
            "CREATE", Perms.CREATE,
            "DELETE", Perms.DELETE,
            "ADMIN", Perms.ADMIN,
            "ALL", Perms.ALL);

    static Access of(Section section) {
        List<ACL> acls = new ArrayList<>();
        map(section, "set_acls").forEach((principal, permissions) -> acls.add(acl(section, principal, permissions)));
        List<Credential> credentials = new ArrayList<>();
        map(section, "auth_data")
                .forEach((scheme, secret) -> credentials.add(new Credential(scheme, String.valueOf(secret))));
        Optional<String> jaasSection = section.text("jaas_section");
        jaasSection
                .filter(name -> !hasJaasEntry(name))
                .ifPresent(name -> section.problem("jaas_section: the JAAS configuration has no entry '" + name
                        + "'; see the system property java.security.auth.login.config"));
        return new Access(acls.isEmpty() ? ZooDefs.Ids.OPEN_ACL_UNSAFE : acls, credentials, jaasSection);
    }

    private static boolean hasJaasEntry(String name) {
        try {
            return Configuration.getConfiguration().getAppConfigurationEntry(name) != null;
        } catch (SecurityException e) {
            // That there is no such file, or that it may not be read, is the same to us.
            return false;
        }
    }

    /**
     * Tells ZooKeeper's client whether to use SASL. By itself it takes a JAAS configuration without its entry, which is
     * there for something else, for refused credentials.
     */
    void configure(ZKClientConfig config) {
        jaasSection.ifPresent(name -> config.setProperty(ZKClientConfig.LOGIN_CONTEXT_NAME_KEY, name));
        String entry = config.getProperty(
                ZKClientConfig.LOGIN_CONTEXT_NAME_KEY, ZKClientConfig.LOGIN_CONTEXT_NAME_KEY_DEFAULT);
        if (!hasJaasEntry(entry)) {
            config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        }
    }

    private static Map<String, Object> map(Section section, String key) {
        Optional<Object> value = section.value(key);
        if (value.isPresent() && !(value.get() instanceof Map)) {
            // The value may hold secrets.
            section.problem(key + " must be a map");
            return Map.of();
        }
        Map<String, Object> entries = new TreeMap<>();
        value.ifPresent(map -> ((Map<?, ?>) map).forEach((name, entry) -> entries.put(String.valueOf(name), entry)));
        return entries;
    }

    private static ACL acl(Section section, String principal, Object permissions) {
        Matcher parts = PRINCIPAL.matcher(principal);
        if (!parts.matches()) {
            throw new IllegalStateException("the pattern takes every text");
        }
        String scheme = Optional.ofNullable(parts.group(1)).orElse("x509");
        String name = String.valueOf(parts.group(2));
        if (scheme.equals("digest") && !DIGEST.matcher(name).matches()) {
            // Whatever stands there may be a password.
            section.problem("set_acls: after 'digest:' comes user:hash, where hash is what ZooKeeper's"
                    + " DigestAuthenticationProvider prints for user:password");
        }
        List<?> names = permissions instanceof List<?> list ? list : List.of(String.valueOf(permissions));
        int mask = 0;
        for (Object permission : names) {
            Integer bits = PERMISSIONS.get(String.valueOf(permission).toUpperCase(Locale.ROOT));
            if (bits == null) {
                section.problem("set_acls: no permission '" + permission
                        + "'; there are READ, WRITE, CREATE, DELETE, ADMIN and ALL");
            } else {
                mask |= bits;
            }
        }
        return new ACL(mask, new Id(scheme, name));
    }

    @Override
    public String toString() {
        return "Access[acls=" + acls.size() + ", credentials=" + credentials + ", jaasSection=" + jaasSection + "]";
    }

    /** What is shown to the servers under one scheme, for example {@code user:password} under {@code digest}. */
    record Credential(String scheme, String secret) {
        byte[] bytes() {
            return secret.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return scheme + ":***";
        }
    }
}

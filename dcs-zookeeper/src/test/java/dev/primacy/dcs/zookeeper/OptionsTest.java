// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.Perms;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void hostsAreAListOrText() {
        String expected = "h1:2181,h2:2182,[::1]:2183";
        assertThat(hosts(List.of("h1:2181", "h2:2182", "[::1]:2183"))).isEqualTo(expected);
        assertThat(hosts("h1:2181, h2:2182,[::1]:2183")).isEqualTo(expected);
        assertThat(hosts("'h1:2181','h2:2182',\"[::1]:2183\"")).isEqualTo(expected);
    }

    @Test
    void theTickIsTwoSecondsUnlessGiven() {
        assertThat(Options.of(Map.of("hosts", "h")).tick()).isEqualTo(Duration.ofSeconds(2));
        assertThat(Options.of(Map.of("hosts", "h", "tick_time", 500)).tick()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void allProblemsAreNamedAtOnce() {
        assertThatThrownBy(() -> Options.of(Map.of(
                        "hosts",
                        "h1:x,h 2",
                        "tick_time",
                        "fast",
                        "use_ssl",
                        true,
                        "cacert",
                        "/missing/ca",
                        "key",
                        "/missing/key",
                        "verify",
                        "off",
                        "acl",
                        "",
                        "set_acls",
                        Map.of("CN=a", List.of("read", "RAED"), "digest:me:geheim", List.of("ALL")),
                        "auth_data",
                        "geheim")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("zookeeper: unknown key 'acl'; no host:port: 'h1:x'; no host:port: 'h 2';"
                        + " tick_time must be a whole number of milliseconds from 50 on, not 'fast';"
                        + " verify: false is not supported, since anybody could pose as the store; give the authority that"
                        + " signed the servers' certificates as cacert, and check_hostname: false if they name other hosts;"
                        + " cacert: no readable file '/missing/ca'; key: no readable file '/missing/key'; key without cert;"
                        + " set_acls: no permission 'RAED'; there are READ, WRITE, CREATE, DELETE, ADMIN and ALL;"
                        + " set_acls: after 'digest:' comes user:hash, where hash is what ZooKeeper's"
                        + " DigestAuthenticationProvider prints for user:password; auth_data must be a map");
        assertThatThrownBy(() -> Options.of(Map.of())).hasMessageContaining("hosts is missing");
        assertThatThrownBy(() -> Options.of(Map.of("hosts", List.of()))).hasMessageContaining("hosts is missing");
        assertThatThrownBy(() -> Options.of(Map.of("hosts", "h", "jaas_section", "Nobody")))
                .hasMessageContaining("no entry 'Nobody'");
    }

    @Test
    void aclsAreThoseOfPatroni() {
        Map<String, Object> acls = Map.of(
                "CN=a,O=b",
                List.of("read", "WRITE"),
                "digest:me:" + "x".repeat(27) + "=",
                List.of("ALL"),
                "auth:",
                "all");
        assertThat(Options.of(Map.of("hosts", "h", "set_acls", acls)).access().acls())
                .containsExactly(
                        new ACL(Perms.READ | Perms.WRITE, new Id("x509", "CN=a,O=b")),
                        new ACL(Perms.ALL, new Id("auth", "")),
                        new ACL(Perms.ALL, new Id("digest", "me:" + "x".repeat(27) + "=")));
        assertThat(Options.of(Map.of("hosts", "h")).access().acls()).isEqualTo(ZooDefs.Ids.OPEN_ACL_UNSAFE);
    }

    @Test
    void whatOnlyTlsNeedsIsNotReadWithoutIt() {
        Map<String, Object> section =
                Map.of("hosts", "h", "use_ssl", "no", "cacert", "/missing", "key_password", "geheim");
        assertThat(Options.of(section).tls()).isEmpty();
    }

    @Test
    void secretsAreNotShown() {
        Options options =
                Options.of(Map.of("hosts", "h", "auth_data", Map.of("digest", "me:geheim", "custom", "geheim")));
        assertThat(options.toString()).contains("digest:***", "custom:***").doesNotContain("geheim");
    }

    private static String hosts(Object value) {
        return Options.of(Map.of("hosts", value)).connectString();
    }
}

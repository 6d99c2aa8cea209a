// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.DcsProvider;
import dev.primacy.dcs.etcd.Options.Srv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptionsTest {
    @Test
    void bothNamesAreFound() {
        assertThat(DcsProvider.named("etcd3")).isInstanceOf(Etcd3Provider.class);
        assertThat(DcsProvider.named("etcd")).isInstanceOf(EtcdProvider.class);
    }

    @Test
    void hostsAreAListOrText() {
        List<Address> expected = List.of(
                new Address("h1", 2379, false), new Address("h2", 2382, false), new Address("::1", 2383, false));
        assertThat(hosts(Map.of("hosts", List.of("h1", "h2:2382", "[::1]:2383"))))
                .isEqualTo(expected);
        assertThat(hosts(Map.of("hosts", "'h1', h2:2382,\"[::1]:2383\""))).isEqualTo(expected);
        assertThat(hosts(Map.of("host", "h1"))).containsExactly(expected.get(0));
    }

    @Test
    void theFirstPlaceOfSeveralCountsAsInPatroni() {
        assertThat(hosts(Map.of("host", "h1", "hosts", "h2", "url", "http://h3:1", "proxy", "https://h4")))
                .containsExactly(new Address("h4", 2379, true));
        assertThat(hosts(Map.of("host", "h1", "hosts", "h2", "srv", "example.org")))
                .containsExactly(new Address("h2", 2379, false));
    }

    @Test
    void aUrlSaysProtocolAndLogin() {
        Options options = read(Map.of("url", "https://me:secret@[::1]:4001", "protocol", "http"));
        assertThat(options.hosts()).containsExactly(new Address("::1", 4001, true));
        assertThat(options.login()).hasValue(new Options.Login("me", "secret"));
        assertThat(options.toString()).doesNotContain("secret");
    }

    @Test
    void proxiesAreNotAskedForMembers() {
        assertThat(read(Map.of("host", "h")).discovery()).isTrue();
        assertThat(read(Map.of("host", "h", "use_proxies", "on")).discovery()).isFalse();
        assertThat(read(Map.of("proxy", "http://h:1")).discovery()).isFalse();
    }

    @Test
    void dnsSaysTheProtocolUnlessItIsGiven() {
        assertThat(read(Map.of("srv", "example.org", "srv_suffix", "x")).srv())
                .hasValue(new Srv("example.org", "x", Optional.empty()));
        assertThat(read(Map.of("srv", "example.org", "protocol", "https")).srv())
                .hasValue(new Srv("example.org", "", Optional.of(true)));
    }

    @Test
    void oneFileMayHoldCertificateAndKey(@TempDir Path folder) throws IOException {
        String both = Files.writeString(folder.resolve("both.pem"), "").toString();
        Options options = read(Map.of("host", "h", "protocol", "https", "cert", both));
        assertThat(options.tls().key()).hasValue(Path.of(both));
    }

    @Test
    void allProblemsAreNamedAtOnce() {
        assertThatThrownBy(() -> read(Map.of(
                        "hosts", "h1:x,h 2", "protocol", "gopher", "cacert", "/no/such", "username", "me", "acl", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("etcd3: unknown key 'acl'; protocol must be http or https, not 'gopher';"
                        + " hosts: no host:port: 'h1:x'; hosts: no host:port: 'h 2'; cacert: cannot read /no/such;"
                        + " cacert, cert and key are of no use without protocol: https;"
                        + " username and password belong together");
        assertThatThrownBy(() -> read(Map.of())).hasMessageContaining("none of host, hosts, url, proxy and srv");
        assertThatThrownBy(() -> read(Map.of("hosts", List.of()))).hasMessageContaining("hosts");
        assertThatThrownBy(() -> read(Map.of("host", "h", "use_proxies", "maybe")))
                .hasMessageContaining("use_proxies must be true or false");
    }

    @Test
    void aBrokenUrlIsNotShownSinceItMayHoldAPassword() {
        assertThatThrownBy(() -> read(Map.of("url", "https://me:secret@h h")))
                .hasMessage("etcd3: url must be http://host:port or https://host:port");
    }

    private static List<Address> hosts(Map<String, Object> section) {
        return read(section).hosts();
    }

    private static Options read(Map<String, Object> section) {
        return Options.of("etcd3", section);
    }
}

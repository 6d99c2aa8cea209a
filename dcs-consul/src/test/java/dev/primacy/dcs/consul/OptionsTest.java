// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.testkit.server.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kiwiproject.consul.option.ConsistencyMode;

class OptionsTest {
    private final Path folder;

    OptionsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theAgentIsNextDoorUnlessGiven() {
        assertThat(Options.of(Map.of()).url()).isEqualTo("http://127.0.0.1:8500");
        assertThat(Options.of(Map.of("host", "c1")).url()).isEqualTo("http://c1:8500");
        assertThat(Options.of(Map.of("host", "c1", "port", "8501", "scheme", "HTTPS"))
                        .url())
                .isEqualTo("https://c1:8501");
        assertThat(Options.of(Map.of("host", "c1:8502")).url()).isEqualTo("http://c1:8502");
        assertThat(Options.of(Map.of("host", "::1")).url()).isEqualTo("http://[::1]:8500");
        assertThat(Options.of(Map.of("url", "http://c1:8503/")).url()).isEqualTo("http://c1:8503");
    }

    @Test
    void allOfPatronisOptionsAreKnown() {
        Options options = Options.of(Map.ofEntries(
                Map.entry("url", "http://c1"),
                Map.entry("token", "s3cret"),
                Map.entry("dc", "fra"),
                Map.entry("consistency", "stale"),
                Map.entry("verify", "off"),
                Map.entry("checks", List.of("a", "b")),
                Map.entry("register_service", "on"),
                Map.entry("service_tags", "'b', a"),
                Map.entry("service_check_interval", "1m30s"),
                Map.entry("service_check_tls_server_name", "node.example")));
        assertThat(options.token()).hasValue("s3cret");
        assertThat(options.dc()).hasValue("fra");
        assertThat(options.consistency()).isEqualTo(ConsistencyMode.STALE);
        assertThat(options.checks()).containsExactly("a", "b");
        assertThat(options.service().register()).isTrue();
        assertThat(options.service().tags()).containsExactly("a", "b");
        assertThat(options.service().tlsServerName()).hasValue("node.example");
        assertThat(options.toString()).doesNotContain("s3cret");
    }

    @Test
    void allProblemsAreNamedAtOnce() {
        assertThatThrownBy(() -> Options.of(Map.of(
                        "host", "h 1",
                        "port", "x",
                        "consistency", "strong",
                        "verify", "perhaps",
                        "service_check_interval", "5",
                        "hosts", "h1,h2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("consul: unknown key 'hosts'; port must be a whole number from 1 to 65535, not 'x';"
                        + " host, port and scheme must make a URL like http://host:port, not 'http://h 1:8500';"
                        + " consistency must be one of [consistent, default, stale], not 'strong';"
                        + " verify must be true or false, not 'perhaps';"
                        + " service_check_interval must be a duration like 5s or 1m30s, not '5'");
        assertThatThrownBy(() -> Options.of(Map.of("url", "http://me:s3cret@c1:8500")))
                .hasMessage("consul: url must be like http://host:port, and name no user");
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws IOException {
        Certificates.Pair pair = new Certificates(folder).issue("client", List.of());
        Path encrypted = Files.writeString(folder.resolve("encrypted"), "-----BEGIN ENCRYPTED PRIVATE KEY-----\nx");
        String https = "https://c1";
        assertThatThrownBy(() -> Options.of(Map.of("url", https, "cacert", "/nowhere")))
                .hasMessageStartingWith("consul: cacert /nowhere cannot be read: ");
        assertThatThrownBy(() ->
                        Options.of(Map.of("url", https, "cacert", pair.key().toString())))
                .hasMessage("consul: cacert " + pair.key() + " holds no certificate in PEM format");
        assertThatThrownBy(() -> Options.of(
                        Map.of("url", https, "cert", pair.certificate().toString(), "key", "" + encrypted)))
                .hasMessageStartingWith("consul: key " + encrypted + " holds no private key in PKCS#8");
        Path broken = Files.writeString(
                folder.resolve("broken"), "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----");
        assertThat(Options.of(Map.of("url", https, "cert", "" + pair.certificate(), "key", "" + pair.key()))
                        .tls())
                .isPresent();
        assertThatThrownBy(() -> Options.of(Map.of("url", https, "cert", "" + pair.certificate(), "key", "" + broken)))
                .hasMessageContaining("cannot be used together")
                .hasMessageNotContaining("s3cret")
                .hasNoCause();
    }

    @Test
    void theCertificateMayBringItsKey() throws IOException {
        Certificates.Pair pair = new Certificates(folder).issue("client", List.of());
        Path both = Files.writeString(
                folder.resolve("both"), Files.readString(pair.key()) + Files.readString(pair.certificate()));
        assertThat(Options.of(Map.of("url", "https://c1", "cert", both.toString()))
                        .tls())
                .isPresent();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
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
        assertThatThrownBy(
                        () -> Options.of(Map.of("hosts", "h1:x,h 2", "tick_time", "fast", "use_ssl", true, "acl", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "zookeeper: unknown key 'acl'; unknown key 'use_ssl'; no host:port: 'h1:x';"
                                + " no host:port: 'h 2'; tick_time must be a whole number of milliseconds from 50 on, not 'fast'");
        assertThatThrownBy(() -> Options.of(Map.of())).hasMessageContaining("hosts is missing");
        assertThatThrownBy(() -> Options.of(Map.of("hosts", List.of()))).hasMessageContaining("hosts is missing");
    }

    private static String hosts(Object value) {
        return Options.of(Map.of("hosts", value)).connectString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees who names nothing sensible, and how times are read. */
class MainTest {
    private static final Times TIMES =
            new Times(InstantSource.fixed(Instant.parse("2026-08-01T02:00:00Z")), ZoneId.of("Europe/Vienna"));

    private final StringWriter out = new StringWriter();
    private final StringWriter errors = new StringWriter();
    private final Path folder;

    MainTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private int run(Map<String, String> environment, String... arguments) {
        PrintWriter printed = new PrintWriter(out);
        Main main = new Main(new BufferedReader(new StringReader("")), printed, environment, TIMES);
        return Main.execute(main, printed, new PrintWriter(errors), arguments);
    }

    @Test
    void errorsAreOneLine() throws IOException {
        assertThat(run(Map.of("HOME", folder.toString()), "list")).isEqualTo(1);
        assertThat(errors.toString())
                .startsWith("Error: cannot read the configuration file " + folder)
                .hasLineCount(1);
        errors.getBuffer().setLength(0);
        Path broken = Files.writeString(
                folder.resolve("broken.yml"), "{etcd3: {host: '127.0.0.1:1'}, ctl: {insecure: maybe}}");
        assertThat(run(Map.of("PATRONICTL_CONFIG_FILE", broken.toString()), "list"))
                .isEqualTo(1);
        assertThat(errors.toString()).contains("ctl.insecure is neither true nor false");
        errors.getBuffer().setLength(0);
        Path none = Files.writeString(folder.resolve("none.yml"), "etcd3: {host: '127.0.0.1:1'}\n");
        assertThat(run(Map.of(), "list", "-c", none.toString())).isEqualTo(1);
        assertThat(errors.toString()).isEqualTo("Error: name the cluster: the configuration file has no scope\n");
    }

    @Test
    void wrongUsageIsTwo() {
        assertThat(run(Map.of())).isEqualTo(2);
        assertThat(run(Map.of(), "nonsense")).isEqualTo(2);
        assertThat(run(Map.of(), "restart", "demo", "--role", "boss")).isEqualTo(2);
        assertThat(errors.toString()).contains("'boss' is none of [leader, primary, standby-leader");
        assertThat(run(Map.of(), "--help")).isZero();
        assertThat(out.toString()).contains("switchover").contains("edit-config");
    }

    @Test
    void timesWithoutAZoneAreThePersons() {
        assertThat(TIMES.schedule("now")).isEmpty();
        assertThat(TIMES.schedule("2026-08-02 03:00")).contains(OffsetDateTime.parse("2026-08-02T03:00+02:00"));
        assertThat(TIMES.schedule("2026-08-02T03:00:00Z")).contains(OffsetDateTime.parse("2026-08-02T03:00Z"));
        assertThat(TIMES.nextHour()).isEqualTo("2026-08-01T05:00");
        assertThatThrownBy(() -> TIMES.schedule("soon"))
                .hasMessageContaining("Unable to parse scheduled timestamp (soon)");
    }
}

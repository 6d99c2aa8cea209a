// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class TextFormatsTest {
    private static final String CONTROL = """
            pg_control version number:            1300
            Database system identifier:           7380000000000000001
            Database cluster state:               in production
            Latest checkpoint location:           0/3000060
            Latest checkpoint's TimeLineID:       1
            Minimum recovery ending location:     0/30001C8
            Min recovery ending loc's timeline:   2
            max_connections setting:              100
            Bytes per WAL segment:                16777216
            """;

    @Example
    void readsTheControlFile() {
        ControlFile control = new ControlFile(CONTROL);
        assertThat(control.data(true, false))
                .isEqualTo(new PostgresStatus.ControlData(
                        "7380000000000000001", "in production", 1, Lsn.parse("0/3000060"), true, false));
        // Promoted, and crashed before its first checkpoint.
        assertThat(control.timeline()).isEqualTo(2);
        assertThat(control.end()).isEqualTo(Lsn.parse("0/30001C8"));
        assertThat(control.setting("max_connections")).contains(100);
        assertThat(control.setting("max_nothing")).isEmpty();
        assertThat(control.walSegmentBytes()).isEqualTo(16 << 20);
    }

    @Example
    void refusesAControlFileWithoutWhatItNeeds() {
        assertThatThrownBy(() -> new ControlFile("anything: 1\nnothing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pg_controldata does not say");
    }

    @Example
    void quotesSettings() {
        assertThat(Quoting.conf("it's \\ here")).isEqualTo("'it''s \\\\ here'");
        assertThatThrownBy(() -> Quoting.conf("two\nlines")).hasMessageContaining("one line");
    }

    @Property
    void connectionStringsSurviveARoundTrip(
            @ForAll @Size(max = 4) Map<@AlphaChars @StringLength(min = 1, max = 8) String, String> pairs) {
        assertThat(Quoting.parseConninfo(Quoting.conninfo(pairs))).isEqualTo(pairs);
    }

    @Example
    void readsConnectionStringsOfOthers() {
        assertThat(Quoting.parseConninfo("user=postgres  host = 10.0.0.1 port=5433 password=it\\'s sslmode='prefer'"))
                .containsEntry("host", "10.0.0.1")
                .containsEntry("port", "5433")
                .containsEntry("password", "it's")
                .containsEntry("sslmode", "prefer");
    }
}

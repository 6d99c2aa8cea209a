// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever stands in the store, reading it ends in a value or in a reason. */
class ToleranceTest {
    private static final List<Function<String, ?>> PARSERS = List.of(
            InitializeRecord::parse,
            MemberRecord::parse,
            SiteRecord::parse,
            SiteHistory::parse,
            SiteSwitchover::parse,
            StatusRecord::parse,
            ConfigRecord::parse,
            FailoverRecord::parse,
            SyncRecord::parse,
            HistoryRecord::parse,
            FailsafeRecord::parse,
            JsonObject::parse,
            Address::parse);

    private static final List<String> FIELDS = List.of(
            "optime",
            "timeline",
            "host",
            "port",
            "lsn",
            "conn_url",
            "api_url",
            "role",
            "xlog_location",
            "sysid",
            "target_site",
            "shutdown_lsn",
            "shutdown_timeline",
            "member",
            "version");

    @Property
    void anyTextIsReadOrCorrupt(@ForAll String text) {
        readByAll(text);
    }

    @Property
    void anyJsonObjectIsReadOrCorrupt(@ForAll("objects") String text) {
        readByAll(text);
    }

    @Example
    void deeplyNestedTextIsCorrupt() {
        readByAll("[".repeat(100_000));
        readByAll("{\"a\":".repeat(100_000));
    }

    private static void readByAll(String text) {
        Optional<Stored> stored = Optional.of(new Stored(text, new Version(1)));
        for (Function<String, ?> parser : PARSERS) {
            Entry<?> entry = Entry.read(stored, parser::apply);
            assertThat(entry.stored()).isEqualTo(stored);
            assertThat(entry).isNotInstanceOf(Entry.Absent.class);
            if (entry instanceof Entry.Corrupt<?> corrupt) {
                assertThat(corrupt.value()).isEmpty();
                assertThat(corrupt.reason()).isNotBlank().hasSizeLessThan(400);
            }
        }
    }

    @Example
    void whatIsNotThereIsAbsent() {
        assertThat(Entry.read(Optional.empty(), StatusRecord::parse)).isEqualTo(new Entry.Absent<StatusRecord>());
    }

    @Provide
    Arbitrary<String> objects() {
        Arbitrary<String> values = Arbitraries.oneOf(
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.doubles().map(String::valueOf),
                Arbitraries.strings()
                        .ofMaxLength(8)
                        .map(text -> "\"" + text.replaceAll("[\"\\\\\\p{Cntrl}]", "_") + "\""),
                Arbitraries.of("null", "true", "{}", "[1]", "1e999", "\"16384\"", "\"postgres://h:5432/\"", "-0"));
        return Combinators.combine(Arbitraries.of(FIELDS), values)
                .as((field, value) -> "\"" + field + "\":" + value)
                .list()
                .ofMaxSize(8)
                .map(fields -> "{" + String.join(",", fields) + "}");
    }
}

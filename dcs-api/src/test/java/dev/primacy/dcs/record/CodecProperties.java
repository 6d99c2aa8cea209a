// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.record.HistoryRecord.Line;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What each codec keeps, whatever it is given. */
class CodecProperties {
    /**
     * A codec, seen from outside.
     *
     * @param parse gives the record
     * @param encode gives the record's text
     */
    private record Codec<T>(Function<String, T> parse, Function<T, String> encode) {
        Entry<T> read(String text) {
            return Entry.read(Optional.of(new Stored(text, new Version(1))), parse);
        }

        /** The text that is written after reading; empty if it could not be read. */
        Optional<String> again(String text) {
            return read(text).value().map(encode);
        }

        void keepsItsMeaning(String text) {
            Entry<T> read = read(text);
            read.value().ifPresent(value -> {
                String written = encode.apply(value);
                assertThat(again(written)).as(text).hasValue(written);
            });
        }
    }

    private static final Map<String, Codec<?>> OBJECTS = Map.of(
            "config", new Codec<>(ConfigRecord::parse, ConfigRecord::encode),
            "member", new Codec<>(MemberRecord::parse, MemberRecord::encode),
            "status", new Codec<>(StatusRecord::parse, StatusRecord::encode),
            "failover", new Codec<>(FailoverRecord::parse, FailoverRecord::encode),
            "sync", new Codec<>(SyncRecord::parse, SyncRecord::encode),
            "failsafe", new Codec<>(FailsafeRecord::parse, FailsafeRecord::encode),
            "site", new Codec<>(SiteRecord::parse, SiteRecord::encode));
    private static final Codec<HistoryRecord> HISTORY = new Codec<>(HistoryRecord::parse, HistoryRecord::encode);
    private static final Codec<InitializeRecord> INITIALIZE =
            new Codec<>(InitializeRecord::parse, InitializeRecord::encode);

    @Property
    void anyBytesAreReadOrCorrupt(@ForAll byte[] bytes) {
        String text = new String(bytes, UTF_8);
        OBJECTS.values().forEach(codec -> codec.keepsItsMeaning(text));
        HISTORY.keepsItsMeaning(text);
        INITIALIZE.keepsItsMeaning(text);
    }

    @Property
    void anyObjectIsReadOrCorruptAndKeepsItsMeaning(@ForAll("objects") JsonObject object) {
        OBJECTS.values().forEach(codec -> codec.keepsItsMeaning(object.toString()));
    }

    @Property
    void anyListIsAHistory(@ForAll("lists") String text) {
        HistoryRecord history = HistoryRecord.parse(text);
        assertThat(history.encode()).isEqualTo(text);
        assertThat(history.lines()).allSatisfy(line -> assertThat(line.reason()).isNotNull());
        assertThat(history.timeline()).isNotNegative();
    }

    @Property
    void unknownFieldsSurvive(@ForAll("objects") JsonObject object, @ForAll("values") Object unknown) {
        JsonObject foreign = object.with("optime", 5)
                .with("host", "h")
                .with("port", 5432)
                .with("quorum", 1)
                .with("scheduled_at", Optional.empty())
                .with("leader", "a")
                .with("member", "b")
                .with("sync_standby", "c")
                .with("unknown to us", unknown);
        OBJECTS.forEach((name, codec) -> {
            JsonObject written =
                    JsonObject.parse(codec.again(foreign.toString()).orElseThrow());
            assertThat(written.with("unknown to us", Optional.empty())).as(name).isNotEqualTo(written);
            assertThat(written.node().get("unknown to us"))
                    .as(name)
                    .isEqualTo(foreign.node().get("unknown to us"));
        });
    }

    @Property
    void whatNobodyChangedIsWrittenAsItWas(@ForAll("objects") JsonObject object) {
        String text = object.toString();
        assertThat(MemberRecord.parse(text).encode()).isEqualTo(text);
    }

    @Property
    void aStatusComesBack(@ForAll long optime, @ForAll Map<String, Long> slots, @ForAll List<String> retained) {
        StatusRecord read = StatusRecord.parse(StatusRecord.of(optime)
                .withSlots(slots)
                .withRetainSlots(retained)
                .encode());
        assertThat(read.optime()).isEqualTo(optime);
        assertThat(read.slots()).isEqualTo(slots);
        assertThat(read.retainSlots()).containsExactlyInAnyOrderElementsOf(new HashSet<>(retained));
        assertThat(StatusRecord.parse(read.encodeLegacy()).optime()).isEqualTo(optime);
    }

    @Property
    void aMembersFieldsComeBackInPatronisOrder(
            @ForAll Optional<Long> location,
            @ForAll Optional<@IntRange(min = 1) Integer> timeline,
            @ForAll long replay,
            @ForAll String proxy,
            @ForAll boolean paused) {
        MemberRecord written = new MemberRecord(
                        "postgres://h/p",
                        "http://h:8008/patroni",
                        "running",
                        "replica",
                        "4.0.0",
                        location,
                        timeline.map(Integer::longValue),
                        JsonObject.EMPTY)
                .withPause(paused)
                .withReplication(Optional.of(replay), Optional.empty(), Optional.of("streaming"))
                .withProxyUrl(Optional.of(proxy));
        MemberRecord read = MemberRecord.parse(written.encode());
        assertThat(read.xlogLocation()).isEqualTo(location);
        assertThat(read.timeline()).isEqualTo(timeline.map(Integer::longValue));
        assertThat(read.replayLsn()).isEqualTo(Optional.of(replay).filter(lsn -> lsn != 0));
        assertThat(read.proxyUrl()).hasValue(proxy);
        assertThat(read.paused()).isEqualTo(paused);
        assertThat(read.source().fields())
                .containsSubsequence(
                        "conn_url", "api_url", "state", "role", "version", "proxy_url", "replication_state");
        assertThat(read.encode()).isEqualTo(written.encode());
    }

    @Property
    void aFailoverComesBack(
            @ForAll("names") Optional<String> leader,
            @ForAll("names") Optional<String> member,
            @ForAll Optional<@IntRange(min = 0) Integer> seconds,
            @ForAll @IntRange(max = 999_999) int micros,
            @ForAll @IntRange(min = -18 * 60, max = 18 * 60) int offset) {
        Optional<OffsetDateTime> at = seconds.map(count -> OffsetDateTime.ofInstant(
                Instant.ofEpochSecond(count, micros * 1000L), ZoneOffset.ofTotalSeconds(offset * 60)));
        FailoverRecord read =
                FailoverRecord.parse(FailoverRecord.of(leader, member, at).encode());
        assertThat(read.leader()).isEqualTo(leader);
        assertThat(read.member()).isEqualTo(member);
        assertThat(read.scheduledAt()).isEqualTo(at);
        assertThat(read.isRequested()).isEqualTo(leader.isPresent() || member.isPresent());
    }

    @Property
    void aSyncStateComesBack(@ForAll("name") String leader, @ForAll @Size(max = 5) List<@From("name") String> voters) {
        SyncRecord read = SyncRecord.parse(SyncRecord.of(leader, voters, 1).encode());
        assertThat(read.leader()).hasValue(leader);
        assertThat(read.quorum()).isEqualTo(1);
        assertThat(read.isVoter(leader)).isFalse();
        assertThat(voters).filteredOn(name -> !read.isLeader(name)).allMatch(read::isVoter);
        assertThat(read.voters()).isSorted().doesNotHaveDuplicates();
    }

    @Property
    void aHistoryComesBack(@ForAll @Size(max = 4) List<@From("line") Line> lines) {
        HistoryRecord written = HistoryRecord.of(lines);
        assertThat(HistoryRecord.parse(written.encode())).isEqualTo(written);
        assertThat(written.lines()).isEqualTo(lines);
        assertThat(written.timeline())
                .isEqualTo(lines.isEmpty() ? 1 : lines.get(lines.size() - 1).timeline() + 1);
    }

    @Provide
    Arbitrary<Line> line() {
        Arbitrary<Optional<String>> times = Arbitraries.strings().optional();
        return Combinators.combine(
                        Arbitraries.longs().between(1, Integer.MAX_VALUE),
                        Arbitraries.longs(),
                        Arbitraries.strings(),
                        times,
                        name().optional())
                .as((timeline, lsn, reason, time, leader) ->
                        new Line(timeline, lsn, reason, time, leader.filter(known -> time.isPresent())));
    }

    @Provide
    Arbitrary<String> name() {
        return Arbitraries.strings().withChars("abcXYZ019-_.ü€").ofMinLength(1).ofMaxLength(6);
    }

    @Provide
    Arbitrary<Optional<String>> names() {
        return name().optional();
    }

    @Provide
    Arbitrary<Object> values() {
        return Arbitraries.oneOf(
                Arbitraries.longs(),
                Arbitraries.bigDecimals(),
                Arbitraries.strings(),
                Arbitraries.of(true, false),
                Arbitraries.of(
                        Optional.empty(),
                        JsonObject.EMPTY,
                        List.of(1, "a", List.of()),
                        "67108960",
                        "[\"pg1\"]",
                        "2030-01-02T03:04:05+01:00",
                        "pg1,,pg2 ",
                        JsonObject.EMPTY.with("clonefrom", "yes")));
    }

    @Provide
    Arbitrary<JsonObject> objects() {
        Arbitrary<String> fields = Arbitraries.of(
                "conn_url",
                "api_url",
                "state",
                "role",
                "version",
                "tags",
                "xlog_location",
                "replay_lsn",
                "timeline",
                "pause",
                "optime",
                "slots",
                "retain_slots",
                "leader",
                "member",
                "scheduled_at",
                "quorum",
                "sync_standby",
                "host",
                "port",
                "lsn",
                "sysid");
        return Combinators.combine(fields, values())
                .as(Map::entry)
                .list()
                .ofMaxSize(8)
                .map(entries -> {
                    JsonObject object = JsonObject.EMPTY;
                    for (Map.Entry<String, Object> entry : entries) {
                        object = object.with(
                                entry.getKey(),
                                Json.node(entry.getValue()).isNull()
                                        ? Optional.of(Optional.empty())
                                        : Optional.of(entry.getValue()));
                    }
                    return object;
                });
    }

    @Provide
    Arbitrary<String> lists() {
        return values().list().ofMaxSize(6).list().ofMaxSize(4).map(lines -> Json.text(Json.node(lines)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

class RecordsTest {
    static final long LARGEST = Long.MAX_VALUE;

    @Property
    void aMemberComesBack(
            @ForAll String connUrl, @ForAll String state, @ForAll Optional<@LongRange(max = LARGEST) Long> location) {
        MemberRecord written = new MemberRecord(
                connUrl,
                "http://h:8008/patroni",
                state,
                "replica",
                "4.0.0",
                location,
                Optional.of(3L),
                JsonObject.EMPTY);
        MemberRecord read = MemberRecord.parse(written.encode());
        assertThat(read.connUrl()).isEqualTo(connUrl);
        assertThat(read.state()).isEqualTo(state);
        assertThat(read.xlogLocation()).isEqualTo(location);
        assertThat(read.timeline()).hasValue(3L);
        assertThat(MemberRecord.parse(read.encode())).isEqualTo(read);
    }

    @Example
    void aMembersUnknownFieldsAndTheirOrderSurvive() {
        String patroni = "{\"conn_url\":\"postgres://h:5433/postgres\",\"api_url\":\"http://h:8008/patroni\","
                + "\"state\":\"running\",\"role\":\"primary\",\"version\":\"4.0.4\",\"tags\":{\"nosync\":true},"
                + "\"xlog_location\":67108960,\"timeline\":1,\"pending_restart\":true}";
        MemberRecord member = MemberRecord.parse(patroni);
        assertThat(member.encode()).isEqualTo(patroni);
        assertThat(member.address()).hasValue(new Address("h", 5433));
    }

    @Example
    void oldFormsOfAMemberAreRead() {
        assertThat(MemberRecord.parse("{\"role\":\"master\"}").role()).isEqualTo("primary");
        MemberRecord url = MemberRecord.parse("postgres://h:5432/p?application_name=http://h:8008/patroni");
        assertThat(url.connUrl()).isEqualTo("postgres://h:5432/p");
        assertThat(url.apiUrl()).isEqualTo("http://h:8008/patroni");
    }

    @Property
    void aSiteComesBack(
            @ForAll @StringLength(min = 1, max = 20) String member,
            @ForAll @IntRange(min = 1, max = 65535) int port,
            @ForAll Optional<@LongRange(max = LARGEST) Long> lsn) {
        SiteRecord written = new SiteRecord(
                new Address("10.0.0.1", port),
                member,
                "primary",
                Optional.empty(),
                Optional.of(2L),
                lsn,
                JsonObject.EMPTY);
        SiteRecord read = SiteRecord.parse(written.encode());
        assertThat(read.address().port()).isEqualTo(port);
        assertThat(read.member()).isEqualTo(member);
        assertThat(read.lsn()).isEqualTo(lsn);
        assertThat(SiteRecord.parse(read.encode())).isEqualTo(read);
    }

    @Example
    void theOriginalsSiteIsRead() {
        SiteRecord site = SiteRecord.parse("{\"host\":\"10.0.0.1\",\"port\":5432}");
        assertThat(site.address()).hasToString("10.0.0.1:5432");
        assertThat(site.lsn()).isEmpty();
    }

    @Example
    void aPortOutOfRangeIsCorrupt() {
        for (String port : new String[] {"0", "-1", "65536", "999999999999999999", "-999999999999999999"}) {
            assertThatThrownBy(() -> SiteRecord.parse("{\"host\":\"h\",\"port\":" + port + "}"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Property
    void aStatusComesBack(@ForAll @LongRange(max = LARGEST) long optime, @ForAll @LongRange(max = 1000) long timeline) {
        StatusRecord read =
                StatusRecord.parse(new StatusRecord(optime, Optional.of(timeline), JsonObject.EMPTY).encode());
        assertThat(read.optime()).isEqualTo(optime);
        assertThat(read.timeline()).hasValue(timeline);
        assertThat(StatusRecord.parse(read.encode())).isEqualTo(read);
        assertThat(StatusRecord.parse(String.valueOf(optime)).optime()).isEqualTo(optime);
    }

    @Example
    void aStatusShowsTheTermOfTheSiteThatToldIt() {
        StatusRecord read =
                StatusRecord.parse(StatusRecord.of(5).toldBy("fra", 17).encode());
        assertThat(read.localTermOf("fra")).contains(17L);
        assertThat(read.localTermOf("ams")).isEmpty();
        assertThat(StatusRecord.of(5).localTermOf("fra")).isEmpty();
    }

    @Example
    void aStatussSlotsSurvive() {
        String patroni = "{\"optime\":67108960,\"slots\":{\"n2\":67108960},\"retain_slots\":[\"n2\"]}";
        assertThat(StatusRecord.parse(patroni).encode()).isEqualTo(patroni);
    }

    @Example
    void initializeIsPlainOrAnObject() {
        assertThat(InitializeRecord.parse("").systemIdentifier()).isEmpty();
        InitializeRecord known = InitializeRecord.parse("7000000000000000001");
        assertThat(known.encode()).isEqualTo("7000000000000000001");
        assertThat(InitializeRecord.parse(known.encodeForGroup("fra"))).isEqualTo(known);
        assertThatThrownBy(() -> InitializeRecord.parse("123")).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void aSwitchoverComesBack(
            @ForAll @StringLength(min = 1) String site,
            @ForAll @LongRange(max = 99) long timeline,
            @ForAll @LongRange(max = LARGEST) long lsn) {
        SiteSwitchover requested = SiteSwitchover.requested(site);
        assertThat(SiteSwitchover.parse(requested.encode()).orElseThrow().stopped())
                .isEmpty();
        SiteSwitchover stopped = requested.stoppedAt(new Stopped(timeline, lsn), "b1");
        SiteSwitchover read = SiteSwitchover.parse(stopped.encode()).orElseThrow();
        assertThat(read.targetSite()).isEqualTo(site);
        assertThat(read.stopped()).isEqualTo(stopped.stopped());
        assertThat(read.targetMember()).contains("b1");
    }

    @Example
    void noSwitchoverHasSeveralSpellings() {
        for (String none :
                new String[] {"", " ", SiteSwitchover.NONE, "{\"target_site\":null}", "{\"target_site\":\"\"}"}) {
            assertThat(SiteSwitchover.parse(none)).as(none).isEmpty();
        }
    }

    @Example
    void historyGrowsAndKeepsWhatItDoesNotKnow() {
        String foreign = "[{\"last_leader\":\"fra\",\"extra\":1},7]";
        SiteHistory history = SiteHistory.parse(foreign);
        assertThat(history.lastLeader()).isEmpty();
        SiteHistory longer = history.append(new SiteHistory.Entry("ams", 2, "takeover", Instant.ofEpochSecond(0), 42));
        assertThat(longer.encode()).startsWith(foreign.substring(0, foreign.length() - 1));
        assertThat(SiteHistory.parse(longer.encode()).lastLeader()).hasValue("ams");
        assertThat(history.size()).isEqualTo(2);
        assertThat(longer.size()).isEqualTo(3);
    }

    @Example
    void addressesAreReadInAllForms() {
        assertThat(Address.parse("h:5433")).isEqualTo(new Address("h", 5433));
        assertThat(Address.parse("h")).isEqualTo(new Address("h", 5432));
        assertThat(Address.parse("[::1]:5433"))
                .isEqualTo(new Address("::1", 5433))
                .hasToString("[::1]:5433");
        assertThatThrownBy(() -> Address.parse("h:0")).isInstanceOf(IllegalArgumentException.class);
    }
}

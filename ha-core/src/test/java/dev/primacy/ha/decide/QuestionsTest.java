// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import static dev.primacy.ha.decide.Seen.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.TimelineHistory.End;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a member has to find out before it decides, when it has to decide again, and what it is called meanwhile. */
class QuestionsTest {
    private static final String ASKED = "{\"leader\":\"me\",\"member\":\"other\"}";
    private static final Duration TOO_LONG = Duration.ofSeconds(301);
    private static final SiteStanding STANDBY = new SiteStanding.Standby("ams", Optional.empty());

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource
    void asksPeers(String scenario, Seen seen, boolean expected) {
        assertThat(seen.asksPeers()).isEqualTo(expected);
    }

    static List<Arguments> asksPeers() {
        return List.of(
                row("nobody leads", new Seen().noLeader(), true),
                row(
                        "nobody leads, and it is busy joining",
                        new Seen().noLeader().joining(OTHER),
                        false),
                row("a person has named another", new Seen().noLeader().asked("{\"member\":\"other\"}"), true),
                row("a person has named this member", new Seen().noLeader().asked("{\"member\":\"me\"}"), false),
                row("there is no server that could lead", new Seen().noLeader().state(State.STARTING), false),
                row("the store does not answer", new Seen().noLeader().unreachable(), false),
                row("another leads", new Seen(), false),
                row("this member leads", new Seen().leading().primary(), false),
                row("it cannot start", new Seen().leading().stoppedPrimary().notServingFor(TOO_LONG), true),
                row("it is busy starting", new Seen().leading().acting(true).notServingFor(TOO_LONG), false),
                row("another cannot, as far as this one sees", new Seen().notServingFor(TOO_LONG), false),
                row("it has stopped for a switchover", stopped().asked(ASKED), true),
                row("it has stopped for nobody", stopped(), false),
                row(
                        "it has crashed before",
                        new Seen().leading().stoppedPrimary().asked(ASKED),
                        false),
                row(
                        "it has not stopped yet",
                        new Seen().leading().primary().cleanly().asked(ASKED),
                        false),
                row("another has stopped", new Seen().stoppedPrimary().cleanly().asked(ASKED), false));
    }

    private static Seen stopped() {
        return new Seen().leading().stoppedPrimary().cleanly();
    }

    @Test
    void aPrimaryReadsItsTimelinesOnceTheStatusShowsTheLast() {
        Seen untold = new Seen().leading().primary();
        assertThat(Decisions.asksTimelines(untold.build())).isTrue();
        assertThat(Decisions.asksTimelines(new Seen().leading().build())).isFalse();
        assertThat(Decisions.asksTimelines(untold.record(RecordKey.STATUS, "{\"optime\":5000,\"timeline\":2}")
                        .build()))
                .isFalse();
        assertThat(Decisions.asksTimelines(new Seen()
                        .leading()
                        .primary()
                        .timelines(new End(2, new Lsn(4000), "no recovery target specified"))
                        .record(RecordKey.HISTORY, "[[2,4000,\"none\",\"2026-01-01T00:00:00+00:00\",\"me\"]]")
                        .build()))
                .isFalse();
    }

    @Test
    void theNextRoundIsNoLaterThanWhatAPersonHasScheduled() {
        Order.Restart restart =
                new Order.Restart(Optional.empty(), Optional.empty(), false, Optional.empty(), JsonObject.EMPTY);
        String inAnHour = "{\"leader\":\"other\",\"member\":\"me\",\"scheduled_at\":\"2026-08-01T03:00:00+00:00\"}";
        assertThat(untilScheduled(new Seen())).isEmpty();
        assertThat(untilScheduled(new Seen().asked(inAnHour))).contains(Duration.ofHours(1));
        assertThat(untilScheduled(new Seen().asked(inAnHour).scheduled(restart, Duration.ofMinutes(1))))
                .contains(Duration.ofMinutes(1));
        assertThat(untilScheduled(new Seen().scheduled(restart, Duration.ZERO))).isEmpty();
        assertThat(untilScheduled(new Seen().scheduled(restart, Duration.ofSeconds(-1))))
                .isEmpty();
        assertThat(untilScheduled(new Seen().asked(inAnHour.replace("03:00", "02:00"))))
                .isEmpty();
        assertThat(untilScheduled(new Seen().asked(inAnHour.replace("03:00", "01:00"))))
                .isEmpty();
    }

    private static Optional<Duration> untilScheduled(Seen seen) {
        return Decisions.untilScheduled(seen.build());
    }

    @Test
    void membersAreCalledAsByPatroni() {
        assertThat(new Seen().state(State.NO_DATA).build().role()).isEqualTo("uninitialized");
        assertThat(new Seen().primary().build().role()).isEqualTo("primary");
        assertThat(new Seen().leading().primary().site(STANDBY).build().role()).isEqualTo("primary");
        assertThat(new Seen().leading().site(STANDBY).build().role()).isEqualTo("standby_leader");
        assertThat(new Seen().site(STANDBY).build().role()).isEqualTo("replica");
        assertThat(new Seen().leading().build().role()).isEqualTo("replica");
        assertThat(new Seen().leading().site(STANDBY).acting(true).build().role())
                .isEqualTo("promoted");
        assertThat(new Seen().leading().acting(false).build().role()).isEqualTo("replica");
        assertThat(new Seen().stoppedPrimary().build().role()).isEqualTo("demoted");
        assertThat(new Seen().state(State.STOPPED).build().role()).isEqualTo("replica");
    }

    @Test
    void slotsAreNamedAsByPatroni() {
        assertThat(Slots.ofMember("PG-1.eu_az09")).isEqualTo("pg_1_eu_az09");
        assertThat(Slots.ofMember("a b/:`{ü")).isEqualTo("au0032bu0047u0058u0096u0123u0252");
        assertThat(Slots.ofMember("x".repeat(63))).hasSize(63);
        assertThat(Slots.ofMember("x".repeat(64))).hasSize(63);
        assertThat(Slots.ofSite("Fra")).isEqualTo("site_fra");
    }

    private static Arguments row(String scenario, Seen seen, boolean expected) {
        return Arguments.of(scenario, seen, expected);
    }
}

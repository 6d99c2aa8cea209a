// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.record.JsonObject;
import dev.primacy.ha.ClusterConfigReader.Reading;
import dev.primacy.postgres.Upstream;
import dev.primacy.time.LeaseTiming;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ClusterConfigReaderTest {
    private static final ClusterConfig LAST = new ClusterConfig(
            LeaseTiming.of(Duration.ofSeconds(40), Duration.ofSeconds(8), Duration.ofSeconds(9)),
            77,
            true,
            Duration.ofSeconds(33),
            Duration.ofSeconds(44),
            false,
            true);
    private static final TimingLimits LIMITS =
            new TimingLimits(Optional.of(Duration.ofSeconds(60)), Optional.of(Duration.ofSeconds(25)));

    private static Reading read(String json) {
        return ClusterConfigReader.read(JsonObject.parse(json), LAST, LIMITS);
    }

    @Example
    void whatIsAbsentHasPatronisDefault() {
        assertThat(read("{}")).isEqualTo(new Reading(ClusterConfig.DEFAULT, List.of()));
        ClusterConfig usual = ClusterConfig.DEFAULT;
        assertThat(usual.timing().ttl()).isEqualTo(Duration.ofSeconds(30));
        assertThat(usual.maximumLag()).isEqualTo(1048576);
        assertThat(usual.startTimeout()).isEqualTo(Duration.ofMinutes(5));
    }

    @Example
    void readsPatronisNamesNumbersAndWords() {
        Reading reading = read("{\"ttl\":20,\"loop_wait\":\"2\",\"retry_timeout\":3.5,\"maximum_lag_on_failover\":0,"
                + "\"check_timeline\":\"On\",\"primary_start_timeout\":60,\"primary_stop_timeout\":5,\"pause\":true,"
                + "\"postgresql\":{\"parameters\":{\"ttl\":1}},\"unknown\":[1]}");
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.config())
                .isEqualTo(new ClusterConfig(
                        LeaseTiming.of(Duration.ofSeconds(20), Duration.ofSeconds(2), Duration.ofMillis(3500)),
                        0,
                        true,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5),
                        false,
                        true));
    }

    @Example
    void theOldNamesCountWhereTheNewOnesAreAbsent() {
        assertThat(read("{\"master_start_timeout\":9,\"master_stop_timeout\":8}")
                        .config())
                .extracting(ClusterConfig::startTimeout, ClusterConfig::stopTimeout)
                .containsExactly(Duration.ofSeconds(9), Duration.ofSeconds(8));
        assertThat(read("{\"master_start_timeout\":9,\"primary_start_timeout\":7}")
                        .config()
                        .startTimeout())
                .isEqualTo(Duration.ofSeconds(7));
    }

    @Example
    void whatCannotBeUsedStaysAsItWasAndIsNamed() {
        Reading reading = read("{\"maximum_lag_on_failover\":\"1MB\",\"check_timeline\":\"perhaps\","
                + "\"primary_start_timeout\":\"soon\",\"primary_stop_timeout\":-1,\"pause\":{},\"loop_wait\":1}");
        assertThat(reading.problems())
                .containsExactlyInAnyOrder(
                        "maximum_lag_on_failover is no whole number of bytes: '1MB'",
                        "check_timeline is no boolean: 'perhaps'",
                        "primary_start_timeout is no number of seconds: 'soon'",
                        "primary_stop_timeout is no number of seconds: '-1'",
                        "pause is no boolean");
        assertThat(reading.config())
                .isEqualTo(new ClusterConfig(
                        LeaseTiming.of(Duration.ofSeconds(30), Duration.ofSeconds(1), Duration.ofSeconds(10)),
                        77,
                        true,
                        Duration.ofSeconds(33),
                        Duration.ofSeconds(44),
                        false,
                        true));
    }

    @Example
    void membersMayLeaveAFreeLockAloneForAWhile() {
        assertThat(read("{\"primary_race_backoff\":\"90\"}").config().raceBackoff())
                .isEqualTo(Duration.ofSeconds(90));
        assertThat(read("{}").config().raceBackoff()).isZero();
        assertThat(read("{\"primary_race_backoff\":\"long\"}").problems())
                .containsExactly("primary_race_backoff is no number of seconds: 'long'");
    }

    @Example
    void theHistoryMayBeKeptShort() {
        assertThat(read("{\"max_timelines_history\":\"5\"}").config().timelinesKept())
                .isEqualTo(5);
        assertThat(read("{}").config().timelinesKept()).isZero();
        assertThat(read("{\"max_timelines_history\":-1}").problems())
                .containsExactly("max_timelines_history is no whole number: '-1'");
    }

    @Example
    void aStandbyClusterNamesWhomItFollows() {
        assertThat(read("{\"standby_cluster\":{\"host\":\"db\",\"port\":\"6432\",\"primary_slot_name\":\"s\"}}")
                        .config()
                        .standbyOf())
                .hasValue(new Upstream("db", 6432, Optional.of("s")));
        assertThat(read("{\"standby_cluster\":{\"host\":\"db\",\"primary_slot_name\":\"\"}}")
                        .config()
                        .standbyOf())
                .hasValue(new Upstream("db", 5432, Optional.empty()));
        for (String none : List.of("{}", "{\"standby_cluster\":null}", "{\"standby_cluster\":{\"host\":\"\"}}")) {
            assertThat(read(none).problems()).isEmpty();
            assertThat(read(none).config().standbyOf()).isEmpty();
        }
    }

    @Example
    void aStandbyClusterThatCannotBeUsedStaysAsItWas() {
        assertThat(read("{\"standby_cluster\":\"db\"}").problems())
                .containsExactly("standby_cluster is no section of settings");
        assertThat(read("{\"standby_cluster\":{\"restore_command\":\"cp\"}}").problems())
                .containsExactly(
                        "standby_cluster: host is missing: a standby cluster that only restores an archive is not supported",
                        "standby_cluster: restore_command is not supported");
        Reading several = read("{\"standby_cluster\":{\"host\":\"a,b\",\"port\":70000}}");
        assertThat(several.problems())
                .containsExactly(
                        "standby_cluster: host 'a,b' names several: give one that leads to the primary",
                        "standby_cluster: port is no port: '70000'");
        assertThat(several.config().standbyOf()).isEqualTo(LAST.standbyOf());
    }

    @Example
    void theTimesOfTheLeaseMustFitEachOther() {
        Reading broken = read("{\"ttl\":20,\"maximum_lag_on_failover\":5}");
        assertThat(broken.problems())
                .containsExactly("loop_wait 10.0 s + 2 * retry_timeout 10.0 s = 30.0 s exceeds ttl 20.0 s");
        assertThat(broken.config().timing()).isEqualTo(LAST.timing());
        assertThat(broken.config().maximumLag()).as("the rest counts").isEqualTo(5);
        assertThat(read("{\"ttl\":\"x\",\"loop_wait\":1,\"retry_timeout\":1}")
                        .config()
                        .timing())
                .isEqualTo(LAST.timing());
    }

    @Example
    void theClustersLeaseMayNotOutlastThatOfItsSite() {
        assertThat(read("{\"ttl\":60}").problems()).isEmpty();
        Reading longer = read("{\"ttl\":61}");
        assertThat(longer.problems().toString()).contains("ttl 61 s exceeds multisite.ttl 60 s");
        assertThat(longer.config().timing()).isEqualTo(LAST.timing());
    }

    /** Else the watchdog would reset the host of a leader that renews in time. */
    @Example
    void aLeaderRenewsMoreOftenThanItsWatchdogWaits() {
        assertThat(read("{\"ttl\":60,\"loop_wait\":25}").problems()).isEmpty();
        Reading rarer = read("{\"ttl\":60,\"loop_wait\":26}");
        assertThat(rarer.problems().toString()).contains("loop_wait 26 s exceeds the 25 s that the watchdog");
        assertThat(rarer.config().timing()).isEqualTo(LAST.timing());
    }

    /** A watchdog's time to reset the host comes off every right, whatever its ttl. */
    @Example
    void theSlackOfThisMemberHoldsForEveryTtl() {
        ClusterConfig slack = LAST.with(LAST.timing().withMargin(Duration.ofSeconds(7)));
        Reading longer = ClusterConfigReader.read(JsonObject.parse("{\"ttl\":60}"), slack, LIMITS);
        assertThat(longer.config().timing().margin()).isEqualTo(slack.timing().margin());
        assertThat(longer.config().timing().ttl()).isEqualTo(Duration.ofSeconds(60));
        Reading shorter = ClusterConfigReader.read(
                JsonObject.parse("{\"ttl\":10,\"loop_wait\":3,\"retry_timeout\":3}"), slack, LIMITS);
        assertThat(shorter.problems().toString()).contains("leave nothing of ttl 10.0 s");
        assertThat(shorter.config().timing()).isEqualTo(slack.timing());
    }

    /** Whatever anybody writes: what comes out can be used, and is what it was where something is wrong. */
    @Property(tries = 2000)
    void totalAndNeverInvalid(@ForAll("settings") Map<String, Object> settings) {
        Reading reading = ClusterConfigReader.read(JsonObject.of(settings), LAST, LIMITS);
        LeaseTiming timing = reading.config().timing();
        assertThat(LeaseTiming.problems(timing.ttl(), timing.renewEvery(), timing.requestTimeout()))
                .isEmpty();
        assertThat(timing.ttl()).isLessThanOrEqualTo(Duration.ofSeconds(60));
        assertThat(timing.renewEvery()).isLessThanOrEqualTo(Duration.ofSeconds(25));
        assertThat(reading.config().startTimeout()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(reading.config().stopTimeout()).isPositive();
        if (reading.problems().stream().anyMatch(problem -> problem.startsWith("ttl "))) {
            assertThat(timing).isEqualTo(LAST.timing());
        }
    }

    @Provide
    Arbitrary<Map<String, Object>> settings() {
        Arbitrary<String> names = Arbitraries.of(
                "ttl",
                "loop_wait",
                "retry_timeout",
                "maximum_lag_on_failover",
                "check_timeline",
                "primary_start_timeout",
                "master_stop_timeout",
                "pause");
        Arbitrary<Object> values = Arbitraries.oneOf(
                Arbitraries.integers().between(-2, 70).map(Object.class::cast),
                Arbitraries.of("", "on", "no", "7", "1e9", "0x10", "99999999999999999999", "\u0000", true, false),
                Arbitraries.doubles().between(-1, 100).map(Object.class::cast),
                Arbitraries.strings().ofMaxLength(5).map(Object.class::cast));
        return Arbitraries.maps(names, values);
    }
}

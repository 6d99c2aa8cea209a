// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import static dev.primacy.ha.decide.Seen.FOREIGN;
import static dev.primacy.ha.decide.Seen.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rows of what a person asks of a member: one named scenario each. */
class OrderedTest {
    private static final SiteStanding LEADER = new SiteStanding.Leader(4, Optional.of(Seen.SYSTEM), Set.of("ams"));
    private static final SiteStanding STANDBY = new SiteStanding.Standby("ams", Optional.of(Seen.REMOTE));
    private static final SiteStanding HANDING = new SiteStanding.HandingOver("ams", Optional.of("m1"));
    private static final SiteStanding UNKNOWN = new SiteStanding.Unknown("no news");
    private static final Order.Restart RESTART = restart(Optional.empty(), Optional.empty(), false);
    private static final Order ANEW = new Order.Reinitialize(false, false);
    private static final Order FORCED = new Order.Reinitialize(true, false);
    private static final Order RELOAD = new Order.Reload();
    private static final String RUNNING_REPLICA =
            "{\"conn_url\":\"postgres://10.0.0.3:5432/postgres\",\"state\":\"running\",\"role\":\"replica\","
                    + "\"tags\":{\"clonefrom\":true}}";

    private static Order.Restart restart(Optional<String> role, Optional<Integer> olderThan, boolean ifPending) {
        return new Order.Restart(role, olderThan, ifPending, Optional.empty(), JsonObject.EMPTY);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"restarts", "filters", "scheduled", "reinitializes", "reloads"})
    void decides(String scenario, Seen seen, Class<?> expected, String reason) {
        Decision decision = seen.decide();
        assertThat(decision).isInstanceOf(expected);
        assertThat(decision.reason()).contains(reason);
        assertThat(seen.decide()).isEqualTo(decision);
    }

    private static Arguments row(String scenario, Seen seen, Class<?> expected, String reason) {
        return Arguments.of(scenario, seen, expected, reason);
    }

    private static Arguments denied(String scenario, Seen seen, String reason) {
        return row(scenario, seen, Decision.Deny.class, reason);
    }

    static List<Arguments> restarts() {
        return List.of(
                row(
                        "a primary with the lock is restarted",
                        new Seen().leading().primary().ordered(RESTART),
                        Decision.Restart.class,
                        "as asked for"),
                row(
                        "so is one of the leader site",
                        new Seen().leading().primary().site(LEADER).ordered(RESTART),
                        Decision.Restart.class,
                        "as asked for"),
                row(
                        "a primary without the lock stops, whatever is asked",
                        new Seen().primary().ordered(RESTART),
                        Decision.Stop.class,
                        "demoting"),
                row(
                        "a primary whose site's standing is unknown stops",
                        new Seen().leading().primary().site(UNKNOWN).ordered(RESTART),
                        Decision.Stop.class,
                        "demoting"),
                row(
                        "handing over goes first",
                        new Seen().leading().primary().site(HANDING).ordered(RESTART),
                        Decision.HandOver.class,
                        "multisite"),
                row(
                        "a switchover that was asked for goes first",
                        new Seen()
                                .leading()
                                .primary()
                                .fedTo(5000)
                                .asked("{\"leader\":\"me\",\"member\":\"other\"}")
                                .ordered(RESTART),
                        Decision.HandOver.class,
                        "switchover"),
                row(
                        "the record of the founding goes first",
                        new Seen()
                                .leading()
                                .primary()
                                .without(RecordKey.INITIALIZE)
                                .ordered(RESTART),
                        Decision.Write.class,
                        "initialized"),
                row(
                        "a promotion goes first",
                        new Seen().leading().ordered(RESTART),
                        Decision.Promote.class,
                        "promoted"),
                denied(
                        "a primary is not restarted while the store does not answer",
                        new Seen().leading().primary().unreachable().ordered(RESTART),
                        "DCS is not accessible"),
                row("a standby is restarted", new Seen().ordered(RESTART), Decision.Restart.class, "as asked for"),
                row(
                        "also without the store",
                        new Seen().unreachable().ordered(RESTART),
                        Decision.Restart.class,
                        "as asked for"),
                row(
                        "also one that joins in vain",
                        new Seen().silentFor(Duration.ofSeconds(5)).ordered(RESTART),
                        Decision.Restart.class,
                        "as asked for"),
                row(
                        "also a standby leader",
                        new Seen()
                                .leading()
                                .site(STANDBY)
                                .following(
                                        new Upstream(Seen.REMOTE.host(), Seen.REMOTE.port(), Optional.of("site_fra")))
                                .ordered(RESTART),
                        Decision.Restart.class,
                        "as asked for"),
                row("also in a pause", new Seen().paused().ordered(RESTART), Decision.Restart.class, "as asked for"),
                row(
                        "a primary also in a pause",
                        new Seen().leading().primary().paused().ordered(RESTART),
                        Decision.Restart.class,
                        "as asked for"),
                row(
                        "a stopped standby is started in a pause",
                        new Seen().state(State.STOPPED).paused().ordered(RESTART),
                        Decision.Restart.class,
                        "as asked for"),
                row(
                        "one that hangs is restarted",
                        new Seen().state(State.UNRESPONSIVE).ordered(RESTART),
                        Decision.Restart.class,
                        "as asked for"),
                denied(
                        "a stopped server is started anyway",
                        new Seen().state(State.STOPPED).ordered(RESTART),
                        "does not run"),
                denied(
                        "a leader's server that starts is waited for",
                        new Seen().leading().state(State.STARTING).ordered(RESTART),
                        "starting up"),
                denied(
                        "there is nothing to restart",
                        new Seen().state(State.NO_DATA).ordered(RESTART),
                        "no database here"),
                denied(
                        "data of another cluster is not started in a pause either",
                        new Seen().system(FOREIGN).state(State.STOPPED).paused().ordered(RESTART),
                        "system ID mismatch"),
                denied(
                        "one long action at a time",
                        new Seen().acting(false).ordered(RESTART),
                        "promote already in progress"),
                row(
                        "the action that lost its right is cancelled first",
                        new Seen().acting(true).ordered(RESTART),
                        Decision.Cancel.class,
                        "lost the right"));
    }

    static List<Arguments> filters() {
        Seen standby = new Seen();
        return List.of(
                row(
                        "the role fits",
                        new Seen().ordered(restart(Optional.of("replica"), Optional.empty(), false)),
                        Decision.Restart.class,
                        ""),
                denied(
                        "the role does not fit",
                        standby.ordered(restart(Optional.of("primary"), Optional.empty(), false)),
                        "restart conditions are not satisfied"),
                row(
                        "the version is older",
                        new Seen().ordered(restart(Optional.empty(), Optional.of(150019), false)),
                        Decision.Restart.class,
                        ""),
                denied(
                        "the version is not older",
                        new Seen().ordered(restart(Optional.empty(), Optional.of(150018), false)),
                        "restart conditions are not satisfied"),
                row(
                        "something waits for a restart",
                        new Seen().needsRestart().ordered(restart(Optional.empty(), Optional.empty(), true)),
                        Decision.Restart.class,
                        ""),
                denied(
                        "nothing waits for a restart",
                        new Seen().ordered(restart(Optional.empty(), Optional.empty(), true)),
                        "restart conditions are not satisfied"));
    }

    static List<Arguments> scheduled() {
        return List.of(
                row(
                        "what is scheduled for later waits",
                        new Seen().leading().primary().scheduled(RESTART, Duration.ofSeconds(1)),
                        Decision.Lead.class,
                        ""),
                row(
                        "what is due is done",
                        new Seen().leading().primary().scheduled(RESTART, Duration.ZERO),
                        Decision.Restart.class,
                        "as scheduled"),
                row(
                        "what was missed by a moment is done",
                        new Seen().scheduled(RESTART, Duration.ofSeconds(-2)),
                        Decision.Restart.class,
                        "as scheduled"),
                row(
                        "what was missed by far is forgotten",
                        new Seen().scheduled(RESTART, Duration.ofSeconds(-10)),
                        Decision.Unschedule.class,
                        "too long ago"),
                row(
                        "another start of the server was not meant",
                        new Seen().scheduled(RESTART, Duration.ofSeconds(60), "before"),
                        Decision.Unschedule.class,
                        "has been restarted"),
                row(
                        "what does not hold is forgotten when it is due",
                        new Seen().scheduled(restart(Optional.of("primary"), Optional.empty(), false), Duration.ZERO),
                        Decision.Unschedule.class,
                        "conditions"),
                row(
                        "nothing scheduled happens in a pause",
                        new Seen().paused().scheduled(RESTART, Duration.ofSeconds(-2)),
                        Decision.Wait.class,
                        ""),
                row(
                        "nor beside another action",
                        new Seen().acting(false).scheduled(RESTART, Duration.ZERO),
                        Decision.Wait.class,
                        "in progress"),
                row(
                        "a right that has ended goes first",
                        new Seen().primary().scheduled(RESTART, Duration.ZERO),
                        Decision.Stop.class,
                        "demoting"));
    }

    static List<Arguments> reinitializes() {
        return List.of(
                row("a standby is copied anew", new Seen().ordered(ANEW), Decision.Reinitialize.class, "from 'other'"),
                row(
                        "from a member that offers it",
                        new Seen().third(RUNNING_REPLICA).ordered(ANEW),
                        Decision.Reinitialize.class,
                        "from 'third'"),
                row(
                        "unless the leader is asked for",
                        new Seen().third(RUNNING_REPLICA).ordered(new Order.Reinitialize(false, true)),
                        Decision.Reinitialize.class,
                        "from 'other'"),
                row(
                        "a stopped one too",
                        new Seen().state(State.STOPPED).ordered(ANEW),
                        Decision.Reinitialize.class,
                        "from 'other'"),
                row(
                        "in a pause too",
                        new Seen().state(State.STOPPED).paused().ordered(ANEW),
                        Decision.Reinitialize.class,
                        "from 'other'"),
                row(
                        "an empty one is copied",
                        new Seen().state(State.NO_DATA).paused().ordered(ANEW),
                        Decision.Reinitialize.class,
                        "from 'other'"),
                denied(
                        "never the leader",
                        new Seen().leading().primary().ordered(FORCED),
                        "I am the leader, can not reinitialize"),
                denied(
                        "never a leader that is a standby",
                        new Seen()
                                .leading()
                                .site(STANDBY)
                                .following(
                                        new Upstream(Seen.REMOTE.host(), Seen.REMOTE.port(), Optional.of("site_fra")))
                                .ordered(FORCED),
                        "I am the leader"),
                row(
                        "never a primary, also where the lock is gone",
                        new Seen().noLeader().primary().ordered(FORCED),
                        Decision.Stop.class,
                        "demoting"),
                row(
                        "never the holder of a former session",
                        new Seen().lockOfFormerSession().ordered(FORCED),
                        Decision.Acquire.class,
                        "former session"),
                row(
                        "never without a leader: it may be the only copy",
                        new Seen().noLeader().ordered(FORCED),
                        Decision.Acquire.class,
                        "healthiest"),
                denied(
                        "nor where there is none and others go first",
                        new Seen().noLeader().tagged("{\"nofailover\":true}").ordered(FORCED),
                        "Cluster has no leader, can not reinitialize"),
                denied("never without the store", new Seen().unreachable().ordered(FORCED), "DCS is not accessible"),
                denied(
                        "never while the leader shows no server",
                        new Seen().otherIsStopped().ordered(FORCED),
                        "does not show a running server"),
                denied(
                        "never while the leader has no address",
                        new Seen()
                                .member("{\"state\":\"running\",\"role\":\"primary\"}")
                                .ordered(FORCED),
                        "does not show a running server"),
                denied(
                        "never before the cluster has a database",
                        new Seen().without(RecordKey.INITIALIZE).ordered(FORCED),
                        "no database yet"),
                row(
                        "never the data of another cluster",
                        new Seen().system(FOREIGN).ordered(FORCED),
                        Decision.Refuse.class,
                        "system ID mismatch"),
                denied(
                        "not in a pause either",
                        new Seen().system(FOREIGN).paused().ordered(FORCED),
                        "system ID mismatch"),
                row(
                        "never what nobody knows",
                        new Seen().state(State.BROKEN_DATA).ordered(FORCED),
                        Decision.Refuse.class,
                        "no usable database"),
                denied(
                        "not in a pause either, what nobody knows",
                        new Seen().state(State.BROKEN_DATA).paused().ordered(FORCED),
                        "not known whose"),
                denied("one long action at a time", new Seen().acting(false).ordered(ANEW), "already in progress"),
                row("unless it is forced", new Seen().acting(false).ordered(FORCED), Decision.Cancel.class, "forced"),
                denied(
                        "but never against an action of the leader",
                        new Seen().leading().acting(true).ordered(FORCED),
                        "already in progress"));
    }

    static List<Arguments> reloads() {
        return List.of(
                row(
                        "a primary reads its settings",
                        new Seen().leading().primary().ordered(RELOAD),
                        Decision.Reload.class,
                        ""),
                row("so does a standby", new Seen().ordered(RELOAD), Decision.Reload.class, ""),
                denied(
                        "a stopped server reads them later",
                        new Seen().state(State.STOPPED).ordered(RELOAD),
                        "when it starts"));
    }

    @Test
    void aRestartKeepsWhatTheServerIs() {
        Decision.Restart primary = (Decision.Restart)
                new Seen().leading().primary().ordered(RESTART).decide();
        assertThat(primary.primary()).isTrue();
        Decision.Restart standby =
                (Decision.Restart) new Seen().ordered(RESTART).decide();
        assertThat(standby.primary()).isFalse();
        assertThat(standby.upstream()).contains(OTHER);
    }
}

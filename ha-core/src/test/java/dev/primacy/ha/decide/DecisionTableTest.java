// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import static dev.primacy.ha.decide.Seen.FOREIGN;
import static dev.primacy.ha.decide.Seen.FORMER;
import static dev.primacy.ha.decide.Seen.NOW;
import static dev.primacy.ha.decide.Seen.OTHER;
import static dev.primacy.ha.decide.Seen.REMOTE;
import static dev.primacy.ha.decide.Seen.SYSTEM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Version;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.Postgres.StopMode;
import dev.primacy.postgres.PostgresStatus.Standby;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One named scenario a row. */
class DecisionTableTest {
    private static final SiteStanding LEADER = new SiteStanding.Leader(4, Optional.of(SYSTEM), Set.of("ams"));
    private static final SiteStanding FOUNDER = new SiteStanding.Leader(1, Optional.empty(), Set.of());
    private static final SiteStanding LEADER_OF_OTHER = new SiteStanding.Leader(4, Optional.of(FOREIGN), Set.of("ams"));
    private static final SiteStanding FOREIGN_HERE = new SiteStanding.Foreign(FOREIGN, SYSTEM);
    private static final SiteStanding FOREIGN_BEFORE = new SiteStanding.Foreign(SYSTEM, FOREIGN);
    private static final SiteStanding STANDBY = new SiteStanding.Standby("ams", Optional.of(REMOTE));
    private static final Upstream REMOTE_CLUSTER = new Upstream("10.0.9.9", 6432, Optional.of("here"));
    private static final SiteStanding STANDBY_BLIND = new SiteStanding.Standby("ams", Optional.empty());
    private static final SiteStanding UNKNOWN = new SiteStanding.Unknown("no news");
    private static final SiteStanding HANDING = new SiteStanding.HandingOver("ams", Optional.of("m1"));
    private static final SiteStanding BEHIND = new SiteStanding.Behind("101 bytes are missing here");
    private static final Upstream REMOTE_UPSTREAM = new Upstream(REMOTE.host(), REMOTE.port(), Optional.of("site_fra"));

    @ParameterizedTest(name = "{0}")
    @MethodSource({
        "rights",
        "holder",
        "others",
        "nobody",
        "refusals",
        "founding",
        "unused",
        "settings",
        "asked",
        "paused",
        "tagged",
        "startTimeout",
        "failsafe",
        "standbyCluster",
        "backoff"
    })
    void decides(String scenario, Seen seen, Object expected) {
        Decision decision = seen.decide();
        if (expected instanceof Class<?> kind) {
            assertThat(decision).isInstanceOf(kind);
        } else {
            assertThat(List.of(decision.getClass(), decision.target())).isEqualTo(expected);
        }
        assertThat(decision.reason()).isNotBlank();
        assertThat(seen.decide()).isEqualTo(decision);
    }

    private static List<Object> to(Class<?> kind, Upstream upstream) {
        return List.of(kind, Optional.of(upstream));
    }

    static List<Arguments> rights() {
        return List.of(
                row("a primary with the lock leads", new Seen().leading().primary(), Decision.Lead.class),
                row(
                        "a primary of the leader site leads",
                        new Seen().leading().primary().site(LEADER),
                        Decision.Lead.class),
                row("a primary without the lock stops", new Seen().primary(), Decision.Stop.class),
                row(
                        "a primary stops when nobody leads either",
                        new Seen().noLeader().primary(),
                        Decision.Stop.class),
                row(
                        "a primary whose site's standing is unknown stops",
                        new Seen().leading().primary().site(UNKNOWN),
                        Decision.Stop.class),
                row(
                        "a primary in a standby site stops",
                        new Seen().leading().primary().site(STANDBY),
                        Decision.Stop.class),
                row("a primary hands over", new Seen().leading().primary().site(HANDING), Decision.HandOver.class),
                row(
                        "handing over without the lock is a plain stop",
                        new Seen().primary().site(HANDING),
                        Decision.Stop.class),
                row(
                        "a primary with its lease goes on without the store",
                        new Seen().leading().primary().unreachable(),
                        Decision.Lead.class),
                row(
                        "a primary without its lease stops without the store",
                        new Seen().primary().unreachable(),
                        Decision.Stop.class),
                row(
                        "a former primary that starts without a right is stopped",
                        new Seen().state(State.STARTING).wasPrimaryInThisTerm(),
                        Decision.Stop.class),
                row("a promotion that lost its right is cancelled", new Seen().acting(true), Decision.Cancel.class),
                row("a promotion with its right goes on", new Seen().leading().acting(true), Decision.Wait.class),
                row("other work goes on without the right", new Seen().acting(false), Decision.Wait.class),
                row(
                        "an answer of the leader is waited for",
                        new Seen().silentFor(Duration.ofSeconds(5)).joining(OTHER),
                        Decision.Wait.class),
                row(
                        "and of one to follow for the first time",
                        new Seen().state(State.STOPPED).joining(OTHER),
                        Decision.Wait.class),
                row(
                        "even if it streams again meanwhile",
                        new Seen().following(OTHER).joining(OTHER),
                        Decision.Wait.class),
                row("but not while nobody leads", new Seen().noLeader().joining(OTHER), Decision.GiveUp.class),
                row(
                        "also if it does not run",
                        new Seen().noLeader().stoppedPrimary().joining(OTHER),
                        Decision.GiveUp.class),
                row("nor when another leads", new Seen().following(FORMER).joining(FORMER), Decision.GiveUp.class),
                row(
                        "without the store it is waited for",
                        new Seen().unreachable().joining(FORMER),
                        Decision.Wait.class),
                row("an unguarded standby is restarted", new Seen().unguarded(), Decision.Stop.class),
                row(
                        "an unguarded primary is restarted even with the lock",
                        new Seen().leading().primary().unguarded(),
                        Decision.Stop.class));
    }

    static List<Arguments> holder() {
        return List.of(
                row("the holder promotes its standby", new Seen().leading(), Decision.Promote.class),
                row(
                        "not if the cluster was on a later timeline",
                        new Seen().leading().at(2, 9000),
                        Decision.Release.class),
                row(
                        "in a group that is for all sites to say",
                        new Seen().leading().at(2, 9000).site(LEADER),
                        Decision.Promote.class),
                row(
                        "the holder in the leader site promotes its standby",
                        new Seen().leading().site(LEADER),
                        Decision.Promote.class),
                row(
                        "the holder in an unknown site stays read-only",
                        new Seen().leading().site(UNKNOWN),
                        Decision.LeadStandby.class),
                row(
                        "the holder that lacks too much leaves the lock to another member",
                        new Seen().leading().site(BEHIND),
                        Decision.Release.class),
                row(
                        "the holder that lacks too much and is alone keeps the lock",
                        new Seen().leading().site(BEHIND).alone(),
                        Decision.LeadStandby.class),
                row(
                        "the holder in a handing site promotes nothing",
                        new Seen().leading().site(HANDING),
                        Decision.LeadStandby.class),
                row(
                        "the holder in a standby site follows the other site",
                        new Seen().leading().site(STANDBY),
                        to(Decision.Rejoin.class, REMOTE_UPSTREAM)),
                row(
                        "the holder in a standby site goes on following",
                        new Seen().leading().site(STANDBY).following(REMOTE_UPSTREAM),
                        Decision.LeadStandby.class),
                row(
                        "a silent upstream is compared with",
                        new Seen()
                                .leading()
                                .site(STANDBY)
                                .following(REMOTE_UPSTREAM)
                                .silentFor(Duration.ofSeconds(5)),
                        to(Decision.Rejoin.class, REMOTE_UPSTREAM)),
                row(
                        "a crash in the same term restarts as primary",
                        new Seen().leading().stoppedPrimary().wasPrimaryInThisTerm(),
                        Decision.StartPrimary.class),
                row(
                        "a crash in another term starts read-only",
                        new Seen().leading().stoppedPrimary().remembers(Memory.EMPTY.ranAsPrimaryIn(6)),
                        Decision.StartStandby.class),
                row(
                        "a crash before this agent starts read-only",
                        new Seen().leading().stoppedPrimary(),
                        Decision.StartStandby.class),
                row(
                        "a stopped standby never restarts as primary",
                        new Seen().leading().state(State.STOPPED).wasPrimaryInThisTerm(),
                        Decision.StartStandby.class),
                row(
                        "stopped to hand over stays stopped",
                        new Seen()
                                .leading()
                                .stoppedPrimary()
                                .wasPrimaryInThisTerm()
                                .site(HANDING),
                        Decision.Wait.class),
                row(
                        "a crash in an unknown site starts read-only",
                        new Seen()
                                .leading()
                                .stoppedPrimary()
                                .wasPrimaryInThisTerm()
                                .site(UNKNOWN),
                        Decision.StartStandby.class),
                row(
                        "a crash in a standby site joins the other site",
                        new Seen()
                                .leading()
                                .stoppedPrimary()
                                .wasPrimaryInThisTerm()
                                .site(STANDBY),
                        to(Decision.Rejoin.class, REMOTE_UPSTREAM)),
                row(
                        "an empty holder founds an unfounded cluster",
                        new Seen().leading().without(RecordKey.INITIALIZE).state(State.NO_DATA),
                        Decision.Bootstrap.class),
                row(
                        "an empty holder founds the group's database",
                        new Seen()
                                .leading()
                                .without(RecordKey.INITIALIZE)
                                .state(State.NO_DATA)
                                .site(FOUNDER),
                        Decision.Bootstrap.class),
                row(
                        "an empty holder never founds a second one in the group",
                        new Seen()
                                .leading()
                                .without(RecordKey.INITIALIZE)
                                .state(State.NO_DATA)
                                .site(LEADER),
                        Decision.Release.class),
                row(
                        "an empty holder never founds a second one in the cluster",
                        new Seen().leading().state(State.NO_DATA),
                        Decision.Release.class),
                row(
                        "an empty holder in an unknown site waits",
                        new Seen()
                                .leading()
                                .without(RecordKey.INITIALIZE)
                                .state(State.NO_DATA)
                                .site(UNKNOWN),
                        Decision.Wait.class),
                row(
                        "an empty holder in a standby site copies",
                        new Seen()
                                .leading()
                                .without(RecordKey.INITIALIZE)
                                .state(State.NO_DATA)
                                .site(STANDBY),
                        to(Decision.Clone.class, REMOTE_UPSTREAM)),
                row(
                        "without the other site's address it waits",
                        new Seen()
                                .leading()
                                .without(RecordKey.INITIALIZE)
                                .state(State.NO_DATA)
                                .site(STANDBY_BLIND),
                        Decision.Wait.class),
                row(
                        "an empty holder that failed gives the lock up",
                        new Seen()
                                .leading()
                                .without(RecordKey.INITIALIZE)
                                .state(State.NO_DATA)
                                .remembers(Memory.EMPTY.lastAction(Optional.of("initdb"))),
                        Decision.Release.class),
                row(
                        "a holder that cannot start for long gives the lock up",
                        new Seen()
                                .leading()
                                .stoppedPrimary()
                                .notServingFor(Duration.ofSeconds(301))
                                .peer(has(5000)),
                        Decision.Release.class),
                row(
                        "a holder that hangs for long is stopped first",
                        new Seen()
                                .leading()
                                .state(State.UNRESPONSIVE)
                                .notServingFor(Duration.ofSeconds(301))
                                .peer(has(5000)),
                        Decision.Stop.class),
                row(
                        "a holder that starts is waited for",
                        new Seen().leading().state(State.STARTING),
                        Decision.Wait.class),
                row(
                        "the founding is recorded",
                        new Seen().leading().primary().without(RecordKey.INITIALIZE),
                        Decision.Write.class),
                row(
                        "a standby leader records it too",
                        new Seen().leading().site(STANDBY).without(RecordKey.INITIALIZE),
                        Decision.Write.class),
                row(
                        "the lock of a former session is taken over",
                        new Seen().lockOfFormerSession(),
                        Decision.Acquire.class),
                row(
                        "but not by a member that gave it up",
                        new Seen()
                                .lockOfFormerSession()
                                .remembers(Memory.EMPTY.noRaceUntil(NOW.plus(Duration.ofSeconds(1)))),
                        Decision.Wait.class));
    }

    static List<Arguments> others() {
        return List.of(
                row("a standby follows the leader", new Seen(), Decision.Wait.class),
                row(
                        "a standby of somebody else turns to the leader",
                        new Seen().following(REMOTE_UPSTREAM),
                        to(Decision.Rejoin.class, OTHER)),
                row(
                        "a silent standby compares histories",
                        new Seen().silentFor(Duration.ofSeconds(5)),
                        to(Decision.Rejoin.class, OTHER)),
                row(
                        "a standby that is silent for a moment waits",
                        new Seen().silentFor(Duration.ofSeconds(1)),
                        Decision.Wait.class),
                row("a stopped server joins the leader", new Seen().stoppedPrimary(), to(Decision.Rejoin.class, OTHER)),
                row(
                        "a stopped server waits out a failed join",
                        new Seen()
                                .stoppedPrimary()
                                .remembers(Memory.EMPTY.compared(NOW).lastAction(Optional.of("joining"))),
                        Decision.Wait.class),
                row(
                        "an empty member copies the leader",
                        new Seen().state(State.NO_DATA),
                        to(Decision.Clone.class, OTHER)),
                row(
                        "an empty member waits for an unfounded cluster",
                        new Seen().state(State.NO_DATA).without(RecordKey.INITIALIZE),
                        Decision.Wait.class),
                row(
                        "an empty member copies the leader of a standby site",
                        new Seen().state(State.NO_DATA).member(OTHER_RUNS + ",\"role\":\"standby_leader\"}"),
                        to(Decision.Clone.class, OTHER)),
                row(
                        "an empty member waits for a leader that is not promoted yet",
                        new Seen().state(State.NO_DATA).member(OTHER_RUNS + ",\"role\":\"replica\"}"),
                        Decision.Wait.class),
                row(
                        "an empty member waits for a leader that starts",
                        new Seen()
                                .state(State.NO_DATA)
                                .member(OTHER_RUNS.replace("running", "starting") + ",\"role\":\"primary\"}"),
                        Decision.Wait.class),
                row(
                        "a stopped server tries again when a failed join was long ago",
                        new Seen()
                                .stoppedPrimary()
                                .remembers(Memory.EMPTY
                                        .compared(NOW.minus(Duration.ofSeconds(2)))
                                        .lastAction(Optional.of("joining"))),
                        to(Decision.Rejoin.class, OTHER)),
                row(
                        "a silent standby that has compared a moment ago waits",
                        new Seen().silentFor(Duration.ofSeconds(5), NOW.minus(Duration.ofSeconds(1))),
                        Decision.Wait.class),
                row(
                        "a stopped server whose leader has no address starts read-only",
                        new Seen().stoppedPrimary().member("{\"state\":\"running\"}"),
                        Decision.StartStandby.class));
    }

    static List<Arguments> nobody() {
        return List.of(
                row("the healthiest takes the lock", new Seen().noLeader(), Decision.Acquire.class),
                row(
                        "equal peers race",
                        new Seen().noLeader().peer(new Peer(false, 3, new Lsn(5000))),
                        Decision.Acquire.class),
                row(
                        "a peer with more WAL goes first",
                        new Seen().noLeader().peer(new Peer(false, 3, new Lsn(5001))),
                        Decision.Wait.class),
                row(
                        "a peer on a later timeline goes first",
                        new Seen().noLeader().peer(new Peer(false, 4, new Lsn(1))),
                        Decision.Wait.class),
                row(
                        "a living primary is waited for",
                        new Seen().noLeader().peer(new Peer(true, 3, new Lsn(1))),
                        Decision.Wait.class),
                row("a member within the lag bound races", new Seen().noLeader().at(3, 4000), Decision.Acquire.class),
                row("a member that lags does not", new Seen().noLeader().at(3, 3999), Decision.Wait.class),
                row(
                        "a member of a standby site does, since what was told there may have been rewound",
                        new Seen().noLeader().at(3, 3999).site(STANDBY),
                        Decision.Acquire.class),
                row(
                        "a member on an old timeline does not",
                        new Seen().noLeader().at(2, 9000),
                        Decision.Wait.class),
                row(
                        "an unreadable status keeps from racing",
                        new Seen().noLeader().record(RecordKey.STATUS, "\u0000junk"),
                        Decision.Wait.class),
                row(
                        "an unreadable initialize keeps from everything",
                        new Seen().noLeader().record(RecordKey.INITIALIZE, "junk"),
                        Decision.Wait.class),
                row(
                        "a stopped server first starts read-only",
                        new Seen().noLeader().stoppedPrimary(),
                        Decision.StartStandby.class),
                row(
                        "an empty member races for an unfounded cluster",
                        new Seen().noLeader().state(State.NO_DATA).without(RecordKey.INITIALIZE),
                        Decision.Acquire.class),
                row(
                        "an empty member leaves a founded one alone",
                        new Seen().noLeader().state(State.NO_DATA),
                        Decision.Wait.class),
                row(
                        "unless the other site can be copied",
                        new Seen().noLeader().state(State.NO_DATA).site(STANDBY),
                        Decision.Acquire.class),
                row("a starting server waits", new Seen().noLeader().state(State.STARTING), Decision.Wait.class),
                row(
                        "without the store a stopped server starts read-only",
                        new Seen().unreachable().stoppedPrimary(),
                        Decision.StartStandby.class),
                row("without the store a standby waits", new Seen().unreachable(), Decision.Wait.class));
    }

    static List<Arguments> refusals() {
        return List.of(
                row(
                        "another cluster's data is refused",
                        new Seen().system(FOREIGN).state(State.STOPPED),
                        Decision.Refuse.class),
                row(
                        "another cluster's primary is stopped",
                        new Seen().leading().system(FOREIGN).primary(),
                        Decision.Stop.class),
                row("another group's data is refused", new Seen().site(FOREIGN_HERE), Decision.Refuse.class),
                row(
                        "but not because of data that was here before",
                        new Seen().site(FOREIGN_BEFORE),
                        Decision.Wait.class),
                row("broken data is refused", new Seen().state(State.BROKEN_DATA), Decision.Refuse.class));
    }

    /** Who may write or record what: the group's record first, then the cluster's, and only then rows. */
    static List<Arguments> founding() {
        return List.of(
                row(
                        "the holder promotes nothing before the group has taken its database",
                        new Seen().leading().site(FOUNDER),
                        Decision.LeadStandby.class),
                row(
                        "nor records it for the cluster",
                        new Seen().leading().site(FOUNDER).without(RecordKey.INITIALIZE),
                        Decision.LeadStandby.class),
                row(
                        "nor when the group has another, of which the site has not heard yet",
                        new Seen().leading().site(LEADER_OF_OTHER).without(RecordKey.INITIALIZE),
                        Decision.LeadStandby.class),
                row(
                        "the holder in an unknown site records nothing",
                        new Seen().leading().site(UNKNOWN).without(RecordKey.INITIALIZE),
                        Decision.LeadStandby.class),
                row(
                        "a primary goes on while the group's record is missing",
                        new Seen().leading().primary().site(FOUNDER),
                        Decision.Lead.class),
                row(
                        "the holder records for the cluster what the group has",
                        new Seen().leading().site(LEADER).without(RecordKey.INITIALIZE),
                        Decision.Write.class),
                row(
                        "an empty holder leaves the lock to a member that shows data",
                        new Seen()
                                .leading()
                                .site(BEHIND)
                                .without(RecordKey.INITIALIZE)
                                .state(State.NO_DATA)
                                .otherIsStopped(),
                        Decision.Release.class),
                row(
                        "but not to one that has none either",
                        new Seen()
                                .leading()
                                .site(BEHIND)
                                .without(RecordKey.INITIALIZE)
                                .state(State.NO_DATA)
                                .otherIsEmpty(),
                        Decision.Wait.class),
                row(
                        "an empty member that has just discarded goes on as an empty one",
                        new Seen().state(State.NO_DATA).site(FOREIGN_BEFORE),
                        to(Decision.Clone.class, OTHER)));
    }

    private static final String TO_OTHER = "{\"leader\":\"me\",\"member\":\"other\"}";
    private static final String AWAY = "{\"leader\":\"me\"}";
    private static final String OTHER_RUNS =
            "{\"conn_url\":\"postgres://10.0.0.2:5432/postgres\",\"state\":\"running\"";

    /** A leader that is asked to give up, with a member that streams from it. */
    private static Seen askedOf(String request) {
        return new Seen().leading().primary().fedTo(5000).asked(request);
    }

    /** The leader of a standby site at 5000 on timeline 3, from which nobody streams. */
    private static Seen standbyLeaderBeside(String state, long timeline, long lsn) {
        return new Seen().leading().site(STANDBY).asked(TO_OTHER).member(other(state, timeline, lsn));
    }

    private static String other(String state, long timeline, long lsn) {
        return OTHER_RUNS.replace("running", state) + ",\"xlog_location\":" + lsn + ",\"timeline\":" + timeline + "}";
    }

    /** That leader after it has stopped; its last record begins at 5000. */
    private static Seen stoppedFor(String request) {
        return new Seen()
                .leading()
                .stoppedPrimary()
                .wasPrimaryInThisTerm()
                .cleanly()
                .asked(request);
    }

    private static Peer has(long lsn) {
        return new Peer(false, 3, new Lsn(lsn));
    }

    private static String at(String time) {
        return "{\"leader\":\"me\",\"member\":\"other\",\"scheduled_at\":\"" + time + "\"}";
    }

    /** What a person asked for in the failover key. Write is: it is removed. */
    static List<Arguments> asked() {
        return List.of(
                row("the leader stops for a candidate", askedOf(TO_OTHER), Decision.HandOver.class),
                row("and for any", askedOf(AWAY), Decision.HandOver.class),
                row("and for a failover", askedOf("{\"member\":\"other\"}"), Decision.HandOver.class),
                row("in the old form too", askedOf("me:other"), Decision.HandOver.class),
                row("nothing is asked", askedOf("{}"), Decision.Lead.class),
                row("what cannot be read asks nothing", askedOf("{\"leader\":[1]}"), Decision.Lead.class),
                row("without the store nothing is asked", askedOf(TO_OTHER).unreachable(), Decision.Lead.class),
                row(
                        "without the right to write it stops anyway",
                        askedOf(TO_OTHER).site(UNKNOWN),
                        Decision.Stop.class),
                row("in the leader site too", askedOf(TO_OTHER).site(LEADER), Decision.HandOver.class),
                row("another is the leader", askedOf("{\"leader\":\"x\",\"member\":\"other\"}"), Decision.Write.class),
                row("the candidate leads already", askedOf("{\"member\":\"me\"}"), Decision.Write.class),
                row("the candidate does not exist", askedOf("{\"member\":\"x\"}"), Decision.Write.class),
                row("the candidate does not stream from here", askedOf(TO_OTHER).feeds(), Decision.Write.class),
                row(
                        "one of another site bears its name",
                        askedOf(TO_OTHER)
                                .feeds(new Standby("other", "streaming", new Lsn(5000), Optional.of("site_ams"))),
                        Decision.Write.class),
                row(
                        "a candidate without a slot counts by its name",
                        askedOf(TO_OTHER).feeds(new Standby("other", "streaming", new Lsn(5000), Optional.empty())),
                        Decision.HandOver.class),
                row(
                        "the candidate catches up",
                        askedOf(TO_OTHER).feeds(new Standby("other", "catchup", new Lsn(5000), Optional.of("other"))),
                        Decision.Write.class),
                row("the candidate lags within the bound", askedOf(TO_OTHER).fedTo(4000), Decision.HandOver.class),
                row("the candidate lags by more", askedOf(TO_OTHER).fedTo(3999), Decision.Write.class),
                row(
                        "the candidate is not allowed to",
                        askedOf(TO_OTHER).member(OTHER_RUNS + ",\"tags\":{\"nofailover\":true}}"),
                        Decision.Write.class),
                row("nobody streams from here", askedOf(AWAY).feeds(), Decision.Write.class),
                row(
                        "one streams that is of another site, without a slot",
                        askedOf(TO_OTHER).feeds(new Standby("ams", "streaming", new Lsn(5000), Optional.empty())),
                        Decision.Write.class),
                row("it is scheduled for now", askedOf(at("2026-08-01T02:00:00+00:00")), Decision.HandOver.class),
                row("for now in another zone", askedOf(at("2026-08-01T04:00:00+02:00")), Decision.HandOver.class),
                row("for later", askedOf(at("2026-08-01T02:00:01+00:00")), Decision.Lead.class),
                row("for a moment ago", askedOf(at("2026-08-01T01:59:57+00:00")), Decision.HandOver.class),
                row("for too long ago", askedOf(at("2026-08-01T01:59:56+00:00")), Decision.Write.class),
                row("for a time without a zone", askedOf(at("2026-08-01T02:00:00")), Decision.Lead.class),
                row(
                        "the stopped leader passes the lock to a candidate with the last record",
                        stoppedFor(TO_OTHER).peer(has(5001)),
                        Decision.PassLock.class),
                row("to any such", stoppedFor(AWAY).peer(has(5001)), Decision.PassLock.class),
                row("not to one without it", stoppedFor(TO_OTHER).peer(has(5000)), Decision.Wait.class),
                row(
                        "not to one that got as far on another timeline",
                        stoppedFor(TO_OTHER).peer(new Peer(false, 2, new Lsn(6000))),
                        Decision.Wait.class),
                row(
                        "not to a primary",
                        stoppedFor(TO_OTHER).peer(new Peer(true, 3, new Lsn(6000))),
                        Decision.Wait.class),
                row(
                        "not to another than was asked for",
                        stoppedFor("{\"leader\":\"me\",\"member\":\"x\"}").peer(has(5001)),
                        Decision.Wait.class),
                row("nobody answers", stoppedFor(TO_OTHER), Decision.Wait.class),
                row(
                        "and nobody has for a moment",
                        stoppedFor(TO_OTHER).notServingFor(Duration.ofSeconds(4)),
                        Decision.Wait.class),
                row(
                        "and nobody has for too long",
                        stoppedFor(TO_OTHER).notServingFor(Duration.ofSeconds(6)),
                        Decision.Write.class),
                row(
                        "the request was taken back while it stopped",
                        stoppedFor("{}").peer(has(5001)),
                        Decision.StartPrimary.class),
                row(
                        "it did not end in good order",
                        new Seen()
                                .leading()
                                .stoppedPrimary()
                                .wasPrimaryInThisTerm()
                                .asked(TO_OTHER)
                                .peer(has(9999)),
                        Decision.Write.class),
                row(
                        "one that was never primary in this tenure has nothing to pass",
                        new Seen()
                                .leading()
                                .stoppedPrimary()
                                .cleanly()
                                .asked(TO_OTHER)
                                .peer(has(5001)),
                        Decision.StartStandby.class),
                row(
                        "the last record is written while the server still ends",
                        stoppedFor(TO_OTHER).state(State.STARTING).stopping().peer(has(5001)),
                        Decision.PassLock.class),
                row(
                        "it is not written yet",
                        new Seen()
                                .leading()
                                .stoppedPrimary()
                                .state(State.STARTING)
                                .stopping()
                                .asked(TO_OTHER)
                                .peer(has(5001)),
                        Decision.Wait.class),
                row(
                        "a stop for another site passes nothing",
                        stoppedFor(TO_OTHER)
                                .state(State.STARTING)
                                .stopping()
                                .site(HANDING)
                                .peer(has(5001)),
                        Decision.Wait.class),
                row(
                        "a request while the site hands over is refused",
                        stoppedFor(TO_OTHER).site(HANDING),
                        Decision.Write.class),
                row(
                        "a request in a site without the lease is refused",
                        new Seen().leading().site(UNKNOWN).asked(TO_OTHER),
                        Decision.Write.class),
                row(
                        "the leader of a standby site has nothing to stop",
                        new Seen().leading().site(STANDBY).fedTo(5000).asked(TO_OTHER),
                        Decision.PassLock.class),
                row(
                        "but looks at the candidate too",
                        new Seen().leading().site(STANDBY).asked(TO_OTHER),
                        Decision.Write.class),
                row(
                        "that does not stream from it, since it does not get on, and is on a later timeline",
                        standbyLeaderBeside("running", 4, 100),
                        Decision.PassLock.class),
                row("or has received more", standbyLeaderBeside("running", 3, 5001), Decision.PassLock.class),
                row("but not as much", standbyLeaderBeside("running", 3, 5000), Decision.Write.class),
                row("or on an earlier timeline", standbyLeaderBeside("running", 2, 9000), Decision.Write.class),
                row("or without a running server", standbyLeaderBeside("stopped", 4, 9000), Decision.Write.class),
                row(
                        "nothing is further than a primary",
                        askedOf(TO_OTHER).feeds().member(other("running", 4, 9000)),
                        Decision.Write.class),
                row("a follower leaves requests alone", new Seen().asked(TO_OTHER), Decision.Wait.class),
                row(
                        "the candidate takes the free lock, whatever others have",
                        new Seen()
                                .noLeader()
                                .asked("{\"leader\":\"other\",\"member\":\"me\"}")
                                .peer(has(9999)),
                        Decision.Acquire.class),
                row(
                        "not if it lacks more than a switchover may lose",
                        new Seen()
                                .noLeader()
                                .asked("{\"leader\":\"other\",\"member\":\"me\"}")
                                .at(3, 3999),
                        Decision.Wait.class),
                row(
                        "but a failover to it is a person's choice",
                        new Seen().noLeader().asked("{\"member\":\"me\"}").at(3, 3999),
                        Decision.Acquire.class),
                row(
                        "except on an old timeline, whose successor's number is given away",
                        new Seen().noLeader().asked("{\"member\":\"me\"}").at(2, 9000),
                        Decision.Wait.class),
                row(
                        "not if it failed with the lock",
                        new Seen()
                                .noLeader()
                                .asked("{\"member\":\"me\"}")
                                .remembers(Memory.EMPTY.noRaceUntil(NOW.plus(Duration.ofSeconds(1)))),
                        Decision.Wait.class),
                row(
                        "the others let the candidate go first",
                        new Seen().noLeader().asked("{\"member\":\"other\"}").peer(has(1)),
                        Decision.Wait.class),
                row(
                        "unless it does not answer",
                        new Seen().noLeader().asked("{\"member\":\"other\"}"),
                        Decision.Acquire.class),
                row(
                        "or would not take the lock",
                        new Seen()
                                .noLeader()
                                .asked("{\"leader\":\"x\",\"member\":\"other\"}")
                                .peer(has(1)),
                        Decision.Acquire.class),
                row(
                        "what is scheduled for later prefers nobody",
                        new Seen()
                                .noLeader()
                                .asked(
                                        "{\"leader\":\"x\",\"member\":\"other\",\"scheduled_at\":\"2026-08-01T03:00:00Z\"}")
                                .peer(has(5000)),
                        Decision.Acquire.class));
    }

    private static final Upstream THIRD = new Upstream("10.0.0.3", 5432, Optional.of("me"));

    private static String third(String tags) {
        return "{\"conn_url\":\"postgres://10.0.0.3:5432/postgres\",\"state\":\"running\",\"role\":\"replica\",\"tags\":"
                + tags + "}";
    }

    private static String otherTagged(String tags) {
        return OTHER_RUNS + ",\"role\":\"primary\",\"tags\":" + tags + "}";
    }

    /** What operators ask of single members. */
    static List<Arguments> tagged() {
        String from = "{\"replicatefrom\":\"third\"}";
        return List.of(
                row(
                        "nofailover: it does not race",
                        new Seen().noLeader().tagged("{\"nofailover\":true}"),
                        Decision.Wait.class),
                row(
                        "a priority of 0 is the same",
                        new Seen().noLeader().tagged("{\"failover_priority\":0}"),
                        Decision.Wait.class),
                row(
                        "but nofailover itself wins",
                        new Seen().noLeader().tagged("{\"nofailover\":false,\"failover_priority\":0}"),
                        Decision.Acquire.class),
                row(
                        "nor when a person names it",
                        new Seen().noLeader().asked("{\"member\":\"me\"}").tagged("{\"nofailover\":true}"),
                        Decision.Wait.class),
                row(
                        "nor for a new database",
                        new Seen()
                                .noLeader()
                                .state(State.NO_DATA)
                                .without(RecordKey.INITIALIZE)
                                .tagged("{\"nofailover\":true}"),
                        Decision.Wait.class),
                row(
                        "who has more and may not lead keeps nobody from it",
                        new Seen()
                                .noLeader()
                                .member(otherTagged("{\"nofailover\":true}"))
                                .peer(has(5001)),
                        Decision.Acquire.class),
                row(
                        "who was asked for and may not lead keeps nobody from it",
                        new Seen()
                                .noLeader()
                                .asked("{\"member\":\"other\"}")
                                .member(otherTagged("{\"nofailover\":true}"))
                                .peer(has(5000)),
                        Decision.Acquire.class),
                row(
                        "but a primary does",
                        new Seen()
                                .noLeader()
                                .member(otherTagged("{\"nofailover\":true}"))
                                .peer(new Peer(true, 3, new Lsn(1))),
                        Decision.Wait.class),
                row(
                        "no lock is passed to it",
                        stoppedFor(AWAY)
                                .member(otherTagged("{\"nofailover\":true}"))
                                .peer(has(5001)),
                        Decision.Wait.class),
                row(
                        "of equals the higher priority goes first",
                        new Seen()
                                .noLeader()
                                .member(otherTagged("{\"failover_priority\":2}"))
                                .peer(has(5000)),
                        Decision.Wait.class),
                row(
                        "equal priorities race",
                        new Seen()
                                .noLeader()
                                .tagged("{\"failover_priority\":2}")
                                .member(otherTagged("{\"failover_priority\":2}"))
                                .peer(has(5000)),
                        Decision.Acquire.class),
                row(
                        "more WAL counts more than priority",
                        new Seen()
                                .noLeader()
                                .member(otherTagged("{\"failover_priority\":2}"))
                                .peer(has(4999)),
                        Decision.Acquire.class),
                row(
                        "replicatefrom: it follows that member",
                        new Seen().tagged(from).third(third("{}")),
                        to(Decision.Rejoin.class, THIRD)),
                row(
                        "and goes on following it",
                        new Seen().tagged(from).third(third("{}")).following(THIRD),
                        Decision.Wait.class),
                row("or the leader if it is not there", new Seen().tagged(from), Decision.Wait.class),
                row(
                        "or if that one follows it back",
                        new Seen().tagged(from).registered().third(third("{\"replicatefrom\":\"me\"}")),
                        Decision.Wait.class),
                row(
                        "or in a circle of others",
                        new Seen().tagged(from).third(third("{\"replicatefrom\":\"third\"}")),
                        Decision.Wait.class),
                row(
                        "a leader is nobody's follower, whatever its tags say",
                        new Seen()
                                .tagged(from)
                                .member(otherTagged("{\"replicatefrom\":\"me\"}"))
                                .third(third("{\"replicatefrom\":\"other\"}")),
                        to(Decision.Rejoin.class, THIRD)),
                row(
                        "who is followed keeps slots",
                        new Seen().registered().third(third("{\"replicatefrom\":\"me\"}")),
                        Decision.Feed.class),
                row(
                        "clonefrom: a new member is copied from there",
                        new Seen().state(State.NO_DATA).third(third("{\"clonefrom\":true}")),
                        to(Decision.Clone.class, THIRD)),
                row(
                        "nostream: a stopped server follows nobody",
                        new Seen().stoppedPrimary().tagged("{\"nostream\":true}"),
                        Decision.StartStandby.class),
                row(
                        "and a running one is left alone",
                        new Seen().following(REMOTE_UPSTREAM).tagged("{\"nostream\":true}"),
                        Decision.Wait.class));
    }

    @org.junit.jupiter.api.Test
    void aLeaderKeepsNoSlotsForThoseWhoStreamFromOthersOrFromNobody() {
        Observation seen = new Seen()
                .leading()
                .primary()
                .member(otherTagged("{\"replicatefrom\":\"third\"}"))
                .third(third("{\"nostream\":true}"))
                .build();
        assertThat(Cascade.fed(seen, Seen.CONFIG, true)).isEmpty();
        Observation plain = new Seen()
                .leading()
                .primary()
                .registered()
                .member(otherTagged("{\"replicatefrom\":\"gone\"}"))
                .third(third("{\"replicatefrom\":\"me\"}"))
                .build();
        assertThat(Cascade.fed(plain, Seen.CONFIG, true)).containsExactly("other", "third");
    }

    private static Seen atOnce(Seen seen) {
        return seen.setting("primary_start_timeout", 0);
    }

    private static Seen crashed() {
        return new Seen().leading().stoppedPrimary().wasPrimaryInThisTerm().notServingFor(Duration.ZERO);
    }

    /** {@code primary_start_timeout}. */
    static List<Arguments> startTimeout() {
        Duration tooLong = Duration.ofSeconds(301);
        return List.of(
                row(
                        "0: a crashed leader leaves the lock to a member that may have it",
                        atOnce(crashed()).peer(has(5000)),
                        Decision.Release.class),
                row("but starts again if there is none", atOnce(crashed()), Decision.StartPrimary.class),
                row("or none within the bound", atOnce(crashed()).peer(has(3999)), Decision.StartPrimary.class),
                row(
                        "or none on its timeline",
                        atOnce(crashed()).peer(new Peer(false, 2, new Lsn(9000))),
                        Decision.StartPrimary.class),
                row(
                        "or none that is allowed to",
                        atOnce(crashed())
                                .member(otherTagged("{\"nofailover\":true}"))
                                .peer(has(5000)),
                        Decision.StartPrimary.class),
                row("above 0 it starts again first", crashed().peer(has(5000)), Decision.StartPrimary.class),
                row(
                        "a switchover goes its own way",
                        atOnce(stoppedFor(TO_OTHER).notServingFor(Duration.ZERO))
                                .peer(has(5001)),
                        Decision.PassLock.class),
                row(
                        "a long recovery goes on where nobody else could lead",
                        new Seen().leading().state(State.STARTING).notServingFor(tooLong),
                        Decision.Wait.class),
                row(
                        "a server that cannot be started is tried again there",
                        new Seen().leading().stoppedPrimary().notServingFor(tooLong),
                        Decision.StartStandby.class),
                row(
                        "in a standby site the group says who lacks too much",
                        new Seen()
                                .leading()
                                .state(State.STARTING)
                                .site(STANDBY)
                                .notServingFor(tooLong)
                                .peer(has(1)),
                        Decision.Stop.class));
    }

    /** The cluster is paused. */
    static List<Arguments> paused() {
        return List.of(
                row(
                        "a primary with the lock leads",
                        new Seen().leading().primary().paused(),
                        Decision.Lead.class),
                row(
                        "a primary without it stops all the same",
                        new Seen().primary().paused(),
                        Decision.Stop.class),
                row(
                        "so does one that nothing guards",
                        new Seen().leading().primary().unguarded().paused(),
                        Decision.Stop.class),
                row(
                        "and one that does not answer and has lost its right",
                        new Seen()
                                .state(State.UNRESPONSIVE)
                                .wasPrimaryInThisTerm()
                                .paused(),
                        Decision.Stop.class),
                row(
                        "and one of another cluster",
                        new Seen().leading().system(FOREIGN).primary().paused(),
                        Decision.Stop.class),
                row(
                        "a leader whose server crashed frees the lock",
                        new Seen()
                                .leading()
                                .stoppedPrimary()
                                .wasPrimaryInThisTerm()
                                .paused(),
                        Decision.Release.class),
                row(
                        "so does one without data",
                        new Seen().leading().state(State.NO_DATA).paused(),
                        Decision.Release.class),
                row(
                        "and one with broken data",
                        new Seen().leading().state(State.BROKEN_DATA).paused(),
                        Decision.Release.class),
                row(
                        "and one with another cluster's data",
                        new Seen().leading().system(FOREIGN).paused(),
                        Decision.Release.class),
                row(
                        "a stopped server stays stopped",
                        new Seen().state(State.STOPPED).paused(),
                        Decision.Wait.class),
                row(
                        "also when nobody leads",
                        new Seen().noLeader().stoppedPrimary().paused(),
                        Decision.Wait.class),
                row(
                        "also without the store",
                        new Seen().unreachable().stoppedPrimary().paused(),
                        Decision.Wait.class),
                row("nothing is copied", new Seen().state(State.NO_DATA).paused(), Decision.Wait.class),
                row(
                        "nothing is founded",
                        new Seen()
                                .noLeader()
                                .state(State.NO_DATA)
                                .without(RecordKey.INITIALIZE)
                                .paused(),
                        Decision.Wait.class),
                row(
                        "a new database stays unused",
                        new Seen().leading().neverUsed().paused(),
                        Decision.Release.class),
                row(
                        "broken data ends nothing",
                        new Seen().state(State.BROKEN_DATA).paused(),
                        Decision.Wait.class),
                row(
                        "nor does another cluster's",
                        new Seen().system(FOREIGN).state(State.RUNNING).paused(),
                        Decision.Wait.class),
                row("an unguarded standby goes on", new Seen().unguarded().paused(), Decision.Wait.class),
                row(
                        "also while it starts",
                        new Seen().unguarded().state(State.STARTING).paused(),
                        Decision.Wait.class),
                row("nobody races", new Seen().noLeader().paused(), Decision.Wait.class),
                row(
                        "but whom a person names",
                        new Seen().noLeader().asked("{\"member\":\"me\"}").paused(),
                        Decision.Acquire.class),
                row(
                        "not whom he names for later",
                        new Seen()
                                .noLeader()
                                .asked("{\"member\":\"me\",\"scheduled_at\":\"2026-08-01T02:00:00Z\"}")
                                .paused(),
                        Decision.Wait.class),
                row("who then has the lock is promoted", new Seen().leading().paused(), Decision.Promote.class),
                row(
                        "a slow start is not given up",
                        new Seen()
                                .leading()
                                .state(State.STARTING)
                                .notServingFor(Duration.ofHours(1))
                                .paused(),
                        Decision.Wait.class),
                row("a leader stops for whom a person names", askedOf(TO_OTHER).paused(), Decision.HandOver.class),
                row("not for any", askedOf(AWAY).paused(), Decision.Write.class),
                row(
                        "what is scheduled is neither done",
                        askedOf(at("2026-08-01T02:00:00+00:00")).paused(),
                        Decision.Lead.class),
                row("nor removed", askedOf(at("2026-07-01T02:00:00+00:00")).paused(), Decision.Lead.class),
                row(
                        "what has begun is ended",
                        stoppedFor(TO_OTHER).peer(has(5001)).paused(),
                        Decision.PassLock.class),
                row(
                        "whoever stopped to give the lock up joins the new leader",
                        new Seen()
                                .stoppedPrimary()
                                .remembers(Memory.EMPTY.passedLock(NOW))
                                .paused(),
                        to(Decision.Rejoin.class, OTHER)),
                row(
                        "a standby turns to a new leader",
                        new Seen().following(REMOTE_UPSTREAM).paused(),
                        to(Decision.Rejoin.class, OTHER)));
    }

    @org.junit.jupiter.api.Test
    void whoTakesTheLockRemovesTheRequestWithTheSameTransaction() {
        assertThat(claimedWith(new Seen().noLeader().asked("{\"member\":\"me\"}")))
                .containsExactly(RecordWrite.replace(RecordKey.FAILOVER, "{}", new Version(1)), STATUS_AGAIN);
    }

    @org.junit.jupiter.api.Test
    void aClaimHoldsOnlyIfNobodyHasLedSince() {
        assertThat(claimedWith(new Seen().noLeader())).containsExactly(STATUS_AGAIN);
        assertThat(claimedWith(new Seen().noLeader().without(RecordKey.STATUS)))
                .containsExactly(RecordWrite.create(RecordKey.STATUS, "{\"optime\":5000,\"timeline\":3}"));
        assertThat(claimedWith(
                        new Seen().noLeader().without(RecordKey.INITIALIZE).state(State.NO_DATA)))
                .containsExactly(STATUS_AGAIN);
        assertThat(claimedWith(new Seen()
                        .noLeader()
                        .without(RecordKey.INITIALIZE)
                        .state(State.NO_DATA)
                        .asked("{\"member\":\"other\"}")))
                .as("a request is not its to answer")
                .containsExactly(STATUS_AGAIN);
    }

    @org.junit.jupiter.api.Test
    void aClaimVoidsWhatFormerLeadersHaveSentOfWhomTheyList() {
        RecordWrite again = RecordWrite.replace(RecordKey.FAILSAFE, LISTED, new Version(1));
        assertThat(claimedWith(new Seen().noLeader().record(RecordKey.FAILSAFE, LISTED)))
                .containsExactly(STATUS_AGAIN, again);
        assertThat(claimedWith(new Seen().lockOfFormerSession().record(RecordKey.FAILSAFE, LISTED)))
                .containsExactly(again);
        assertThat(claimedWith(new Seen().lockOfFormerSession())).isEmpty();
    }

    private static final String LISTED = "{\"me\":\"http://10.0.0.1:8008/patroni\"}";
    private static final RecordWrite STATUS_AGAIN =
            RecordWrite.replace(RecordKey.STATUS, "{\"optime\":5000,\"timeline\":3}", new Version(1));

    private static List<RecordWrite> claimedWith(Seen seen) {
        return ((Decision.Acquire) seen.decide()).claim().with();
    }

    @org.junit.jupiter.api.Test
    void whoPassesTheLockTellsTheLastPositionAndDependsOnTheRequest() {
        Decision decision =
                stoppedFor(at("2026-08-01T02:00:00+00:00")).peer(has(5001)).decide();
        assertThat(((Decision.PassLock) decision).with())
                .containsExactly(
                        RecordWrite.blind(RecordKey.STATUS, "{\"optime\":5000,\"timeline\":3}"),
                        RecordWrite.replace(
                                RecordKey.FAILOVER, "{\"leader\":\"me\",\"member\":\"other\"}", new Version(1)));
    }

    /** The settings of the cluster. */
    static List<Arguments> settings() {
        return List.of(
                row("the leader records them", new Seen().leading().primary().hasSettings(), Decision.Write.class),
                row(
                        "once",
                        new Seen().leading().primary().hasSettings().record(RecordKey.CONFIG, "{}"),
                        Decision.Lead.class),
                row(
                        "over what nobody can read",
                        new Seen().leading().primary().hasSettings().record(RecordKey.CONFIG, "{\"ttl\":"),
                        Decision.Write.class),
                row(
                        "not without the store",
                        new Seen().leading().primary().hasSettings().unreachable(),
                        Decision.Lead.class),
                row("not before it is primary", new Seen().leading().hasSettings(), Decision.Promote.class),
                row(
                        "the leader of a standby site records them too",
                        new Seen().leading().site(STANDBY).hasSettings(),
                        Decision.Write.class),
                row("followers leave them alone", new Seen().hasSettings(), Decision.Wait.class),
                row("a file without any writes none", new Seen().leading().primary(), Decision.Lead.class),
                row(
                        "check_timeline keeps a member on an old timeline from racing",
                        oldTimeline().setting("check_timeline", true),
                        Decision.Wait.class),
                row("without it the history decides nothing", oldTimeline(), Decision.Acquire.class),
                row(
                        "a member on the timeline of the history races",
                        oldTimeline().at(4, 5000).setting("check_timeline", true),
                        Decision.Acquire.class),
                row(
                        "the bound on the loss is the cluster's",
                        new Seen().noLeader().at(3, 3999).setting("maximum_lag_on_failover", 1001),
                        Decision.Acquire.class));
    }

    private static Seen oldTimeline() {
        return new Seen().noLeader().record(RecordKey.HISTORY, "[[3,5000,\"no recovery target specified\"]]");
    }

    /** {@code primary_race_backoff} of 20 s, with a loop_wait of 10 s at most. */
    static List<Arguments> backoff() {
        Duration second = Duration.ofSeconds(1);
        return List.of(
                row(
                        "a standby whose primary still sends WAL leaves the lock alone",
                        backingOff(Duration.ofSeconds(15), second),
                        Decision.Wait.class),
                row(
                        "at first nobody knows whether it does",
                        backingOff(Duration.ofMillis(1), Duration.ZERO),
                        Decision.Wait.class),
                row(
                        "when its time is over, it races",
                        backingOff(Duration.ofSeconds(20), second),
                        Decision.Acquire.class),
                row(
                        "when nothing has come for a loop_wait, it races",
                        backingOff(Duration.ofSeconds(15), Seen.CONFIG.timing().renewEvery()),
                        Decision.Acquire.class),
                row(
                        "when it does not stream, it races",
                        backingOff(Duration.ofSeconds(15), second).silentFor(second),
                        Decision.Acquire.class),
                row(
                        "whom a person has named does not wait",
                        backingOff(Duration.ofSeconds(15), second).asked("{\"leader\":\"other\",\"member\":\"me\"}"),
                        Decision.Acquire.class),
                row(
                        "a standby site's members do not wait",
                        backingOff(Duration.ofSeconds(15), second).site(STANDBY),
                        Decision.Acquire.class),
                row(
                        "without the setting nobody waits",
                        new Seen().noLeader().freeFor(second, Duration.ZERO),
                        Decision.Acquire.class));
    }

    private static Seen backingOff(Duration free, Duration silent) {
        return new Seen().noLeader().backsOff(Duration.ofSeconds(20)).freeFor(free, silent);
    }

    /** {@code standby_cluster} names the primary of another cluster. */
    static List<Arguments> standbyCluster() {
        return List.of(
                row(
                        "a primary ends in good order",
                        new Seen().leading().primary().follows(REMOTE_CLUSTER),
                        Decision.HandOver.class),
                row(
                        "a primary without the lock ends at once",
                        new Seen().primary().follows(REMOTE_CLUSTER),
                        Decision.Stop.class),
                row(
                        "the leader without data copies the other cluster",
                        new Seen().leading().state(State.NO_DATA).follows(REMOTE_CLUSTER),
                        to(Decision.Clone.class, REMOTE_CLUSTER)),
                row(
                        "what was primary in this very tenure joins the other cluster",
                        new Seen()
                                .leading()
                                .stoppedPrimary()
                                .wasPrimaryInThisTerm()
                                .follows(REMOTE_CLUSTER),
                        to(Decision.Rejoin.class, REMOTE_CLUSTER)),
                row(
                        "the leader is not promoted, and follows through the slot that was named",
                        new Seen().leading().follows(REMOTE_CLUSTER),
                        to(Decision.Rejoin.class, REMOTE_CLUSTER)),
                row(
                        "the leader that follows goes on",
                        new Seen().leading().follows(REMOTE_CLUSTER).following(REMOTE_CLUSTER),
                        Decision.LeadStandby.class),
                row(
                        "its data is that of the other cluster, and recorded",
                        new Seen().leading().follows(REMOTE_CLUSTER).without(RecordKey.INITIALIZE),
                        Decision.Write.class),
                row(
                        "a member that lags does not race: to follow may be called off",
                        new Seen().noLeader().at(3, 3999).follows(REMOTE_CLUSTER),
                        Decision.Wait.class),
                row(
                        "except if a person names it",
                        new Seen()
                                .noLeader()
                                .at(3, 3999)
                                .asked("{\"member\":\"me\"}")
                                .follows(REMOTE_CLUSTER),
                        Decision.Acquire.class),
                row(
                        "one that does not lag races",
                        new Seen().noLeader().follows(REMOTE_CLUSTER),
                        Decision.Acquire.class),
                row(
                        "the leader that follows nobody any more is promoted",
                        new Seen().leading().following(REMOTE_CLUSTER),
                        Decision.Promote.class));
    }

    /** A database that was created and never used, after a crash, a lost reply or a lost right between any two steps. */
    static List<Arguments> unused() {
        return List.of(
                unused("single: nobody leads, nothing is recorded", s -> s.noLeader(), Decision.Acquire.class),
                unused(
                        "single: the write of the record is done, or its reply was lost and it has not happened",
                        s -> s.leading(),
                        Decision.Write.class),
                named(
                        "single: it is recorded, by this agent or the one before",
                        s -> s.leading(),
                        Decision.StartPrimary.class),
                named("single: it is recorded, and the lock was lost since", s -> s.noLeader(), Decision.Acquire.class),
                named("single: it is recorded, and another member has the lock", s -> s, Decision.Wait.class),
                named(
                        "single: it is recorded, and the lock is of the session before",
                        s -> s.lockOfFormerSession(),
                        Decision.Acquire.class),
                named(
                        "single: it is recorded, and this member failed with the lock",
                        s -> s.noLeader().remembers(Memory.EMPTY.noRaceUntil(NOW.plus(Duration.ofSeconds(1)))),
                        Decision.Wait.class),
                unused("single: another member has the lock and founds", s -> s, Decision.Wait.class),
                other("single: another member's is recorded", s -> s, Decision.DiscardUnused.class),
                other("single: another's is recorded, nobody leads", s -> s.noLeader(), Decision.DiscardUnused.class),
                other(
                        "single: the write of an earlier leader came late, the lock is here",
                        s -> s.leading(),
                        Decision.DiscardUnused.class),
                other("the store does not answer", s -> s.unreachable(), Decision.Wait.class),
                unused("nor with the lock", s -> s.leading().unreachable(), Decision.Wait.class),
                unused(
                        "the record cannot be read",
                        s -> s.leading().record(RecordKey.INITIALIZE, "junk"),
                        Decision.Wait.class),
                unused("group: it has no record yet", s -> s.leading().site(FOUNDER), Decision.Wait.class),
                unused(
                        "group: it has taken it, the cluster not yet",
                        s -> s.leading().site(LEADER),
                        Decision.Write.class),
                named("group: both have taken it", s -> s.leading().site(LEADER), Decision.StartPrimary.class),
                named(
                        "group: only the cluster has, which was no group then",
                        s -> s.leading().site(FOUNDER),
                        Decision.Wait.class),
                named("group: both have, the lease was lost", s -> s.leading().site(UNKNOWN), Decision.Wait.class),
                named("group: both have, the lock was lost", s -> s.noLeader().site(UNKNOWN), Decision.Acquire.class),
                unused(
                        "group: it has taken it, the lock was lost",
                        s -> s.noLeader().site(UNKNOWN),
                        Decision.Acquire.class),
                unused("group: it has taken it, another member got the lock", s -> s.site(BEHIND), Decision.Wait.class),
                unused("group: this site does not know", s -> s.leading().site(UNKNOWN), Decision.Wait.class),
                unused("group: this site lacks too much", s -> s.leading().site(BEHIND), Decision.Wait.class),
                unused(
                        "group: another site leads and has no record yet",
                        s -> s.leading().site(STANDBY),
                        Decision.Wait.class),
                unused("group: this site is to hand over", s -> s.leading().site(HANDING), Decision.Wait.class),
                unused("group: it has another", s -> s.leading().site(FOREIGN_HERE), Decision.DiscardUnused.class),
                unused(
                        "group: it has another, a follower sees it",
                        s -> s.site(FOREIGN_HERE),
                        Decision.DiscardUnused.class),
                unused(
                        "group: it has another, nobody leads here",
                        s -> s.noLeader().site(FOREIGN_HERE),
                        Decision.DiscardUnused.class),
                unused(
                        "group: the site speaks of data that was here before",
                        s -> s.leading().site(FOREIGN_BEFORE),
                        Decision.Wait.class),
                unused(
                        "group: it has another, of which the site has not heard yet",
                        s -> s.leading().site(LEADER_OF_OTHER),
                        Decision.Wait.class),
                other("group: the cluster has another", s -> s.leading().site(STANDBY), Decision.DiscardUnused.class),
                other(
                        "group: the cluster has another than the group",
                        s -> s.leading().site(LEADER),
                        Decision.Refuse.class),
                named(
                        "group: the group has another than the cluster",
                        s -> s.leading().site(FOREIGN_HERE),
                        Decision.Refuse.class),
                named(
                        "it is being used: a server runs",
                        s -> s.leading().state(State.RUNNING).site(LEADER),
                        Decision.Lead.class));
    }

    static List<Arguments> failsafe() {
        String both = "{\"me\":\"http://10.0.0.1:8008/patroni\",\"other\":\"http://10.0.0.2:8008/patroni\"}";
        String onlyOther = "{\"other\":\"http://10.0.0.2:8008/patroni\"}";
        return List.of(
                row(
                        "failsafe mode: the leader tells whom it would ask",
                        new Seen().leading().primary().failsafe(),
                        Decision.Write.class),
                row(
                        "failsafe mode: it has told them",
                        new Seen().leading().primary().failsafe().record(RecordKey.FAILSAFE, both),
                        Decision.Lead.class),
                row(
                        "failsafe mode: there is another member by now",
                        new Seen().leading().primary().failsafe().record(RecordKey.FAILSAFE, onlyOther),
                        Decision.Write.class),
                row(
                        "failsafe mode: there is, but the right rests on promises of those before",
                        new Seen()
                                .leading()
                                .primary()
                                .failsafe()
                                .leasedByPromises()
                                .record(RecordKey.FAILSAFE, onlyOther),
                        Decision.Lead.class),
                row(
                        "failsafe mode is off: nobody is listed any more",
                        new Seen().leading().primary().record(RecordKey.FAILSAFE, both),
                        Decision.Write.class),
                row(
                        "failsafe mode is off, and nobody is listed",
                        new Seen().leading().primary().record(RecordKey.FAILSAFE, "{}"),
                        Decision.Lead.class),
                row(
                        "failsafe mode: the key cannot be read",
                        new Seen().leading().primary().failsafe().record(RecordKey.FAILSAFE, "[1]"),
                        Decision.Write.class),
                row(
                        "failsafe mode: the store is gone, and the right is there",
                        new Seen()
                                .leading()
                                .primary()
                                .failsafe()
                                .leasedByPromises()
                                .unreachable(),
                        Decision.Lead.class),
                row("no leader: promised to another", new Seen().noLeader().promised("other"), Decision.Wait.class),
                row(
                        "no leader: promised to another, and it was asked for",
                        new Seen().noLeader().promised("other").record(RecordKey.FAILOVER, "{\"member\":\"me\"}"),
                        Decision.Wait.class),
                row(
                        "my former session's lock: promised to another",
                        new Seen().lockOfFormerSession().promised("other"),
                        Decision.Wait.class),
                row(
                        "no leader: not listed, a fit member is",
                        new Seen()
                                .noLeader()
                                .peer(new Peer(false, 3, new Lsn(4500)))
                                .record(RecordKey.FAILSAFE, onlyOther),
                        Decision.Wait.class),
                row(
                        "no leader: not listed, those who are do not answer",
                        new Seen().noLeader().record(RecordKey.FAILSAFE, onlyOther),
                        Decision.Acquire.class),
                row(
                        "no leader: not listed, those who are lag",
                        new Seen().noLeader().peer(has(3999)).record(RecordKey.FAILSAFE, onlyOther),
                        Decision.Acquire.class),
                row(
                        "no leader: whom failsafe mode asks cannot be read",
                        new Seen().noLeader().record(RecordKey.FAILSAFE, "[1]"),
                        Decision.Wait.class),
                row(
                        "no leader: whom failsafe mode asks cannot be read, and it was asked for",
                        new Seen()
                                .noLeader()
                                .record(RecordKey.FAILSAFE, "[1]")
                                .record(RecordKey.FAILOVER, "{\"member\":\"me\"}"),
                        Decision.Wait.class),
                row(
                        "failsafe mode: the key cannot be read, and was never meant",
                        new Seen().leading().primary().record(RecordKey.FAILSAFE, "[1]"),
                        Decision.Write.class),
                row(
                        "no leader: listed, who has more is not",
                        new Seen()
                                .noLeader()
                                .peer(new Peer(false, 3, new Lsn(5500)))
                                .record(RecordKey.FAILSAFE, "{\"me\":\"http://10.0.0.1:8008/patroni\"}"),
                        Decision.Acquire.class));
    }

    private static Arguments unused(String scenario, UnaryOperator<Seen> more, Class<?> expected) {
        return row("unused; " + scenario, more.apply(new Seen().neverUsed().without(RecordKey.INITIALIZE)), expected);
    }

    /** The cluster's record names it. */
    private static Arguments named(String scenario, UnaryOperator<Seen> more, Class<?> expected) {
        return row("unused; " + scenario, more.apply(new Seen().neverUsed()), expected);
    }

    /** The cluster's record names another. */
    private static Arguments other(String scenario, UnaryOperator<Seen> more, Class<?> expected) {
        return row(
                "unused; " + scenario,
                more.apply(new Seen().neverUsed().record(RecordKey.INITIALIZE, FOREIGN)),
                expected);
    }

    private static Arguments row(String scenario, Seen seen, Object expected) {
        return Arguments.of(scenario, seen, expected);
    }

    @org.junit.jupiter.api.Test
    void whatMayBeReplacedAnyMomentIsStoppedAtOnce() {
        assertThat(new Seen().primary().decide())
                .isEqualTo(new Decision.Stop(StopMode.IMMEDIATE, "demoting self: I do not hold the leader lock"));
    }
}

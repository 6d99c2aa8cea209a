// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import static dev.primacy.multisite.Rows.cancels;
import static dev.primacy.multisite.Rows.handsOver;
import static dev.primacy.multisite.Rows.knowsNothing;
import static dev.primacy.multisite.Rows.leads;
import static dev.primacy.multisite.Rows.stepsBack;
import static dev.primacy.multisite.Rows.writes;
import static dev.primacy.multisite.Seen.OF_A1;
import static dev.primacy.multisite.Seen.OF_A2;
import static dev.primacy.multisite.Seen.OF_B;
import static dev.primacy.multisite.Seen.OTHER;
import static dev.primacy.multisite.Seen.STOP;
import static dev.primacy.multisite.Seen.leader;
import static dev.primacy.multisite.Seen.newborn;
import static dev.primacy.multisite.Seen.stoppedLeader;
import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.multisite.SiteStanding.Leader;
import dev.primacy.multisite.SiteStanding.Standby;
import dev.primacy.multisite.SiteStanding.Unknown;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rows for a member that holds the lease. */
final class LeaderSiteTest {
    private static final Leader LEADS = new Leader(4, Optional.of(Seen.OURS), Set.of("b"));
    private static final HandingOver GIVES_UP = new HandingOver("b", Optional.empty());
    private static final HandingOver HANDS_OVER = new HandingOver("b", Optional.of("b1"));

    @Test
    void leadsInTheGroupsEpochAndKnowsTheOthers() {
        assertThat(leads(leader())).isEqualTo(LEADS);
    }

    @Test
    void founderMayCreateTheDatabase() {
        assertThat(leads(newborn().record(RecordKey.INITIALIZE, "").lock(OF_A1).leased(OF_A1))
                        .mayFound())
                .isTrue();
    }

    @Test
    void founderIsToldWhichDatabaseIsTheGroups() {
        assertThat(leads(newborn().lock(OF_A1).leased(OF_A1)).database()).contains(Seen.OURS);
        assertThat(leads(leader()).database()).contains(Seen.OURS);
    }

    @Test
    void foundersDatabaseBecomesTheGroups() {
        assertThat(writes(leader().record(RecordKey.INITIALIZE, ""), RecordKey.INITIALIZE)
                        .value()
                        .orElseThrow())
                .contains(Seen.OURS);
    }

    @Test
    void silentStoreDoesNotEndALeaderBeforeItsLease() {
        assertThat(leads(leader().unanswered())).isEqualTo(LEADS);
    }

    @Test
    void silentStoreDoesNotMakeALeaderOfOneThatToldItsStop() {
        handsOver(stoppedLeader().stopTold().unanswered());
    }

    @Test
    void silentStoreDoesNotMakeALeaderOfOneThatHasReadNothingSinceItsClaim() {
        knowsNothing(leader().before(new Unknown("inheriting the site lease")).unanswered(), "does not answer");
    }

    @Test
    void leaderWhoseLeaseEndedKnowsNothingWithoutTheStore() {
        knowsNothing(Seen.standby().before(LEADS).unanswered(), "does not answer");
    }

    @Test
    void leaseThatTheStoreShowsWithAnotherSiteIsOver() {
        assertThat(stepsBack(leader().lock(OF_B))).isEqualTo(new Standby("b", Optional.of(Seen.address("b"))));
    }

    @Test
    void leaseThatTheStoreShowsWithAnotherMemberIsOver() {
        stepsBack(leader().lock(OF_A2));
    }

    @Test
    void lostLocalLeadEndsTheLease() {
        stepsBack(leader().follower());
    }

    @Test
    void otherDatabaseThanTheGroupsEndsTheLease() {
        assertThat(stepsBack(leader().foreignData())).isInstanceOf(SiteStanding.Foreign.class);
    }

    @Test
    void unreadableInitializeEndsTheLease() {
        assertThat(stepsBack(leader().record(RecordKey.INITIALIZE, "rubbish")).reason())
                .contains("cannot be read");
    }

    @Test
    void requestedSwitchoverStopsWrites() {
        handsOver(leader().switchover("b"));
    }

    @Test
    void stopIsToldOnceTheServerEndedInOrder() {
        SiteSwitchover told = SiteSwitchover.parse(
                        writes(stoppedLeader(), RecordKey.FAILOVER).value().orElseThrow())
                .orElseThrow();
        assertThat(told.targetSite()).isEqualTo("b");
        assertThat(told.stopped()).contains(STOP);
        assertThat(told.targetMember()).contains("b1");
        assertThat(stoppedLeader().decide().standing()).isEqualTo(HANDS_OVER);
    }

    @Test
    void stopIsNotToldWhileTheServerTakesWrites() {
        handsOver(leader().handingOver(0).switchover("b"));
    }

    @Test
    void stopIsNotToldAfterACrash() {
        handsOver(stoppedLeader().notRunning());
    }

    @Test
    void toldStopIsWaitedFor() {
        handsOver(stoppedLeader().stopTold().switchover("b", STOP));
    }

    @Test
    void overdueSwitchoverIsGivenUpAndWritesStayStoppedUntilThatIsSure() {
        cancels(
                stoppedLeader().stopTold().switchover("b", STOP).handingOver(11),
                "did not take over in time",
                HANDS_OVER);
    }

    @Test
    void toldStopWhoseRequestIsGoneMayMeanThatTheTargetLeads() {
        stepsBack(stoppedLeader().stopTold().record(RecordKey.FAILOVER, SiteSwitchover.NONE));
    }

    @Test
    void requestThatIsGoneBeforeAnyStopWasToldIsNoReasonToStop() {
        leads(stoppedLeader().record(RecordKey.FAILOVER, SiteSwitchover.NONE));
    }

    @Test
    void requestForThisSiteIsNonsense() {
        cancels(leader().switchover("a"), "leads already", LEADS);
    }

    @Test
    void requestForAnAbsentSiteIsGivenUp() {
        cancels(leader().switchover("c"), "site c is not there", LEADS);
    }

    @Test
    void requestForASiteOfAnotherDatabaseIsGivenUp() {
        cancels(leader().site("b", OTHER, 3, 5000).switchover("b"), "another database or none", LEADS);
    }

    @Test
    void requestForASiteOnAnotherTimelineIsGivenUp() {
        cancels(leader().site("b", 2, 5000).switchover("b"), "on timeline 2, this one on 3", LEADS);
    }

    /** Its last leader was promoted unseen, so that its timeline has the number of the one made here since. */
    @Test
    void requestForASiteThatHasTheTimelinesNumberAndDoesNotStreamIsGivenUp() {
        Seen seen = leader().site("b", 3, 5100).switchover("b");
        cancels(seen.following(Optional.of(List.of())), "member b1 of site b does not stream from here", LEADS);
        cancels(seen.streaming("b", "b2", 4900), "does not stream from here", LEADS);
        cancels(seen.streaming("c", "b1", 4900), "does not stream from here", LEADS);
    }

    @Test
    void requestForASiteThatIsAheadIsGivenUp() {
        cancels(leader().streaming("b", "b1", 5001).switchover("b"), "WAL that was never written here", LEADS);
        cancels(leader().streaming("b", "b1", Long.MIN_VALUE).switchover("b"), "was never written here", LEADS);
        handsOver(leader().streaming("b", "b1", 5000).switchover("b"));
    }

    @Test
    void programWithoutDataHandsOverToWhoeverSpeaksForTheTarget() {
        handsOver(leader().following(Optional.empty()).switchover("b"));
    }

    @Test
    void requestForAnotherSiteThanTheOneThatIsHandedToIsLookedAtAnew() {
        cancels(
                stoppedLeader().site("c", 3, 5000).switchover("c"),
                "no running primary",
                new HandingOver("c", Optional.empty()));
    }

    @Test
    void requestWithAnUnreadableEpochIsGivenUp() {
        Seen seen = leader().record(RecordKey.EPOCH, "x").switchover("b");
        cancels(seen, "epoch record cannot be read", new Leader(0, Optional.of(Seen.OURS), Set.of("b")));
    }

    @Test
    void leaderThatIsNoPrimaryGivesUpButDoesNotWriteBeforeThatIsSure() {
        cancels(leader().notRunning().switchover("b"), "no running primary", GIVES_UP);
        cancels(leader().notRunning().switchover("b", STOP), "no running primary", GIVES_UP);
        cancels(stoppedLeader().before(GIVES_UP), "no running primary", GIVES_UP);
    }

    @Test
    void unreadableRequestIsNoRequest() {
        leads(leader().record(RecordKey.FAILOVER, "rubbish"));
    }
}

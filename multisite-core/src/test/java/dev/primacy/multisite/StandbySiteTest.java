// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import static dev.primacy.multisite.Rows.follows;
import static dev.primacy.multisite.Rows.knowsNothing;
import static dev.primacy.multisite.Rows.lacks;
import static dev.primacy.multisite.Rows.takes;
import static dev.primacy.multisite.Seen.OF_A2;
import static dev.primacy.multisite.Seen.OF_B;
import static dev.primacy.multisite.Seen.STOP;
import static dev.primacy.multisite.Seen.newborn;
import static dev.primacy.multisite.Seen.standby;
import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows for a site that does not hold the lease while another, or another member of this site, holds it. */
final class StandbySiteTest {
    private static final Seen OTHER_LEADS = standby().lock(OF_B).site("b", 3, 5100);

    @Test
    void followsTheLeaderSite() {
        follows(OTHER_LEADS, "b");
    }

    @Test
    void knowsTheLeadersAddress() {
        assertThat(Rows.stands(OTHER_LEADS)).isEqualTo(new SiteStanding.Standby("b", Optional.of(Seen.address("b"))));
    }

    @Test
    void leaderThatHasNotToldItsAddressIsFollowedLater() {
        assertThat(Rows.stands(standby().lock(OF_B))).isEqualTo(new SiteStanding.Standby("b", Optional.empty()));
        assertThat(Rows.stands(standby().lock(OF_B).member("b", "{\"port\":0}")))
                .isEqualTo(new SiteStanding.Standby("b", Optional.empty()));
    }

    @Test
    void newbornSiteFollowsToo() {
        follows(newborn().lock(OF_B), "b");
    }

    @Test
    void followerOfItsOwnSiteSeesTheLeaderSite() {
        follows(OTHER_LEADS.follower(), "b");
    }

    @Test
    void followerInTheLeaderSiteKnowsThatAnotherMemberSpeaks() {
        knowsNothing(standby().lock(OF_A2).follower(), "this site leads through another member");
    }

    @Test
    void foreignDataIsServedToNobody() {
        assertThat(Rows.stands(OTHER_LEADS.foreignData())).isInstanceOf(SiteStanding.Foreign.class);
    }

    @Test
    void silentStoreMakesItForgetTheLeader() {
        knowsNothing(
                OTHER_LEADS
                        .before(new SiteStanding.Standby("b", Optional.empty()))
                        .unanswered(),
                "does not answer");
    }

    @Test
    void newLocalLeaderInheritsTheLeaseAndTakesBackWhatItsPredecessorTold() {
        Seen seen = standby().lock(OF_A2).switchover("b", STOP);
        assertThat(takes(seen, Optional.of(OF_A2), "").with()).isEqualTo(Rows.clears(seen));
    }

    @Test
    void inheritingClaimFailsOnAStopToldMeanwhileEvenIfThereWasNoRequest() {
        Seen seen = standby().lock(OF_A2);
        assertThat(takes(seen, Optional.of(OF_A2), "").with()).isEqualTo(Rows.clears(seen));
    }

    @Test
    void newLocalLeaderInheritsTheFoundingOfTheGroup() {
        takes(newborn().record(RecordKey.INITIALIZE, "").lock(OF_A2), Optional.of(OF_A2), "");
        assertThat(Rows.leads(newborn().lock(OF_A2).leased(OF_A2)).mayFound()).isFalse();
    }

    @Test
    void newLocalLeaderDoesNotInheritWhatItLacksTooMuchDataFor() {
        assertThat(takes(standby().lock(OF_A2).at(3, 4900), Optional.of(OF_A2), "")
                        .lostBytes())
                .isEqualTo(100);
        lacks(standby().lock(OF_A2).at(3, 4899), "not inheriting the lease: 101 bytes");
        lacks(standby().lock(OF_A2).at(2, 9000), "the leader was on timeline 3");
        knowsNothing(standby().lock(OF_A2).notRunning(), "it is not known how far its data goes");
        lacks(newborn().lock(OF_A2), "there is no data here");
    }

    @Test
    void memberWhoseKnowledgeOfTheLeaderLockIsOldDoesNotInheritFromALaterLeader() {
        Seen seen = standby().lock(OF_A2);
        knowsNothing(seen.toldBy("a", Seen.TERM + 1), "later, in term 18");
        takes(seen.toldBy("a", Seen.TERM), Optional.of(OF_A2), "");
        takes(seen.toldBy("b", Seen.TERM + 1), Optional.of(OF_A2), "");
    }

    @Test
    void targetTakesTheStoppedLeadersLock() {
        Seen seen = OTHER_LEADS.switchover("a", STOP).at(3, 5001);
        assertThat(takes(seen, Optional.of(OF_B), "switchover").with()).isEqualTo(Rows.clears(seen));
    }

    @Test
    void targetWaitsForTheShutdownCheckpointItself() {
        follows(OTHER_LEADS.switchover("a", STOP).at(3, 5000), "b");
    }

    @Test
    void targetOnAnotherTimelineWaits() {
        follows(OTHER_LEADS.switchover("a", STOP).at(4, 6000), "b");
        follows(OTHER_LEADS.switchover("a", STOP).at(2, 6000), "b");
    }

    @Test
    void targetWaitsUntilTheCheckpointIsReplayedSinceReceivedBytesMayNotContinueItsData() {
        follows(OTHER_LEADS.switchover("a", STOP).at(3, 6000, 5000), "b");
    }

    @Test
    void onlyTheMemberThatTheLeaderSawStreamingTakesItsLock() {
        Seen seen = OTHER_LEADS.at(3, 6000);
        SiteSwitchover request = SiteSwitchover.requested("a");
        follows(seen.record(RecordKey.FAILOVER, request.stoppedAt(STOP, "a2").encode()), "b");
        follows(
                seen.record(
                        RecordKey.FAILOVER, "{\"target_site\":\"a\",\"shutdown_timeline\":3,\"shutdown_lsn\":5000}"),
                "b");
    }

    @Test
    void positionsBeyondHalfOfTheirRangeAreComparedUnsigned() {
        follows(OTHER_LEADS.switchover("a", new Stopped(3, 5000)).at(3, 4000), "b");
        takes(OTHER_LEADS.switchover("a", new Stopped(3, 5000)).at(3, Long.MIN_VALUE), Optional.of(OF_B), "switchover");
    }

    @Test
    void targetWhoseServerDoesNotRunWaits() {
        follows(OTHER_LEADS.switchover("a", STOP).notRunning(), "b");
    }

    @Test
    void targetWaitsWhileTheLeaderHasNotStopped() {
        follows(OTHER_LEADS.switchover("a"), "b");
    }

    @Test
    void siteThatIsNotTheTargetTakesNothing() {
        follows(OTHER_LEADS.switchover("c", STOP).at(3, 6000), "b");
    }

    @Test
    void targetWithAnUnreadableEpochDoesNotCountFromTheStartAgain() {
        follows(OTHER_LEADS.switchover("a", STOP).at(3, 6000).record(RecordKey.EPOCH, "x"), "b");
    }

    @Test
    void unreadableRequestIsNoRequest() {
        follows(OTHER_LEADS.record(RecordKey.FAILOVER, "rubbish"), "b");
    }

    @Test
    void targetsFollowerTakesNothing() {
        follows(OTHER_LEADS.switchover("a", STOP).at(3, 6000).follower(), "b");
    }
}

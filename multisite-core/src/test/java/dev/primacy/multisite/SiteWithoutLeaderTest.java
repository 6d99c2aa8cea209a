// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import static dev.primacy.multisite.Rows.knowsNothing;
import static dev.primacy.multisite.Rows.lacks;
import static dev.primacy.multisite.Rows.takes;
import static dev.primacy.multisite.Seen.OTHER;
import static dev.primacy.multisite.Seen.STOP;
import static dev.primacy.multisite.Seen.newborn;
import static dev.primacy.multisite.Seen.standby;
import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.record.InitializeRecord;
import dev.primacy.multisite.SiteDecision.Take;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows for a group that no site leads: founding and takeover. */
final class SiteWithoutLeaderTest {
    @Test
    void newbornSiteFoundsGroupWithoutDatabase() {
        Seen seen = newborn().without(RecordKey.INITIALIZE);
        String value = new InitializeRecord(Optional.empty()).encodeForGroup("a");
        assertThat(takes(seen, Optional.empty(), "founded").with())
                .containsExactly(RecordWrite.create(RecordKey.INITIALIZE, value));
    }

    @Test
    void newbornSiteFoundsAgainWhenFounderDiedBeforeItsDatabase() {
        Seen seen = newborn().record(RecordKey.INITIALIZE, "");
        Take take = takes(seen, Optional.empty(), "founded");
        assertThat(take.with().get(0).expected())
                .isEqualTo(new RecordWrite.Expected.At(
                        seen.stored(RecordKey.INITIALIZE).orElseThrow().version()));
    }

    @Test
    void siteWithDataFoundsGroupWithIt() {
        Take take = takes(standby().without(RecordKey.INITIALIZE), Optional.empty(), "founded");
        assertThat(take.with().get(0).value().orElseThrow()).contains(Seen.OURS);
    }

    /** Its position is known: it was created and never used. */
    @Test
    void siteWithTheGroupsUnusedDatabaseTakesOver() {
        Seen seen = standby().without(RecordKey.STATUS).at(1, 100);
        takes(seen, Optional.empty(), "takeover");
        takes(seen.lock(Seen.OF_A2), Optional.of(Seen.OF_A2), "");
    }

    /** The claim voids what an earlier holder of the lease may still be about to record. */
    @Test
    void claimOfAGroupWithoutDatabaseReplacesTheRecordThatWasRead() {
        Seen seen = standby().record(RecordKey.INITIALIZE, "");
        assertThat(takes(seen, Optional.empty(), "founded").with().get(0).expected())
                .isEqualTo(new RecordWrite.Expected.At(
                        seen.stored(RecordKey.INITIALIZE).orElseThrow().version()));
    }

    @Test
    void newbornSiteNeverFoundsASecondDatabase() {
        lacks(newborn(), "there is no data here");
    }

    @Test
    void newbornSiteDoesNotTakeUnreadableInitializeForNone() {
        knowsNothing(newborn().record(RecordKey.INITIALIZE, "rubbish"), "initialize record cannot be read");
    }

    @Test
    void siteWithOtherDatabaseIsForeign() {
        assertThat(Rows.stands(standby().foreignData())).isEqualTo(new SiteStanding.Foreign(Seen.OURS, OTHER));
    }

    @Test
    void siteWithAllDataTakesOver() {
        Take take = takes(standby(), Optional.empty(), "takeover");
        assertThat(take.lostBytes()).isZero();
        assertThat(take.with()).isEmpty();
    }

    @Test
    void followerOfItsOwnSiteTakesNothing() {
        knowsNothing(standby().follower(), "no site leads");
    }

    @Test
    void lossWithinTheBoundIsTakenAndTold() {
        assertThat(takes(standby().at(3, 4900), Optional.empty(), "takeover").lostBytes())
                .isEqualTo(100);
    }

    @Test
    void whatIsReceivedAndNotReplayedCountsAsLost() {
        lacks(standby().at(3, 5000, 4899), "101 bytes of the leader's WAL never got into the data here");
    }

    @Test
    void lossBeyondTheBoundIsNotTaken() {
        lacks(standby().at(3, 4899), "101 bytes of the leader's WAL never got into the data here");
    }

    @Test
    void positionsBeyondHalfOfTheirRangeAreComparedUnsigned() {
        Seen far = standby().at(3, -5);
        assertThat(takes(far, Optional.empty(), "takeover").lostBytes()).isZero();
        takes(far.site("b", 3, 5001).leaderlessFor(1), Optional.empty(), "takeover");
    }

    @Test
    void earlierTimelineThanTheLeadersDoesNotTakeOver() {
        lacks(standby().at(2, 9000), "the leader was on timeline 3, this site is on 2");
    }

    @Test
    void laterTimelineThanTheLeadersTakesOver() {
        takes(standby().at(4, 5100), Optional.empty(), "takeover");
    }

    @Test
    void serverThatDoesNotRunDoesNotTakeOver() {
        knowsNothing(standby().notRunning(), "it is not known how far its data goes");
    }

    @Test
    void unreadableStatusStopsTakeover() {
        knowsNothing(standby().record(RecordKey.STATUS, "{}"), "status record cannot be read");
    }

    @Test
    void missingStatusDoesNot() {
        takes(standby().without(RecordKey.STATUS), Optional.empty(), "takeover");
    }

    @Test
    void unreadableEpochStopsTakeover() {
        knowsNothing(standby().record(RecordKey.EPOCH, "four"), "epoch record cannot be read");
    }

    @Test
    void siteWithLessDataLetsTheOtherGoFirst() {
        knowsNothing(standby().site("b", 3, 5001).leaderlessFor(1), "site b has more data");
    }

    @Test
    void siteOnLaterTimelineGoesFirst() {
        knowsNothing(standby().site("b", 4, 10).leaderlessFor(1), "site b has more data");
    }

    @Test
    void siteWithLessDataTakesOverWhenTheOtherDoesNot() {
        takes(standby().site("b", 3, 5001).leaderlessFor(3), Optional.empty(), "takeover");
    }

    @Test
    void siteOfAnotherDatabaseIsNotWaitedFor() {
        takes(standby().site("b", OTHER, 9, 9000).leaderlessFor(1), Optional.empty(), "takeover");
    }

    @Test
    void unreadableSiteIsNotWaitedFor() {
        takes(standby().member("b", "rubbish").leaderlessFor(1), Optional.empty(), "takeover");
    }

    @Test
    void requestToTheDeadLeaderEndsWithIt() {
        Seen seen = standby().switchover("b", STOP);
        assertThat(takes(seen, Optional.empty(), "takeover").with()).isEqualTo(Rows.clears(seen));
    }

    @Test
    void noRequestNeedsNoWrite() {
        assertThat(takes(standby().record(RecordKey.FAILOVER, "{}"), Optional.empty(), "takeover")
                        .with())
                .isEqualTo(List.of());
    }
}

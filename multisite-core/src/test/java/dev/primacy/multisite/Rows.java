// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.multisite.SiteDecision.Stand;
import dev.primacy.multisite.SiteDecision.StepBack;
import dev.primacy.multisite.SiteDecision.Take;
import dev.primacy.multisite.SiteDecision.Write;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.multisite.SiteStanding.Leader;
import dev.primacy.multisite.SiteStanding.Standby;
import dev.primacy.multisite.SiteStanding.Unknown;
import java.util.List;
import java.util.Optional;

/** What a row of the table shall say. */
final class Rows {
    private Rows() {}

    static Leader leads(Seen seen) {
        SiteStanding standing = stands(seen);
        assertThat(standing).isInstanceOf(Leader.class);
        return (Leader) standing;
    }

    static void follows(Seen seen, String leader) {
        SiteStanding standing = stands(seen);
        assertThat(standing).isInstanceOf(Standby.class);
        assertThat(((Standby) standing).leaderSite()).isEqualTo(leader);
    }

    static void knowsNothing(Seen seen, String why) {
        SiteStanding standing = stands(seen);
        assertThat(standing).isInstanceOf(Unknown.class);
        assertThat(standing.reason()).contains(why);
    }

    static void lacks(Seen seen, String why) {
        SiteStanding standing = stands(seen);
        assertThat(standing).isInstanceOf(SiteStanding.Behind.class);
        assertThat(standing.reason()).contains(why);
    }

    static void handsOver(Seen seen) {
        assertThat(stands(seen)).isEqualTo(new HandingOver("b", Optional.of("b1")));
    }

    static SiteStanding stands(Seen seen) {
        SiteDecision decision = seen.decide();
        assertThat(decision).isInstanceOf(Stand.class);
        return decision.standing();
    }

    static SiteStanding stepsBack(Seen seen) {
        SiteDecision decision = seen.decide();
        assertThat(decision).isInstanceOf(StepBack.class);
        assertThat(decision.standing()).isNotInstanceOf(Leader.class);
        return decision.standing();
    }

    static Take takes(Seen seen, Optional<Lock> replacing, String cause) {
        SiteDecision decision = seen.decide();
        assertThat(decision).isInstanceOf(Take.class);
        Take take = (Take) decision;
        assertThat(take.replacing()).isEqualTo(replacing);
        assertThat(take.cause()).isEqualTo(Optional.of(cause).filter(text -> !text.isEmpty()));
        assertThat(take.standing()).isNotInstanceOf(Leader.class);
        return take;
    }

    /** The request is taken back on the condition that it is still what was read, the site standing so meanwhile. */
    static void cancels(Seen seen, String why, SiteStanding meanwhile) {
        SiteDecision decision = seen.decide();
        assertThat(decision).isInstanceOf(Write.class);
        Write write = (Write) decision;
        assertThat(write.why()).contains(why);
        assertThat(write.write()).isEqualTo(clears(seen).get(0));
        assertThat(write.standing()).isEqualTo(meanwhile);
    }

    static List<RecordWrite> clears(Seen seen) {
        return List.of(RecordWrite.over(seen.stored(RecordKey.FAILOVER), RecordKey.FAILOVER, SiteSwitchover.NONE));
    }

    static RecordWrite writes(Seen seen, RecordKey key) {
        SiteDecision decision = seen.decide();
        assertThat(decision).isInstanceOf(Write.class);
        RecordWrite write = ((Write) decision).write();
        assertThat(write.key()).isEqualTo(key);
        assertThat(write.expected()).isNotInstanceOf(Expected.Anything.class);
        return write;
    }
}

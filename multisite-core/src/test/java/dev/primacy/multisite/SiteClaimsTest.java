// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.record.SiteHistory;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.multisite.SiteDecision.Take;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What changes together with the lock. */
final class SiteClaimsTest {
    private static final String LED_BY_B = "[{\"last_leader\":\"b\",\"switches\":0}]";
    private static final String LED_BY_A = "[{\"last_leader\":\"a\",\"switches\":0}]";

    @Test
    void anotherSitesTurnBeginsAnEpochAndAnEntry() {
        LockClaim claim = claim(Seen.standby().record(RecordKey.HISTORY, LED_BY_B));
        assertThat(value(claim, RecordKey.EPOCH)).contains("5");
        SiteHistory history = SiteHistory.parse(value(claim, RecordKey.HISTORY).orElseThrow());
        assertThat(history.size()).isEqualTo(2);
        assertThat(history.lastLeader()).contains("a");
    }

    @Test
    void sameSiteAgainIsNoNewEpoch() {
        assertThat(claim(Seen.standby().record(RecordKey.HISTORY, LED_BY_A)).with())
                .extracting(RecordWrite::key)
                .containsExactly(RecordKey.STATUS);
    }

    @Test
    void changeInsideTheSiteIsNoNewEpoch() {
        LockClaim claim = claim(Seen.standby().lock(Seen.OF_A2).record(RecordKey.HISTORY, LED_BY_B));
        assertThat(value(claim, RecordKey.EPOCH)).isEmpty();
        assertThat(value(claim, RecordKey.HISTORY)).isEmpty();
    }

    @Test
    void claimShowsTheLocalTermInTheStatusThatItKeeps() {
        LockClaim claim = claim(Seen.standby().lock(Seen.OF_A2));
        StatusRecord told = StatusRecord.parse(value(claim, RecordKey.STATUS).orElseThrow());
        assertThat(told.localTermOf("a")).contains(Seen.TERM);
        assertThat(told.optime()).isEqualTo(5000);
        assertThat(told.timeline()).contains(3L);
    }

    @Test
    void unreadableHistoryIsLeftAloneAndTheEpochGrows() {
        LockClaim claim = claim(Seen.standby().record(RecordKey.HISTORY, "rubbish"));
        assertThat(value(claim, RecordKey.EPOCH)).contains("5");
        assertThat(value(claim, RecordKey.HISTORY)).isEmpty();
    }

    @Test
    void firstLeaderBeginsTheFirstEpoch() {
        LockClaim claim = claim(Seen.newborn().without(RecordKey.INITIALIZE).without(RecordKey.EPOCH));
        assertThat(value(claim, RecordKey.EPOCH)).contains("1");
        assertThat(value(claim, RecordKey.INITIALIZE)).isPresent();
    }

    private static LockClaim claim(Seen seen) {
        return SiteClaims.claim((Take) seen.decide(), seen.observation(), Seen.CONFIG, Instant.EPOCH);
    }

    private static Optional<String> value(LockClaim claim, RecordKey key) {
        return claim.with().stream()
                .filter(write -> write.key().equals(key))
                .findFirst()
                .flatMap(RecordWrite::value);
    }
}

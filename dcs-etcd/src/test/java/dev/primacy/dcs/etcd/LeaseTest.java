// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.etcd.Lease.Kept;
import dev.primacy.time.MonotonicInstant;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final Kept KEPT = new Kept(new MonotonicInstant(100), 7);

    @Test
    void aTransactionOfTheSameTermThatWasSentNoEarlierProvesIt() {
        assertThat(KEPT.provenBy(7, new MonotonicInstant(100))).hasValue(new MonotonicInstant(100));
        assertThat(KEPT.provenBy(7, new MonotonicInstant(101))).hasValue(new MonotonicInstant(100));
    }

    @Test
    void anElectionInBetweenMayHaveHappenedBeforeIt() {
        assertThat(KEPT.provenBy(8, new MonotonicInstant(101))).isEmpty();
        assertThat(KEPT.provenBy(6, new MonotonicInstant(101))).isEmpty();
    }

    @Test
    void aTransactionThatWasSentEarlierSaysNothingOfLaterElections() {
        assertThat(KEPT.provenBy(7, new MonotonicInstant(99))).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class SessionProofTest {
    private static final Duration TICK = Duration.ofSeconds(1);

    /** The claim itself: when a write was processed, the leader had been told of a life sign from after the proof. */
    @Property
    void theLeaderKnowsOfEverySignOfLifeThatIsProven(@ForAll long seed) {
        EnsembleModel model = new EnsembleModel(seed, TICK);
        model.run(200);
        assertThat(model.answered()).isPositive();
    }

    @Example
    void aFreshSessionIsProvenFromBeforeItsConnection() {
        SessionProof proof = connectedAt(100);
        assertThat(exchange(proof, 130, 140)).isEqualTo(at(100));
    }

    @Example
    void aRequestAloneProvesNothingNew() {
        SessionProof proof = connectedAt(0);
        exchange(proof, 5000, 5010);
        assertThat(exchange(proof, 9000, 9010)).isEqualTo(at(0));
    }

    @Example
    void threeRequestsATickApartProveTheFirst() {
        SessionProof proof = connectedAt(0);
        exchange(proof, 5000, 5010);
        exchange(proof, 6010, 6020);
        assertThat(exchange(proof, 6020, 6030)).isEqualTo(at(5000));
    }

    @Example
    void theTickCountsFromTheAnswer() {
        SessionProof proof = connectedAt(0);
        exchange(proof, 5000, 5900);
        exchange(proof, 6100, 6110);
        assertThat(exchange(proof, 6200, 6210)).isEqualTo(at(0));
    }

    @Example
    void aNewConnectionForgetsTheOldOnesRequests() {
        SessionProof proof = connectedAt(0);
        exchange(proof, 5000, 5010);
        exchange(proof, 7000, 7010);
        proof.connecting(at(7500));
        proof.connected();
        assertThat(exchange(proof, 8000, 8010)).isEqualTo(at(7500));
    }

    @Example
    void aRequestThatMayHaveUsedEitherConnectionProvesOnlyTheSessionsBeginning() {
        SessionProof proof = connectedAt(3);
        SessionProof.Sent sent = proof.sending(at(5000));
        proof.connecting(at(6000));
        proof.connected();
        assertThat(proof.answered(sent, at(6500))).isEqualTo(at(3));
    }

    @Property
    void threeSignsOfLifeInATickKeepTheProofWithinTwoTicks(@ForAll @LongRange(max = 333) long since) {
        SessionProof proof = connectedAt(0);
        for (long now = 0; now < 20_000; now += 334) {
            exchange(proof, now, now + 2);
        }
        long now = 20_040 + since;
        assertThat(exchange(proof, now, now + 2)).isGreaterThanOrEqualTo(at(now - 1750));
    }

    private static SessionProof connectedAt(long millis) {
        SessionProof proof = new SessionProof(TICK);
        proof.connecting(at(millis));
        proof.connected();
        return proof;
    }

    private static MonotonicInstant exchange(SessionProof proof, long sent, long answered) {
        return proof.answered(proof.sending(at(sent)), at(answered));
    }

    private static MonotonicInstant at(long millis) {
        return new MonotonicInstant(millis * 1_000_000);
    }
}

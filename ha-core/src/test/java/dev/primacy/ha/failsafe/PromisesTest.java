// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.failsafe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.ha.failsafe.Promises.Answer;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromisesTest implements PromiseMemory {
    private static final Duration TTL = Duration.ofSeconds(30);

    private MonotonicInstant now = new MonotonicInstant(Duration.ofHours(1).toNanos());
    private Optional<Promise> kept = Optional.empty();
    private boolean diskFull;
    private boolean leads;
    private Promises promises = start();

    private Promises start() {
        return new Promises(() -> now, this, () -> leads, true, TTL);
    }

    @Override
    public Optional<Promise> recall() {
        return kept;
    }

    @Override
    public void keep(Promise promise) {
        if (diskFull) {
            throw new UncheckedIOException(new IOException("disk full"));
        }
        kept = Optional.of(promise);
    }

    private void pass(int seconds) {
        now = now.plus(Duration.ofSeconds(seconds));
    }

    @Test
    void noClaimForATtlAfterAPromise() {
        assertThat(promises.promise("m1", Duration.ZERO)).isEqualTo(Answer.ACCEPTED);
        pass(29);
        assertThat(promises.beginClaim()).isFalse();
        assertThat(promises.current().orElseThrow().leader()).isEqualTo("m1");
        pass(1);
        assertThat(promises.beginClaim()).isTrue();
    }

    @Test
    void noPromiseWhileAClaimIsUnderWay() {
        assertThat(promises.beginClaim()).isTrue();
        assertThat(promises.promise("m1", TTL)).isEqualTo(Answer.CLAIMS);
        promises.endClaim();
        assertThat(promises.promise("m1", TTL)).isEqualTo(Answer.ACCEPTED);
    }

    @Test
    void noPromiseOfALeader() {
        leads = true;
        assertThat(promises.promise("m1", TTL)).isEqualTo(Answer.LEADS);
        assertThat(promises.current()).isEmpty();
    }

    @Test
    void noPromiseWithoutFailsafeModeAndThoseOfBeforeStand() {
        promises.promise("m1", TTL);
        promises.configure(false, TTL);
        assertThat(promises.promise("m1", TTL)).isEqualTo(Answer.OFF);
        assertThat(promises.beginClaim()).isFalse();
    }

    /** The leader may go by a longer ttl than this member knows, or by a shorter one than it asked for before. */
    @Test
    void theLongestCounts() {
        promises.promise("m1", Duration.ofSeconds(60));
        promises.promise("m1", Duration.ofSeconds(5));
        pass(59);
        assertThat(promises.beginClaim()).isFalse();
        pass(1);
        assertThat(promises.beginClaim()).isTrue();
    }

    @Test
    void whatIsNotKeptOnDiskIsNotPromised() {
        diskFull = true;
        assertThat(promises.promise("m1", TTL)).isEqualTo(Answer.NOT_KEPT);
        assertThat(promises.beginClaim()).isTrue();
    }

    @Test
    void theNextAgentRecallsIt() {
        promises.promise("m1", TTL);
        promises = start();
        assertThat(promises.beginClaim()).isFalse();
    }
}

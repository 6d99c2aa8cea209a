// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A backend can do what it says that it can. */
public abstract class CapabilityContract extends ContractCase {
    private static final int ROUNDS = 40;

    @Test
    final void aLongerTtlIsGrantedAsItIsSaid() {
        Duration wish = fixture.ttl().multipliedBy(4);
        Dcs session = open("c", wish);
        acquire(session, "site-1");
        assertThat(session.capabilities().ttl()).isBetween(wish, wish.plus(fixture.grace()));
        fixture.silence(session);
        fixture.pass(fixture.ttl().plus(fixture.grace()));
        assertThat(holder(b)).hasValue("site-1");
    }

    @Test
    final void everyVerbRejectsWhatIsTooLong() {
        String tooLong = "x".repeat(a.capabilities().maxValueBytes() + 1);
        List<RecordWrite> with = List.of(RecordWrite.blind(RecordKey.EPOCH, tooLong));
        Lock lock = acquire(a, "site-1");
        assertRejected(() -> a.write(RecordWrite.create(RecordKey.CONFIG, tooLong), TIMEOUT));
        assertRejected(() -> a.acquire(new LockClaim("site-1", Optional.of(lock), with), TIMEOUT));
        assertRejected(() -> a.renew(lock, Optional.of(tooLong), TIMEOUT));
        assertRejected(() -> a.release(lock, with, TIMEOUT));
        assertRejected(() -> a.register("node-1", tooLong, TIMEOUT));
        assertThat(snapshot(b)).isEqualTo(new Snapshot(Optional.of(lock), new TreeMap<>(), Map.of()));
    }

    @Test
    final void lengthIsCountedInBytes() {
        int max = a.capabilities().maxValueBytes();
        assertRejected(() -> a.write(RecordWrite.create(RecordKey.CONFIG, "\u20ac".repeat(max / 3 + 1)), TIMEOUT));
        write(a, RecordWrite.create(RecordKey.CONFIG, "\u20ac".repeat(max / 3)));
    }

    private static void assertRejected(ThrowingCallable verb) {
        assertThatThrownBy(verb)
                .isInstanceOf(DcsException.Rejected.class)
                .message()
                .hasSizeLessThan(1000);
    }

    /** Where a snapshot is not said to be of one moment, each record in it is still whole. */
    @Test
    final void aSnapshotIsOfOneMomentIfThatIsSaid() {
        boolean atomic = a.capabilities().atomicSnapshot();
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < ROUNDS && !over.get(); i++) {
                writeBoth(String.valueOf(i));
            }
        });
        try {
            while (!writer.isDone()) {
                Snapshot seen = snapshot(b);
                Optional<String> epoch = seen.record(RecordKey.EPOCH).map(Stored::value);
                Optional<String> history = seen.record(RecordKey.HISTORY).map(Stored::value);
                assertThat(!atomic || epoch.equals(history))
                        .as("epoch %s together with history %s", epoch, history)
                        .isTrue();
            }
        } finally {
            over.set(true);
        }
        writer.join();
        assertThat(value(b, RecordKey.EPOCH)).hasValue(String.valueOf(ROUNDS - 1));
        assertThat(value(b, RecordKey.HISTORY)).hasValue(String.valueOf(ROUNDS - 1));
    }

    /** In one transaction, with the lock or with its release. */
    private void writeBoth(String value) {
        List<RecordWrite> both =
                List.of(RecordWrite.blind(RecordKey.EPOCH, value), RecordWrite.blind(RecordKey.HISTORY, value));
        Optional<Lock> held = a.snapshot(TIMEOUT).leader();
        if (held.isPresent()) {
            assertThat(a.release(held.get(), both, TIMEOUT)).isInstanceOf(ReleaseOutcome.Released.class);
        } else {
            assertThat(a.acquire(new LockClaim("site-1", Optional.empty(), both), TIMEOUT))
                    .isInstanceOf(AcquireOutcome.Acquired.class);
        }
    }
}

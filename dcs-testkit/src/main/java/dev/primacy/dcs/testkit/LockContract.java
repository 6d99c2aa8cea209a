// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Version;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The leader lock has one holder at most, and changes together with the writes that belong to it. */
public abstract class LockContract extends ContractCase {
    @Test
    final void aFreeLockIsTaken() {
        Lock lock = acquire(a, "site-1");
        assertThat(lock.holder()).isEqualTo("site-1");
        assertThat(a.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
    }

    @Test
    final void aHeldLockIsRefusedToOthersAndToItsHolder() {
        Lock lock = acquire(a, "site-1");
        assertRefused(b, LockClaim.free("site-2"));
        assertRefused(b, LockClaim.free("site-1"));
        assertRefused(a, LockClaim.free("site-1"));
        assertThat(snapshot(b).leader()).hasValue(lock);
    }

    @Test
    final void oneOfManyGetsIt() {
        List<CompletableFuture<AcquireOutcome>> claims = Stream.of(a, b, open("c"), open("d"))
                .map(session -> CompletableFuture.supplyAsync(() -> session.acquire(LockClaim.free("one"), TIMEOUT)))
                .toList();
        assertThat(claims.stream().map(CompletableFuture::join))
                .filteredOn(outcome -> outcome instanceof AcquireOutcome.Acquired)
                .hasSize(1);
    }

    @Test
    final void aReleasedLockIsFreeAtOnce() {
        Lock lock = acquire(a, "site-1");
        assertThat(a.release(lock, List.of(), TIMEOUT)).isInstanceOf(ReleaseOutcome.Released.class);
        assertThat(snapshot(b).leader()).isEmpty();
        acquire(b, "site-2");
    }

    @Test
    final void aLockIsTakenTogetherWithItsWrites() {
        acquire(
                a,
                new LockClaim(
                        "site-1",
                        Optional.empty(),
                        List.of(RecordWrite.create(RecordKey.EPOCH, "1"), RecordWrite.blind(RecordKey.HISTORY, "[]"))));
        assertThat(value(b, RecordKey.EPOCH)).hasValue("1");
        assertThat(value(b, RecordKey.HISTORY)).hasValue("[]");
    }

    @Test
    final void aLockIsNotTakenIfOneOfItsWritesCannotBe() {
        write(b, RecordWrite.create(RecordKey.EPOCH, "7"));
        assertRefused(
                a,
                new LockClaim(
                        "site-1",
                        Optional.empty(),
                        List.of(RecordWrite.blind(RecordKey.HISTORY, "[]"), RecordWrite.create(RecordKey.EPOCH, "1"))));
        assertThat(snapshot(b).leader()).isEmpty();
        assertThat(value(b, RecordKey.EPOCH)).hasValue("7");
        assertThat(value(b, RecordKey.HISTORY)).isEmpty();
    }

    @Test
    final void nothingIsWrittenIfTheLockIsHeld() {
        acquire(b, "site-2");
        assertRefused(a, new LockClaim("site-1", Optional.empty(), List.of(RecordWrite.create(RecordKey.EPOCH, "1"))));
        assertThat(value(b, RecordKey.EPOCH)).isEmpty();
    }

    @Test
    final void aLockIsReleasedTogetherWithItsWrites() {
        Version epoch = write(a, RecordWrite.create(RecordKey.EPOCH, "1"));
        Lock lock = acquire(a, "site-1");
        List<RecordWrite> with =
                List.of(RecordWrite.delete(RecordKey.EPOCH, epoch), RecordWrite.blind(RecordKey.STATUS, "last"));
        assertThat(a.release(lock, with, TIMEOUT)).isInstanceOf(ReleaseOutcome.Released.class);
        assertThat(snapshot(b).leader()).isEmpty();
        assertThat(value(b, RecordKey.EPOCH)).isEmpty();
        assertThat(value(b, RecordKey.STATUS)).hasValue("last");
    }

    @Test
    final void aLockIsNotReleasedIfOneOfItsWritesCannotBe() {
        Lock lock = acquire(a, "site-1");
        write(b, RecordWrite.create(RecordKey.EPOCH, "7"));
        List<RecordWrite> with =
                List.of(RecordWrite.blind(RecordKey.STATUS, "last"), RecordWrite.create(RecordKey.EPOCH, "1"));
        assertThat(a.release(lock, with, TIMEOUT)).isInstanceOf(ReleaseOutcome.Refused.class);
        assertThat(snapshot(b).leader()).hasValue(lock);
        assertThat(value(b, RecordKey.STATUS)).isEmpty();
    }

    @Test
    final void renewingPublishesTheStatusOrLeavesItAlone() {
        Lock lock = acquire(a, "site-1");
        a.renew(lock, Optional.of("{\"optime\":1}"), TIMEOUT);
        a.renew(lock, Optional.of("{\"optime\":2}"), TIMEOUT);
        a.renew(lock, Optional.empty(), TIMEOUT);
        assertThat(value(b, RecordKey.STATUS)).hasValue("{\"optime\":2}");
        assertThat(snapshot(b).leader()).as("renewed, not taken anew").hasValue(lock);
    }

    @Test
    final void releasingKeepsTheSessionAndItsMembers() {
        a.register("node-1", "{}", TIMEOUT);
        Lock lock = acquire(a, "site-1");
        a.release(lock, List.of(), TIMEOUT);
        assertThat(snapshot(b).members()).containsKey("node-1");
        assertThat(acquire(a, "site-1").session()).isEqualTo(lock.session());
    }

    private static void assertRefused(Dcs session, LockClaim claim) {
        assertThat(session.acquire(claim, TIMEOUT)).isInstanceOf(AcquireOutcome.Refused.class);
    }
}

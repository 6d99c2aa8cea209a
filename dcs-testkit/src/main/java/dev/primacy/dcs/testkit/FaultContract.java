// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A network that fails: every verb ends in time, and says no more than is known. */
@Tag("Faults")
public abstract class FaultContract extends ContractCase {
    private static final Duration SHORT = Duration.ofMillis(700);
    private static final Duration SLACK = Duration.ofMillis(500);
    /** More pieces than any verb needs replies. */
    private static final int PIECES = 6;

    @Override
    protected abstract RemoteFixture fixture();

    private FaultProxy network(Dcs session) {
        return ((RemoteFixture) fixture).network(session);
    }

    @Test
    final void aStoreThatIsCutOffIsUnreachableInTime() {
        Lock lock = acquire(a, "site-1");
        network(a).cut();
        assertAllVerbsEndInTime(lock);
    }

    @Test
    final void aFrozenStoreIsUnreachableInTime() {
        Lock lock = acquire(a, "site-1");
        network(a).freeze();
        assertAllVerbsEndInTime(lock);
    }

    private void assertAllVerbsEndInTime(Lock lock) {
        assertThat(problem(() -> a.snapshot(SHORT))).isInstanceOf(DcsException.Unreachable.class);
        assertThat(problem(() -> a.write(RecordWrite.blind(RecordKey.CONFIG, "x"), SHORT)))
                .isNotNull();
        assertThat(problem(() -> a.renew(lock, Optional.empty(), SHORT))).isNotNull();
        assertThat(problem(() -> a.register("node-1", "{}", SHORT))).isNotNull();
        assertThat(problem(() -> a.acquire(LockClaim.free("site-1"), SHORT))).isNotNull();
        assertThat(problem(() -> a.release(lock, List.of(), SHORT))).isNotNull();
    }

    /** What a verb with the timeout {@link #SHORT} threw, which must not be a refusal, and not late. */
    private Throwable problem(Runnable verb) {
        MonotonicInstant start = fixture.clock().now();
        Throwable thrown = catchThrowable(verb::run);
        assertThat(start.until(fixture.clock().now())).isLessThan(SHORT.plus(SLACK));
        assertThat(thrown).isInstanceOf(DcsException.class).isNotInstanceOf(DcsException.Rejected.class);
        return thrown;
    }

    @Test
    final void aShortInterruptionCostsNothing() {
        Lock lock = acquire(a, "site-1");
        FaultProxy network = network(a);
        network.freeze();
        fixture.pass(fixture.ttl().dividedBy(4));
        network.heal();
        assertThat(a.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
        network.reset();
        soon("the lock is renewed over a new connection", () -> isRenewed(lock));
        assertThat(snapshot(b).leader()).hasValue(lock);
    }

    private boolean isRenewed(Lock lock) {
        try {
            RenewOutcome outcome = a.renew(lock, Optional.empty(), TIMEOUT);
            assertThat(outcome).as("a lock whose ttl is not over").isInstanceOf(RenewOutcome.Renewed.class);
            return true;
        } catch (DcsException e) {
            // The connection broke under this very request.
            assertThat(e).isNotInstanceOf(DcsException.Rejected.class);
            return false;
        }
    }

    @Test
    final void aSlowStoreIsWaitedFor() {
        network(a).delay(Duration.ofMillis(100));
        Lock lock = acquire(a, "site-1");
        assertThat(a.renew(lock, Optional.of("slow"), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
        assertThat(value(a, RecordKey.STATUS)).hasValue("slow");
    }

    @Test
    final void closingDoesNotWaitForAFrozenStore() {
        snapshot(a);
        network(a).freeze();
        MonotonicInstant start = fixture.clock().now();
        a.close();
        assertThat(start.until(fixture.clock().now())).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    final void aWriteWhoseReplyIsLostIsNotDenied() {
        for (int pieces = 0; pieces < PIECES; pieces++) {
            RecordKey key = new RecordKey("lost/" + pieces);
            Dcs session = withLossAfter(pieces, open("c"));
            check(
                    pieces,
                    () -> session.write(RecordWrite.create(key, "x"), SHORT) instanceof WriteOutcome.Done,
                    () -> snapshotHas(key, "x"));
        }
    }

    @Test
    final void aCreationWhoseReplyIsLostIsNotDoneAgain() {
        for (int pieces = 0; pieces < PIECES; pieces++) {
            RecordKey key = new RecordKey("again/" + pieces);
            Dcs session = withLossAfter(pieces, open("c"));
            CompletableFuture<Void> creation = CompletableFuture.runAsync(() -> create(session, key));
            within(TIMEOUT, "it is there, or was given up", () -> creation.isDone() || snapshotHas(key, "x"));
            Optional<Stored> created = snapshot(b).record(key);
            created.ifPresent(stored -> write(b, RecordWrite.delete(key, stored.version())));
            network(session).heal();
            creation.join();
            if (created.isPresent()) {
                assertThat(value(b, key))
                        .as("what was deleted, with replies lost after piece " + pieces)
                        .isEmpty();
            }
        }
    }

    private static void create(Dcs session, RecordKey key) {
        try {
            session.write(RecordWrite.create(key, "x"), Duration.ofSeconds(2));
        } catch (DcsException e) {
            assertThat(e).isNotInstanceOf(DcsException.Rejected.class);
        }
    }

    @Test
    final void anAcquisitionWhoseReplyIsLostIsNotDenied() {
        for (int pieces = 0; pieces < PIECES; pieces++) {
            Dcs session = withLossAfter(pieces, open("c"));
            check(
                    pieces,
                    () -> session.acquire(LockClaim.free("site-1"), SHORT) instanceof AcquireOutcome.Acquired,
                    () -> snapshot(b).leader().isPresent());
            closeAndWait(session);
        }
    }

    @Test
    final void aReleaseWhoseReplyIsLostIsNotDenied() {
        for (int pieces = 0; pieces < PIECES; pieces++) {
            Dcs session = open("c");
            Lock lock = acquire(session, "site-1");
            withLossAfter(pieces, session);
            check(
                    pieces,
                    () -> session.release(lock, List.of(), SHORT) instanceof ReleaseOutcome.Released,
                    () -> !snapshot(b).isHeldBy(lock));
            closeAndWait(session);
        }
    }

    @Test
    final void aRenewalWhoseReplyIsLostIsNotDenied() {
        for (int pieces = 0; pieces < PIECES; pieces++) {
            String status = "status " + pieces;
            Dcs session = open("c");
            Lock lock = acquire(session, "site-1");
            withLossAfter(pieces, session);
            check(
                    pieces,
                    () -> session.renew(lock, Optional.of(status), SHORT) instanceof RenewOutcome.Renewed,
                    () -> snapshotHas(RecordKey.STATUS, status));
            closeAndWait(session);
        }
    }

    private void closeAndWait(Dcs session) {
        network(session).heal();
        session.close();
        within(
                fixture.ttl().plus(fixture.grace()),
                "the lock is free",
                () -> snapshot(b).leader().isEmpty());
    }

    private Dcs withLossAfter(int pieces, Dcs session) {
        snapshot(session);
        network(session).loseRepliesAfter(pieces);
        return session;
    }

    private boolean snapshotHas(RecordKey key, String value) {
        return value(b, key).filter(value::equals).isPresent();
    }

    private void check(int pieces, BooleanSupplier verb, BooleanSupplier happened) {
        String when = "with replies lost after piece " + pieces;
        try {
            assertThat(verb.getAsBoolean()).as("no race is lost " + when).isTrue();
            assertThat(happened.getAsBoolean()).as("it happened " + when).isTrue();
        } catch (DcsException.Unreachable e) {
            fixture.pass(SLACK);
            assertThat(happened.getAsBoolean())
                    .as("it surely did not happen " + when)
                    .isFalse();
        } catch (DcsException.OutcomeUnknown e) {
            // Either may be the case; nobody was told more than is known.
            assertThat(e).hasMessageContaining(":");
        }
    }
}

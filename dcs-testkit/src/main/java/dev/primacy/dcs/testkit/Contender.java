// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.testkit.HistoryContract.Belief;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** One client of a history: takes the lock when it can, renews it for a while, and loses it in one of several ways. */
final class Contender {
    private final String name;
    private final DcsFixture fixture;
    private final LeaseTiming timing;
    private final Random random;
    private final Consumer<Belief> history;
    private final List<Dcs> silent = new ArrayList<>();
    private Dcs session;

    Contender(String name, DcsFixture fixture, LeaseTiming timing, Random random, Consumer<Belief> history) {
        this.name = name;
        this.fixture = fixture;
        this.timing = timing;
        this.random = random;
        this.history = history;
        this.session = fixture.open(name);
    }

    void fightUntil(MonotonicInstant end) {
        while (fixture.clock().now().isBefore(end)) {
            try {
                if (session.acquire(LockClaim.free(name), timing.requestTimeout())
                        instanceof AcquireOutcome.Acquired acquired) {
                    reign(acquired);
                }
                pause();
            } catch (DcsException e) {
                // Whatever the store holds now belongs to this session, and goes with it.
                replaceSession();
            }
        }
        inBackground(session::close);
        silent.forEach(left -> inBackground(left::close));
    }

    private void reign(AcquireOutcome.Acquired acquired) {
        Lock lock = acquired.lock();
        MonotonicInstant from = fixture.clock().now();
        MonotonicInstant until = timing.rightUntil(acquired.proven());
        int renewals = random.nextInt(12);
        // A session that dies in mid-reign goes on being believed in until the last proof is used up.
        boolean falling = random.nextInt(4) == 0;
        for (int i = 0; i < renewals && fixture.clock().now().isBefore(until); i++) {
            if (falling && i == renewals / 2) {
                fixture.silence(session);
            }
            pause();
            Optional<MonotonicInstant> longer = renew(lock);
            if (longer.isEmpty()) {
                break;
            }
            until = longer.get().isAfter(until) ? longer.get() : until;
        }
        leave(lock, from, until);
    }

    /** Until when the right goes then; empty if the lock is lost or nothing was heard. */
    private Optional<MonotonicInstant> renew(Lock lock) {
        try {
            return session.renew(lock, Optional.of(name), timing.requestTimeout())
                            instanceof RenewOutcome.Renewed renewed
                    ? Optional.of(timing.rightUntil(renewed.proven()))
                    : Optional.empty();
        } catch (DcsException e) {
            // No answer says nothing about the lock; the right that was proven stands.
            return Optional.empty();
        }
    }

    private void leave(Lock lock, MonotonicInstant from, MonotonicInstant until) {
        switch (random.nextInt(6)) {
            case 0, 1, 2 -> {
                believed(lock, from, until.earlier(fixture.clock().now()));
                session.release(lock, List.of(), timing.requestTimeout());
            }
            case 3, 4 -> {
                believed(lock, from, until.earlier(fixture.clock().now()));
                replaceSession();
            }
            default -> {
                fixture.silence(session);
                believed(lock, from, until);
                // Closing it now could end it at the store, and this tenure is to last as long as it can.
                silent.add(session);
                session = fixture.open(name);
            }
        }
    }

    private void believed(Lock lock, MonotonicInstant from, MonotonicInstant until) {
        if (from.isBefore(until)) {
            history.accept(new Belief(name, lock.term(), from, until));
        }
    }

    private void replaceSession() {
        inBackground(session::close);
        session = fixture.open(name);
    }

    private static void inBackground(Runnable closing) {
        Link.daemon("closing", closing);
    }

    private void pause() {
        fixture.pass(Duration.ofMillis(5 + random.nextInt(60)));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.history;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicInstant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** One client of a history: takes the lock when it can, renews it for a while, and loses it in one of several ways. */
final class LockClient {
    private final String name;
    private final Play play;
    private final LeaseTiming timing;
    private final Random random;
    /** With when the belief in each ends. */
    private final Map<Dcs, MonotonicInstant> silent = new HashMap<>();

    private Dcs session;

    LockClient(String name, Play play, Random random) {
        this.name = name;
        this.play = play;
        this.timing = play.timing();
        this.random = random;
        this.session = play.open(name);
    }

    void fightUntil(MonotonicInstant end) {
        while (play.now().isBefore(end)) {
            try {
                if (session.acquire(LockClaim.free(name), timing.requestTimeout())
                        instanceof AcquireOutcome.Acquired acquired) {
                    reign(acquired);
                }
                play.pause(random);
            } catch (DcsException.Rejected e) {
                play.history().complain(name + " was refused for good: " + e);
                replaceSession();
            } catch (DcsException e) {
                // Whatever the store holds now belongs to this session, and goes with it.
                replaceSession();
            }
        }
        play.close(session);
        silent.forEach(play::closeAfter);
    }

    private void reign(AcquireOutcome.Acquired acquired) {
        Lock lock = acquired.lock();
        MonotonicInstant from = play.now();
        MonotonicInstant until = timing.rightUntil(acquired.proven());
        int renewals = random.nextInt(12);
        // A session that dies in mid-reign goes on being believed in until the last proof is used up.
        boolean falling = random.nextInt(4) == 0;
        for (int i = 0; i < renewals && play.now().isBefore(until); i++) {
            if (falling && i == renewals / 2) {
                play.silence(session);
            }
            play.pause(random);
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
                believed(lock, from, until.earlier(play.now()));
                session.release(lock, List.of(), timing.requestTimeout());
            }
            case 3, 4 -> {
                believed(lock, from, until.earlier(play.now()));
                replaceSession();
            }
            default -> {
                play.silence(session);
                believed(lock, from, until);
                // Closing it now could end it at the store, and this tenure is to last as long as it can.
                silent.put(session, until);
                session = play.open(name);
            }
        }
    }

    private void believed(Lock lock, MonotonicInstant from, MonotonicInstant until) {
        if (from.isBefore(until)) {
            play.history().add(new Belief(name, lock.term(), from, until));
        }
    }

    private void replaceSession() {
        play.close(session);
        session = play.open(name);
    }
}

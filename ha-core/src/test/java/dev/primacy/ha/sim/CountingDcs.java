// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.ForwardingDcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Counts what one member asks of the store, in all its sessions, and lets a chosen request go wrong. */
final class CountingDcs extends ForwardingDcs {
    private final Counts counts;

    CountingDcs(Dcs store, Counts counts) {
        super(store);
        this.counts = counts;
    }

    /** Of one member. */
    static final class Counts {
        private int reads;
        private int writes;
        private int positions;
        private int untilDeath = -1;
        private int untilLostReply = -1;
        private boolean cut;
        private boolean deaf;
        private Runnable beforeClaim = () -> {};

        int reads() {
            return reads;
        }

        int writes() {
            return writes;
        }

        /** Renewals that wrote how far the WAL goes. */
        int positions() {
            return positions;
        }

        /** The member dies when the store has carried out its nth request from now. */
        void dieAfter(int requests) {
            untilDeath = requests;
        }

        /** The answer to the nth request from now gets lost. */
        void loseReplyAfter(int requests) {
            untilLostReply = requests;
        }

        /** The store cannot be reached. */
        void cut(boolean now) {
            cut = now;
        }

        /** Whether hints arrive. */
        void hear(boolean now) {
            deaf = !now;
        }

        /** Happens once, between the decision to claim the lock and the claim. */
        void beforeClaim(Runnable event) {
            beforeClaim = event;
        }

        private void claim() {
            Runnable event = beforeClaim;
            beforeClaim = () -> {};
            event.run();
            send();
        }

        private void send() {
            if (cut) {
                throw new DcsException.Unreachable("cut off", null);
            }
        }

        private void read() {
            reads++;
            done();
        }

        private void wrote() {
            writes++;
            done();
        }

        private void done() {
            if (--untilDeath == 0) {
                throw new VirtualTime.Death();
            }
            if (--untilLostReply == 0) {
                throw new DcsException.OutcomeUnknown("no reply", null);
            }
        }
    }

    @Override
    public Watch watch(Runnable hint) {
        return super.watch(() -> {
            if (!counts.deaf) {
                hint.run();
            }
        });
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        counts.send();
        Snapshot seen = super.snapshot(timeout);
        counts.read();
        return seen;
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        counts.send();
        WriteOutcome outcome = super.write(write, timeout);
        counts.wrote();
        return outcome;
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        counts.claim();
        AcquireOutcome outcome = super.acquire(claim, timeout);
        counts.wrote();
        return outcome;
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        counts.send();
        RenewOutcome outcome = super.renew(held, status, timeout);
        counts.positions += status.isPresent() ? 1 : 0;
        counts.wrote();
        return outcome;
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        counts.send();
        ReleaseOutcome outcome = super.release(held, with, timeout);
        counts.wrote();
        return outcome;
    }

    @Override
    public void register(String name, String value, Duration timeout) {
        counts.send();
        super.register(name, value, timeout);
        counts.wrote();
    }
}

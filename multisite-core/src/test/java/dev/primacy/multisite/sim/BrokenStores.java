// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.AcquireOutcome.Acquired;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.ForwardingDcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.RenewOutcome.Lost;
import dev.primacy.dcs.RenewOutcome.Renewed;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stores that break one promise of the contract each. */
final class BrokenStores {
    private BrokenStores() {}

    /** Releases whatever lock there is, also a successor's. */
    static Dcs releasingAnyLock(Dcs real, Group group) {
        return new ForwardingDcs(real) {
            @Override
            public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
                group.freeLock();
                return super.release(held, with, timeout);
            }
        };
    }

    /** Gives the lock to everybody who asks. */
    static Dcs givingHeldLocks(Dcs real, Group group) {
        return new ForwardingDcs(real) {
            @Override
            public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
                group.freeLock();
                return super.acquire(new LockClaim(claim.holder(), Optional.empty(), claim.with()), timeout);
            }
        };
    }

    /** Says that a lock is kept from the answer on, and for longer than it is. */
    static Dcs provingTooMuch(Dcs real, Group group) {
        return new ForwardingDcs(real) {
            private final Duration tooMuch = Group.TIMING.ttl().dividedBy(2);

            @Override
            public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
                AcquireOutcome outcome = super.acquire(claim, timeout);
                return outcome instanceof Acquired acquired
                        ? new Acquired(acquired.lock(), acquired.proven().plus(tooMuch))
                        : outcome;
            }

            @Override
            public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
                RenewOutcome outcome = super.renew(held, status, timeout);
                return outcome instanceof Renewed renewed
                        ? new Renewed(renewed.proven().plus(tooMuch))
                        : outcome;
            }
        };
    }

    /** Takes every answer to a renewal for one that says that the lock is still held. */
    static Dcs renewingLostLocks(Dcs real, Group group) {
        return new ForwardingDcs(real) {
            private Optional<Renewed> last = Optional.empty();

            @Override
            public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
                RenewOutcome outcome = super.renew(held, status, timeout);
                if (outcome instanceof Renewed renewed) {
                    last = Optional.of(renewed);
                }
                return last.<RenewOutcome>map(
                                before -> new Renewed(before.proven().plus(Group.TIMING.renewEvery())))
                        .filter(before -> outcome instanceof Lost)
                        .orElse(outcome);
            }
        };
    }

    /** Shows a stop of a switchover as if it lay at the very beginning: the target no longer waits for its data. */
    static Dcs hidingWhereTheLeaderStopped(Dcs real, Group group) {
        return new Changing(real, RecordKey.FAILOVER) {
            @Override
            String changed(String value) {
                return value.replaceAll("\"shutdown_lsn\":[0-9]+", "\"shutdown_lsn\":1");
            }
        };
    }

    /** Shows a group that has a database as one that has none. */
    static Dcs hidingTheDatabase(Dcs real, Group group) {
        return new Changing(real, RecordKey.INITIALIZE) {
            @Override
            String changed(String value) {
                return "{\"sysid\":\"\"}";
            }
        };
    }

    /** Shows no position of a leader that is there, or whose lock is: an heir then judges by its own cluster alone. */
    static Dcs hidingWhatTheLeaderTold(Dcs real, Group group) {
        return new ForwardingDcs(real) {
            @Override
            public Snapshot snapshot(Duration timeout) {
                Snapshot shown = super.snapshot(timeout);
                Map<RecordKey, Stored> records = new HashMap<>(shown.records());
                if (shown.leader().isPresent()) {
                    records.computeIfPresent(
                            RecordKey.STATUS, (of, stored) -> new Stored("{\"optime\":0}", stored.version()));
                }
                return new Snapshot(shown.leader(), shown.members(), records);
            }

            @Override
            public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
                List<RecordWrite> with = claim.with().stream()
                        .filter(write -> !write.key().equals(RecordKey.STATUS))
                        .toList();
                return super.acquire(new LockClaim(claim.holder(), claim.replacing(), with), timeout);
            }
        };
    }

    /** Shows one record as another. */
    private abstract static class Changing extends ForwardingDcs {
        private final RecordKey key;

        Changing(Dcs real, RecordKey key) {
            super(real);
            this.key = key;
        }

        abstract String changed(String value);

        @Override
        public Snapshot snapshot(Duration timeout) {
            Snapshot shown = super.snapshot(timeout);
            Map<RecordKey, Stored> records = new HashMap<>(shown.records());
            records.computeIfPresent(key, (of, stored) -> new Stored(changed(stored.value()), stored.version()));
            return new Snapshot(shown.leader(), shown.members(), records);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.store;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.memory.MemoryRecords;
import dev.primacy.dcs.record.WalPositions;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Objects that stay until somebody changes them, as in the API of Kubernetes. A lock is free for those who have seen no
 * renewal of it for its holder's ttl, each by its own clock from when it first saw the last one.
 */
final class ObservedStore {
    private static final int MAX_VALUE_BYTES = 1 << 20;

    private final MemoryRecords records = new MemoryRecords();
    private final TreeMap<String, Stored> members = new TreeMap<>();
    private Optional<Lock> lock = Optional.empty();
    /** What its holder has written beside it. */
    private Duration ttlOfLock = Duration.ZERO;

    private long beat;
    private final List<Client> clients = new ArrayList<>();
    private final Runnable changed;

    /**
     * An empty store.
     *
     * @param changed called when somebody who watches may want to look. That a holder gave a sign of life is no such event
     */
    ObservedStore(Runnable changed) {
        this.changed = changed;
    }

    Dcs open(String name, Duration ttl, MonotonicClock clock) {
        Client opened = new Client(name + "#" + (clients.size() + 1), ttl, clock);
        clients.add(opened);
        return opened;
    }

    /** For how long nobody takes the lock for free, in nanoseconds of the clock that counts least. */
    long keptFor() {
        long least = Long.MAX_VALUE / 2;
        for (Client client : clients) {
            if (client.seenBeat == beat) {
                least = Math.min(
                        least,
                        client.clock.now().until(client.seenAt.plus(ttlOfLock)).toNanos());
            }
        }
        return least;
    }

    Snapshot truth() {
        return new Snapshot(lock, members, records.view());
    }

    private final class Client implements Dcs {
        private final String session;
        private final Duration ttl;
        private final MonotonicClock clock;
        private long seenBeat = -1;
        private MonotonicInstant seenAt;

        Client(String session, Duration ttl, MonotonicClock clock) {
            this.session = session;
            this.ttl = ttl;
            this.clock = clock;
            this.seenAt = clock.now();
        }

        private void look() {
            if (seenBeat != beat) {
                seenBeat = beat;
                seenAt = clock.now();
            }
        }

        private Optional<Lock> visible() {
            return lock.filter(held -> clock.now().isBefore(seenAt.plus(ttlOfLock)));
        }

        @Override
        public DcsCapabilities capabilities() {
            return new DcsCapabilities(ttl, MAX_VALUE_BYTES, false);
        }

        @Override
        public Snapshot snapshot(Duration timeout) {
            look();
            return new Snapshot(visible(), members, records.view());
        }

        @Override
        public WriteOutcome write(RecordWrite write, Duration timeout) {
            WriteOutcome outcome = records.write(write);
            if (outcome instanceof WriteOutcome.Done) {
                changed.run();
            }
            return outcome;
        }

        @Override
        public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
            if (seenBeat != beat && lock.isPresent() && claim.replacing().isEmpty()) {
                return new AcquireOutcome.Refused("the lock has been renewed since it was looked at");
            }
            Optional<Lock> held = claim.replacing().isPresent() ? lock : visible();
            if (!held.equals(claim.replacing())) {
                return new AcquireOutcome.Refused("the lock is held by " + lock.map(Lock::holder));
            }
            Optional<String> refused = records.writeAll(claim.with());
            if (refused.isPresent()) {
                return new AcquireOutcome.Refused(refused.get());
            }
            beat++;
            long revision = records.nextRevision();
            Lock taken = new Lock(claim.holder(), session, revision, new Version(revision));
            lock = Optional.of(taken);
            ttlOfLock = ttl;
            look();
            changed.run();
            return new AcquireOutcome.Acquired(taken, clock.now());
        }

        @Override
        public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
            if (!isMine(held)) {
                return new RenewOutcome.Lost("the lock is held by " + lock.map(Lock::holder));
            }
            beat++;
            status.ifPresent(this::tell);
            look();
            return new RenewOutcome.Renewed(clock.now());
        }

        private void tell(String status) {
            Optional<Stored> before = records.read(RecordKey.STATUS);
            records.write(RecordWrite.blind(RecordKey.STATUS, status));
            tell(before, status);
        }

        private void tell(Optional<Stored> before, String now) {
            if (before.filter(stored -> WalPositions.onlyMoved(stored.value(), now))
                    .isEmpty()) {
                changed.run();
            }
        }

        @Override
        public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
            if (!isMine(held)) {
                return new ReleaseOutcome.Lost("the lock is held by " + lock.map(Lock::holder));
            }
            Optional<String> refused = records.writeAll(with);
            if (refused.isPresent()) {
                return new ReleaseOutcome.Refused(refused.get());
            }
            beat++;
            lock = Optional.empty();
            changed.run();
            return new ReleaseOutcome.Released();
        }

        private boolean isMine(Lock held) {
            return held.session().equals(session) && lock.filter(held::equals).isPresent();
        }

        @Override
        public void register(String name, String value, Duration timeout) {
            tell(Optional.ofNullable(members.put(name, new Stored(value, new Version(records.nextRevision())))), value);
        }

        @Override
        public Watch watch(Runnable hint) {
            return () -> {};
        }

        @Override
        public void close() {
            // Objects stay.
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.testkit.MemoryFixture.Variant;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Backends that get records, members, watches or their own end wrong. */
final class RecordMutants {
    static final Map<String, Variant> ALL = Map.ofEntries(
            Map.entry("write ignores the expected version", IgnoresVersion::new),
            Map.entry("write calls a conflict a success", ConflictIsSuccess::new),
            Map.entry("a version is a hash of the value", HashVersion::new),
            Map.entry("a snapshot is one behind", StaleSnapshot::new),
            Map.entry("members outlive their session", KeepsMembers::new),
            Map.entry("a member that another session left stays its", FirstMemberStays::new),
            Map.entry("a watch never hints", NeverHints::new),
            Map.entry("a watch cannot be ended", EndlessWatch::new),
            Map.entry("a closed session opens again", Reopens::new),
            Map.entry("an interrupt is swallowed", SwallowsInterrupt::new));

    private RecordMutants() {}

    private static final class IgnoresVersion extends Forwarding {
        IgnoresVersion(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public WriteOutcome write(RecordWrite write, Duration timeout) {
            return delegate.write(new RecordWrite(write.key(), write.value(), new Expected.Anything()), timeout);
        }
    }

    private static final class ConflictIsSuccess extends Forwarding {
        ConflictIsSuccess(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public WriteOutcome write(RecordWrite write, Duration timeout) {
            return delegate.write(write, timeout) instanceof WriteOutcome.Done done
                    ? done
                    : new WriteOutcome.Done(new Version(Long.MAX_VALUE));
        }
    }

    /** The ABA mistake: what was changed and changed back looks as if nothing had happened. */
    private static final class HashVersion extends Forwarding {
        HashVersion(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public Snapshot snapshot(Duration timeout) {
            Snapshot seen = delegate.snapshot(timeout);
            Map<RecordKey, Stored> shown = new HashMap<>();
            seen.records().forEach((key, stored) -> shown.put(key, shown(stored)));
            return new Snapshot(seen.leader(), seen.members(), shown);
        }

        @Override
        public WriteOutcome write(RecordWrite write, Duration timeout) {
            Expected expected = write.expected();
            Optional<Stored> now = delegate.snapshot(timeout).record(write.key());
            if (expected instanceof Expected.At at
                    && now.isPresent()
                    && shown(now.get()).version().equals(at.version())) {
                expected = new Expected.At(now.get().version());
            }
            WriteOutcome outcome = delegate.write(new RecordWrite(write.key(), write.value(), expected), timeout);
            if (outcome instanceof WriteOutcome.Conflict conflict) {
                return new WriteOutcome.Conflict(conflict.current().map(HashVersion::shown));
            }
            return new WriteOutcome.Done(hash(write.value().orElse("")));
        }

        private static Stored shown(Stored stored) {
            return new Stored(stored.value(), hash(stored.value()));
        }

        private static Version hash(String value) {
            return new Version(value.hashCode());
        }
    }

    private static final class StaleSnapshot extends Forwarding {
        private Snapshot before = new Snapshot(Optional.empty(), new TreeMap<>(), Map.of());

        StaleSnapshot(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public synchronized Snapshot snapshot(Duration timeout) {
            Snapshot shown = before;
            before = delegate.snapshot(timeout);
            return shown;
        }
    }

    private static final class KeepsMembers extends Forwarding {
        private final SortedMap<String, Stored> ever = new TreeMap<>();

        KeepsMembers(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public synchronized Snapshot snapshot(Duration timeout) {
            Snapshot seen = delegate.snapshot(timeout);
            ever.putAll(seen.members());
            return new Snapshot(seen.leader(), ever, seen.records());
        }
    }

    private static final class FirstMemberStays extends Forwarding {
        private boolean registered;

        FirstMemberStays(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public synchronized void register(String name, String value, Duration timeout) {
            if (registered || !delegate.snapshot(timeout).members().containsKey(name)) {
                delegate.register(name, value, timeout);
                registered = true;
            }
        }
    }

    private static final class NeverHints extends Forwarding {
        NeverHints(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public Watch watch(Runnable hint) {
            return () -> {};
        }
    }

    private static final class EndlessWatch extends Forwarding {
        EndlessWatch(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public Watch watch(Runnable hint) {
            Watch ignored = delegate.watch(hint);
            return () -> {};
        }
    }

    private static final class Reopens extends Forwarding {
        Reopens(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public WriteOutcome write(RecordWrite write, Duration timeout) {
            try {
                return delegate.write(write, timeout);
            } catch (DcsException.Unreachable e) {
                return fixture.store().open("again", MemoryFixture.TTL).write(write, timeout);
            }
        }
    }

    private static final class SwallowsInterrupt extends Forwarding {
        SwallowsInterrupt(Dcs right, MemoryFixture fixture) {
            super(right, fixture);
        }

        @Override
        public Snapshot snapshot(Duration timeout) {
            return Thread.interrupted()
                    ? new Snapshot(Optional.empty(), new TreeMap<>(), Map.of())
                    : delegate.snapshot(timeout);
        }
    }
}

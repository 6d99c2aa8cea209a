// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.memory;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.WriteOutcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The records of a scope that lies in memory, and the numbers that its versions get. Not for several threads at once. */
public final class MemoryRecords {
    private final Map<RecordKey, Stored> records = new HashMap<>();
    private long revision;
    /** Until something changes. */
    private @Nullable Map<RecordKey, Stored> view;

    public MemoryRecords() {}

    /** What is there now. */
    public Map<RecordKey, Stored> view() {
        Map<RecordKey, Stored> known = view;
        if (known == null) {
            known = Map.copyOf(records);
            view = known;
        }
        return known;
    }

    /** What is at a key now. */
    public Optional<Stored> read(RecordKey key) {
        return Optional.ofNullable(records.get(key));
    }

    /** A number greater than all before. */
    public long nextRevision() {
        return ++revision;
    }

    /** Writes if what the write expects is there. */
    public WriteOutcome write(RecordWrite write) {
        return holds(write)
                ? new WriteOutcome.Done(apply(write))
                : new WriteOutcome.Conflict(Optional.ofNullable(records.get(write.key())));
    }

    /** Writes all or, if what one of them expects is not there, none: then it says why. */
    public Optional<String> writeAll(List<RecordWrite> writes) {
        Optional<String> refused = writes.stream()
                .filter(write -> !holds(write))
                .findFirst()
                .map(write -> "'" + write.key() + "' was changed by somebody else");
        if (refused.isEmpty()) {
            writes.forEach(this::apply);
        }
        return refused;
    }

    private boolean holds(RecordWrite write) {
        Optional<Version> current =
                Optional.ofNullable(records.get(write.key())).map(Stored::version);
        if (write.expected() instanceof Expected.At at) {
            return current.filter(at.version()::equals).isPresent();
        }
        return write.expected() instanceof Expected.Anything || current.isEmpty();
    }

    private Version apply(RecordWrite write) {
        view = null;
        Version version = new Version(nextRevision());
        write.value()
                .ifPresentOrElse(
                        value -> records.put(write.key(), new Stored(value, version)),
                        () -> records.remove(write.key()));
        return version;
    }
}

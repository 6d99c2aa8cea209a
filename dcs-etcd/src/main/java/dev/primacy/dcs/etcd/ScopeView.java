// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import com.google.protobuf.ByteString;
import dev.primacy.dcs.Snapshot;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeResponse;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A copy of one scope as of some revision. A watch keeps it up; whether it shows the latest is asked of the store (see
 * {@link ScopeReader}). May be used by any thread.
 */
final class ScopeView {
    private final Keys keys;
    private final Map<ByteString, KeyValue> entries = new HashMap<>();
    /** Everything up to here is in it; 0 while nothing is known. */
    private long revision;

    private @Nullable Snapshot built;

    ScopeView(Keys keys) {
        this.keys = keys;
    }

    /** Starts anew from a full reading, unless more is known. */
    synchronized void load(RangeResponse all) {
        long read = all.getHeader().getRevision();
        if (read >= revision) {
            entries.clear();
            all.getKvsList().forEach(entry -> entries.put(entry.getKey(), entry));
            revision = read;
            built = null;
            notifyAll();
        }
    }

    /**
     * Follows, if there is something to follow on.
     *
     * @return false if only WAL positions have moved
     */
    synchronized boolean apply(List<Event> events) {
        if (revision == 0) {
            return true;
        }
        boolean tells = false;
        for (Event event : events) {
            KeyValue entry = event.getKv();
            if (entry.getModRevision() > revision) {
                if (event.getType() == Event.EventType.DELETE) {
                    entries.remove(entry.getKey());
                    tells = true;
                } else {
                    KeyValue before = entries.put(entry.getKey(), entry);
                    tells |= before == null || !keys.onlyMoved(before, entry);
                }
            }
        }
        revision = Math.max(revision, events.get(events.size() - 1).getKv().getModRevision());
        built = null;
        notifyAll();
        return tells;
    }

    synchronized void clear() {
        entries.clear();
        revision = 0;
        built = null;
    }

    synchronized long revision() {
        return revision;
    }

    /**
     * The copy, if it shows the store at the moment of that answer or later.
     *
     * @param newest the answer to a linearizable reading of the scope's entry that was written last, with the count of all
     */
    synchronized Optional<Snapshot> ifCurrent(RangeResponse newest) {
        return revision > 0 && isCurrent(newest) ? Optional.of(snapshot()) : Optional.empty();
    }

    /**
     * Equal count and equal last write mean an equal scope. Say the store has moved on since the copy's revision. An entry
     * that was written since and still exists was written later than anything in the copy, and would be the last write. So
     * what was written since is gone again, and whatever else happened since is a deletion of entries in the copy, which
     * nothing has replaced: then the count would be lower.
     */
    private boolean isCurrent(RangeResponse newest) {
        if (revision >= newest.getHeader().getRevision()) {
            return true;
        }
        return newest.getCount() == entries.size() && lastWrite(newest.getKvsList()) == lastWrite(entries.values());
    }

    private static long lastWrite(Collection<KeyValue> among) {
        return among.stream().mapToLong(KeyValue::getModRevision).max().orElse(0);
    }

    /** As {@link #ifCurrent}, but waits for the watch to catch up. */
    synchronized Optional<Snapshot> awaitCurrent(RangeResponse newest, MonotonicClock clock, MonotonicInstant until)
            throws InterruptedException {
        Optional<Snapshot> current = ifCurrent(newest);
        while (current.isEmpty() && clock.now().isBefore(until)) {
            wait(Math.max(1, clock.now().until(until).toMillis()));
            current = ifCurrent(newest);
        }
        return current;
    }

    private Snapshot snapshot() {
        Snapshot known = built;
        if (known == null) {
            known = keys.snapshot(entries.values());
            built = known;
        }
        return known;
    }
}

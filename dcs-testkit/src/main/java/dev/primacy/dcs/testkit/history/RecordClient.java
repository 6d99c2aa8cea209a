// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.history;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.testkit.history.Operation.Action;
import dev.primacy.dcs.testkit.history.Operation.Condition;
import dev.primacy.dcs.testkit.history.Operation.Read;
import dev.primacy.dcs.testkit.history.Operation.Refused;
import dev.primacy.dcs.testkit.history.Operation.Write;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** One client of a history: reads a few records, and changes them as it last saw them. */
final class RecordClient {
    static final List<RecordKey> KEYS = List.of(RecordKey.CONFIG, RecordKey.SYNC);

    private final String name;
    private final Play play;
    private final Dcs session;
    private final Duration timeout;
    private final Random random;
    private final Map<RecordKey, Optional<Stored>> seen = new HashMap<>();
    private int written;

    RecordClient(String name, Play play, Random random) {
        this.name = name;
        this.play = play;
        this.session = play.open(name);
        this.timeout = play.timing().requestTimeout();
        this.random = random;
    }

    void workUntil(MonotonicInstant end) {
        while (play.now().isBefore(end)) {
            if (seen.isEmpty() || random.nextInt(5) < 2) {
                read();
            } else {
                write(KEYS.get(random.nextInt(KEYS.size())));
            }
            play.pause(random);
        }
        play.close(session);
    }

    private void read() {
        MonotonicInstant invoked = play.now();
        try {
            Snapshot snapshot = session.snapshot(timeout);
            MonotonicInstant returned = play.now();
            for (RecordKey key : KEYS) {
                Optional<Stored> record = snapshot.record(key);
                seen.put(key, record);
                add(key, new Read(record.map(Stored::value)), invoked, Optional.of(returned));
            }
            play.history().add(new Sighting(name, snapshot.leader().map(Lock::term), invoked, returned));
        } catch (DcsException.Unreachable e) {
            // Nothing was seen.
        } catch (DcsException e) {
            play.history().complain(name + " could not read: " + e);
        }
    }

    private void write(RecordKey key) {
        Optional<Stored> stored = seen.getOrDefault(key, Optional.empty());
        RecordWrite write = switch (random.nextInt(8)) {
            case 0 -> RecordWrite.blind(key, nextValue());
            case 1 -> RecordWrite.create(key, nextValue());
            case 2 ->
                stored.map(at -> RecordWrite.delete(key, at.version()))
                        .orElseGet(() -> RecordWrite.create(key, nextValue()));
            default -> RecordWrite.over(stored, key, nextValue());
        };
        Condition condition = condition(write, stored.map(Stored::value));
        MonotonicInstant invoked = play.now();
        try {
            WriteOutcome outcome = session.write(write, timeout);
            MonotonicInstant returned = play.now();
            if (outcome instanceof WriteOutcome.Done done) {
                seen.put(key, write.value().map(value -> new Stored(value, done.version())));
                add(key, new Write(condition, write.value()), invoked, Optional.of(returned));
            } else if (outcome instanceof WriteOutcome.Conflict conflict) {
                seen.put(key, conflict.current());
                add(key, new Refused(condition), invoked, Optional.of(returned));
            }
        } catch (DcsException.OutcomeUnknown e) {
            add(key, new Write(condition, write.value()), invoked, Optional.empty());
        } catch (DcsException.Unreachable e) {
            // It says that nothing happened. If that is not so, somebody sees a value that nobody wrote.
        } catch (DcsException.Rejected e) {
            play.history().complain(name + " was refused for good: " + e);
        }
    }

    private static Condition condition(RecordWrite write, Optional<String> seen) {
        if (write.expected() instanceof RecordWrite.Expected.Anything) {
            return Condition.NONE;
        }
        return Condition.of(write.expected() instanceof RecordWrite.Expected.At ? seen : Optional.empty());
    }

    private String nextValue() {
        return name + "-" + ++written;
    }

    private void add(RecordKey key, Action action, MonotonicInstant invoked, Optional<MonotonicInstant> returned) {
        play.history().add(new Operation(name, key, action, invoked, returned));
    }
}

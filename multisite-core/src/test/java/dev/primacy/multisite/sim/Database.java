// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.util.Optional;

/** As much of PostgreSQL as matters here, with its guard: a primary does not outlive the deadline it was given. */
final class Database {
    static final long CHECKPOINT_BYTES = 100;

    /** What it does. */
    enum Mode {
        NO_DATA,
        STOPPED,
        STANDBY,
        PRIMARY,
        /** Ends in good order: sends what it has, takes no more writes. */
        STOPPING
    }

    private Mode mode = Mode.NO_DATA;
    private String systemIdentifier = "";
    private boolean unused;
    private Wal wal = new Wal(java.util.List.of(), 0);
    private Optional<Stopped> stopped = Optional.empty();
    private Optional<MonotonicInstant> deadline = Optional.empty();
    private MonotonicClock clock = () -> new MonotonicInstant(0);

    /** The guard's work; it needs nobody. Everything that looks at the database calls it first. */
    Mode mode() {
        boolean over = deadline.filter(end -> !clock.now().isBefore(end)).isPresent();
        if (over && (mode == Mode.PRIMARY || mode == Mode.STOPPING)) {
            crash();
        }
        return mode;
    }

    boolean isWritable() {
        return mode() == Mode.PRIMARY;
    }

    boolean serves() {
        return mode() == Mode.PRIMARY || mode == Mode.STOPPING || mode == Mode.STANDBY;
    }

    Wal wal() {
        return wal;
    }

    Optional<String> systemIdentifier() {
        return Optional.of(systemIdentifier).filter(id -> !id.isEmpty());
    }

    /** The end of its WAL, if it was stopped in good order. */
    Optional<Stopped> stopped() {
        return stopped;
    }

    void arm(MonotonicClock by, MonotonicInstant until) {
        clock = by;
        deadline = Optional.of(until);
    }

    Optional<MonotonicInstant> deadline() {
        return deadline;
    }

    /** Becomes primary if its guard has not fired meanwhile. */
    boolean lead(Wal with) {
        if (deadline.filter(clock.now()::isBefore).isEmpty()) {
            return false;
        }
        wal = with;
        mode = Mode.PRIMARY;
        unused = false;
        stopped = Optional.empty();
        return true;
    }

    void create(String identifier, Wal with) {
        systemIdentifier = identifier;
        wal = with;
        mode = Mode.STOPPED;
    }

    /** A new one, on which no server is started before the group's record names it. */
    void found(String identifier, Wal with) {
        create(identifier, with);
        unused = true;
    }

    boolean isUnused() {
        return unused;
    }

    void write(long bytes) {
        if (isWritable()) {
            wal = wal.written(bytes);
        }
    }

    void beginStop() {
        if (isWritable()) {
            mode = Mode.STOPPING;
            wal = wal.written(CHECKPOINT_BYTES);
        }
    }

    void endStop() {
        if (mode() == Mode.STOPPING) {
            crash();
            stopped = Optional.of(new Stopped(wal.timeline(), wal.end() - CHECKPOINT_BYTES));
        }
    }

    void startStandby() {
        mode = Mode.STANDBY;
        stopped = Optional.empty();
        deadline = Optional.empty();
    }

    void receive(Wal more) {
        wal = more;
    }

    void crash() {
        mode = mode == Mode.NO_DATA ? Mode.NO_DATA : Mode.STOPPED;
        stopped = Optional.empty();
        deadline = Optional.empty();
    }

    void wipe() {
        crash();
        mode = Mode.NO_DATA;
        unused = false;
        systemIdentifier = "";
        wal = new Wal(java.util.List.of(), 0);
    }
}

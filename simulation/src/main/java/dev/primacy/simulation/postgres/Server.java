// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.postgres;

import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.PostgresStatus;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.Standby;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.Upstream;
import dev.primacy.simulation.time.VirtualTime;
import dev.primacy.simulation.time.VirtualTime.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * As much of PostgreSQL as decisions depend on: a data directory, the server on it, what it sends to its standbys, and the
 * guard, which ends a primary at the deadline that it was given. It runs on when the agent is frozen.
 */
public final class Server {
    static final long CHECKPOINT_BYTES = 100;

    /** What the server does. */
    public enum Mode {
        NO_DATA,
        STOPPED,
        STARTING,
        STANDBY,
        PRIMARY,
        /** Ends in good order: takes no writes any more, sends what it has. */
        STOPPING
    }

    /** The guard acts in the last moment of a freeze. */
    private static final long AFTER_GUARD = 2;

    private final String host;
    private final int machine;
    private final Landscape landscape;
    private final VirtualTime time;
    private final Set<String> slots = new HashSet<>();
    private Mode mode = Mode.NO_DATA;
    private String systemIdentifier = "";
    private Wal wal = Wal.NONE;
    private Wal lastAsPrimary = Wal.NONE;
    private Optional<Upstream> upstream = Optional.empty();
    private boolean standbySignal;
    private boolean clean;
    private boolean freshCopy;
    private boolean unused;
    private long stray;
    private int starts;
    private long hangsUntil;
    private long receivesAgainAt;
    private long replaysAgainAt;
    private long replayHeldAt;
    private long cannotRewindUntil;
    private long slowUntil;
    private @Nullable Object starter;
    private Runnable onExit = () -> {};
    private @Nullable Event soft;
    private @Nullable Event hard;

    /**
     * A machine without data.
     *
     * @param machine its number
     */
    public Server(String host, int machine, Landscape landscape, VirtualTime time) {
        this.host = host;
        this.machine = machine;
        this.landscape = landscape;
        this.time = time;
    }

    /** What a server reaches, and what it is part of. */
    public interface Landscape {
        /** The server at an address; empty if none is there or the network between the two is cut. */
        Optional<Server> reach(Server from, Upstream to);

        /** All machines. */
        List<Server> all();

        /** A number that no history has had. */
        int nextBranch();

        /** An identifier that no database has had. */
        String nextSystemIdentifier();

        /** Whether the machine is frozen now, and everything on it. */
        boolean isFrozen(Server server);

        /** Until when its machine stands still, if it does. */
        long frozenUntil(Server server);

        /** A database is about to be created. */
        void founding(Server server);

        /** A database that was never used is about to be removed. */
        void discarding(Server server);

        /** The server begins to accept writes, with what it had before. */
        void leads(Server server, Wal before);

        /** A primary has ended in good order: {@code acknowledged} is all that it took. */
        void stopped(Server server, Wal acknowledged, long checkpoint);

        /** Does nothing or something to the time that a step of the server takes, in nanoseconds. */
        long lasts(long shortest, long longest);
    }

    public String host() {
        return host;
    }

    public int machine() {
        return machine;
    }

    public Mode mode() {
        return mode;
    }

    public boolean isWritable() {
        return mode == Mode.PRIMARY && !landscape.isFrozen(this);
    }

    public Wal wal() {
        return wal;
    }

    /** What it had when it was primary last. */
    public Wal lastAsPrimary() {
        return mode == Mode.PRIMARY || mode == Mode.STOPPING ? wal : lastAsPrimary;
    }

    public Optional<String> systemIdentifier() {
        return systemIdentifier.isEmpty() ? Optional.empty() : Optional.of(systemIdentifier);
    }

    boolean hasProcess() {
        return mode != Mode.NO_DATA && mode != Mode.STOPPED;
    }

    boolean isArmed() {
        return hard != null;
    }

    @Nullable
    Object starter() {
        return starter;
    }

    void onExit(Runnable listener) {
        onExit = listener;
    }

    boolean serves() {
        return (mode == Mode.PRIMARY || mode == Mode.STANDBY || mode == Mode.STOPPING) && !landscape.isFrozen(this);
    }

    // What people and accidents do to it.

    /** A client writes, and is answered at once. */
    public void write(long bytes) {
        if (isWritable()) {
            wal = wal.written(bytes);
        }
    }

    /** The server ends without a word. */
    public void crash() {
        if (hasProcess()) {
            if (mode == Mode.PRIMARY || mode == Mode.STOPPING) {
                lastAsPrimary = wal;
            }
            mode = Mode.STOPPED;
            clean = false;
            stray = 0;
            disarm();
            onExit.run();
        }
    }

    /** The disk is gone. */
    public void wipe() {
        crash();
        mode = Mode.NO_DATA;
        systemIdentifier = "";
        wal = Wal.NONE;
        standbySignal = false;
        clean = false;
        unused = false;
        slots.clear();
    }

    /** It accepts no connections, and goes on with what it does. */
    public void hang(long until) {
        hangsUntil = Math.max(hangsUntil, until);
    }

    /** Nothing arrives. */
    public void stall(long until) {
        receivesAgainAt = Math.max(receivesAgainAt, until);
    }

    /** What arrives is not replayed. */
    public void holdReplay(long until) {
        if (replaysAgainAt <= time.now()) {
            replayHeldAt = wal.end();
        }
        replaysAgainAt = Math.max(replaysAgainAt, until);
    }

    public void failRewinding(long until) {
        cannotRewindUntil = Math.max(cannotRewindUntil, until);
    }

    /** Starts, checkpoints and promotions take long. */
    public void slowDown(long until) {
        slowUntil = Math.max(slowUntil, until);
    }

    /** The agent that started it has died: the guard ends a primary. */
    public void agentDied(Object agent) {
        if (agent.equals(starter) && isArmed()) {
            crash();
        }
        onExit = () -> {};
    }

    // What the people of another cluster do.

    /** A server that has followed {@code source} all the time leads from now on. */
    public void promoteCopyOf(Server source) {
        copy(source);
        wal = wal.promoted(landscape.nextBranch());
        mode = Mode.PRIMARY;
    }

    /** A primary ends, and gives standbys what they lack. */
    public void endInOrder() {
        stopFast();
    }

    /** As the primary that it was. */
    public void startAgain() {
        mode = Mode.PRIMARY;
        clean = false;
    }

    // Replication.

    /** The server that its WAL receiver gets WAL from now. */
    Optional<Server> source() {
        if (mode != Mode.STANDBY || upstream.isEmpty() || landscape.isFrozen(this)) {
            return Optional.empty();
        }
        return landscape.reach(this, upstream.get()).filter(this::streamsFrom);
    }

    /** PostgreSQL compares timeline numbers and positions, and no content. */
    private boolean streamsFrom(Server from) {
        if (from == this || !from.serves() || !from.systemIdentifier.equals(systemIdentifier)) {
            return false;
        }
        Optional<String> slot = upstream.flatMap(Upstream::slot);
        if (slot.isPresent() && !from.slots.contains(slot.get())) {
            return false;
        }
        Optional<Wal.Fork> fork = wal.fork(from.wal);
        return fork.isPresent()
                && fork.get().timeline() == wal.timeline()
                && wal.end() <= fork.get().lsn().orElse(from.wal.end());
    }

    /** Whether it gets WAL now. */
    public boolean streams() {
        return source().isPresent();
    }

    /** Whether what {@code primary} writes comes here, also by way of others. */
    public boolean follows(Server primary) {
        Optional<Server> from = source();
        // Servers may follow each other in a circle.
        for (int i = 0; i < landscape.all().size() && from.isPresent(); i++) {
            if (from.get() == primary) {
                return true;
            }
            from = from.get().source();
        }
        return false;
    }

    /** Up to {@code bytes} arrive, if there are any. */
    public void receive(long bytes) {
        if (time.now() < receivesAgainAt) {
            return;
        }
        source().ifPresent(from -> {
            if (from.wal.contains(wal)) {
                wal = wal.received(from.wal, bytes);
            } else {
                // Bytes of another history with the same number: found out when they are replayed.
                stray = Math.max(stray, from.wal.end());
            }
        });
    }

    /** How far its WAL goes by its own word: bytes of a twin of its timeline count. */
    public long received() {
        return Math.max(stray, wal.end());
    }

    private long replayed() {
        return time.now() < replaysAgainAt ? Math.min(replayHeldAt, wal.end()) : wal.end();
    }

    /** What it is told to stream from, if that can be reached. */
    public Optional<Server> told() {
        return upstream.flatMap(to -> landscape.reach(this, to));
    }

    Optional<Server> reachable(Upstream to) {
        return landscape.reach(this, to);
    }

    // What the agent does to it.

    /** What the data directory and the server say now. */
    public PostgresStatus status() {
        if (systemIdentifier.isEmpty()) {
            return new PostgresStatus(State.NO_DATA, Optional.empty(), Optional.empty());
        }
        Optional<ControlData> control = Optional.of(new ControlData(
                systemIdentifier,
                clean ? "shut down" : "in production",
                wal.timeline(),
                new Lsn(clean ? wal.end() - CHECKPOINT_BYTES : wal.end()),
                standbySignal,
                unused));
        return switch (mode) {
            case NO_DATA -> new PostgresStatus(State.NO_DATA, Optional.empty(), Optional.empty());
            case STOPPED -> new PostgresStatus(State.STOPPED, control, Optional.empty());
            case STARTING, STOPPING -> new PostgresStatus(State.STARTING, control, Optional.empty());
            case STANDBY, PRIMARY ->
                hangs()
                        ? new PostgresStatus(State.UNRESPONSIVE, control, Optional.empty())
                        : new PostgresStatus(State.RUNNING, control, Optional.of(answer()));
        };
    }

    boolean hangs() {
        return time.now() < hangsUntil && (mode == Mode.STANDBY || mode == Mode.PRIMARY);
    }

    private PostgresStatus.Server answer() {
        boolean primary = mode == Mode.PRIMARY;
        Lsn written = new Lsn(received());
        return new PostgresStatus.Server(
                primary,
                wal.timeline(),
                written,
                primary ? written : new Lsn(replayed()),
                primary ? Optional.empty() : upstream,
                streams(),
                connected(),
                150018,
                "start " + starts,
                List.of());
    }

    private List<Standby> connected() {
        List<Standby> found = new ArrayList<>();
        for (Server other : landscape.all()) {
            if (other != this && other.source().filter(from -> from == this).isPresent()) {
                found.add(new Standby(
                        other.host, "streaming", new Lsn(other.received()), other.upstream.flatMap(Upstream::slot)));
            }
        }
        return found;
    }

    void initialize() {
        landscape.founding(this);
        systemIdentifier = landscape.nextSystemIdentifier();
        wal = Wal.founded(landscape.nextBranch());
        mode = Mode.STOPPED;
        standbySignal = false;
        clean = true;
        freshCopy = false;
        unused = true;
        slots.clear();
    }

    boolean isUnused() {
        return unused;
    }

    void discardUnused() {
        landscape.discarding(this);
        wipe();
    }

    /** Begins a start; the mode tells when it is done. */
    long start(boolean primary, Optional<Upstream> from, Object by) {
        long needed = slow(clean ? 50 : 200, clean ? 600 : 3000);
        upstream = from;
        standbySignal = !primary;
        mode = Mode.STARTING;
        clean = false;
        unused = false;
        starter = by;
        int run = ++starts;
        after(needed, () -> {
            if (mode == Mode.STARTING && starts == run) {
                freshCopy = false;
                started(primary);
            }
        });
        return needed;
    }

    private void started(boolean primary) {
        if (primary) {
            Wal before = wal;
            mode = Mode.PRIMARY;
            landscape.leads(this, before);
        } else {
            mode = Mode.STANDBY;
        }
    }

    void follow(Upstream from) {
        upstream = Optional.of(from);
        stray = 0;
    }

    /** Begins a promotion; the mode tells when it is done. */
    long promote() {
        long needed = slow(50, 800);
        int run = starts;
        after(needed, () -> {
            if (mode == Mode.STANDBY && starts == run && isArmed()) {
                Wal before = wal;
                wal = wal.promoted(landscape.nextBranch());
                standbySignal = false;
                freshCopy = false;
                mode = Mode.PRIMARY;
                landscape.leads(this, before);
                stray = 0;
            }
        });
        return needed;
    }

    /** Begins a stop in good order; the mode tells when it is done. */
    long stopFast() {
        boolean primary = mode == Mode.PRIMARY;
        if (mode == Mode.STOPPING) {
            return slow(50, 800);
        }
        if (mode == Mode.STARTING) {
            crash();
            return 0;
        }
        long needed = slow(30, 800);
        mode = Mode.STOPPING;
        int run = starts;
        after(needed, () -> {
            if (mode == Mode.STOPPING && starts == run) {
                stopped(primary);
            }
        });
        return needed;
    }

    private void stopped(boolean primary) {
        if (primary) {
            Wal acknowledged = wal;
            wal = wal.written(CHECKPOINT_BYTES);
            landscape.all().forEach(other -> {
                if (other != this && other.source().filter(from -> from == this).isPresent()) {
                    other.receive(Long.MAX_VALUE / 2);
                }
            });
            landscape.stopped(this, acknowledged, wal.end() - CHECKPOINT_BYTES);
            lastAsPrimary = acknowledged;
        }
        mode = Mode.STOPPED;
        clean = primary;
        stray = 0;
        disarm();
        onExit.run();
    }

    void copy(Server source) {
        systemIdentifier = source.systemIdentifier;
        wal = source.wal;
        mode = Mode.STOPPED;
        standbySignal = true;
        clean = false;
        freshCopy = true;
        slots.clear();
    }

    boolean isFreshCopy() {
        return freshCopy;
    }

    boolean canRewind() {
        return time.now() >= cannotRewindUntil;
    }

    /** What pg_rewind makes of it. */
    void rewound(Server source) {
        wal = wal.shared(source.wal);
        standbySignal = true;
        clean = false;
        stray = 0;
        slots.clear();
    }

    void ensureSlots(Set<String> names) {
        slots.addAll(names);
    }

    // The guard.

    void arm(long softAt, long hardAt) {
        disarm();
        soft = time.at(softAt, this::softDeadline);
        hard = time.at(hardAt, this::deadline);
    }

    private void softDeadline() {
        if (landscape.isFrozen(this)) {
            soft = time.at(landscape.frozenUntil(this) + AFTER_GUARD, this::softDeadline);
            return;
        }
        soft = null;
        if (mode == Mode.PRIMARY) {
            stopFast();
        }
    }

    private void deadline() {
        if (landscape.isFrozen(this)) {
            // The guard's first step after the thaw; nobody else's comes before, see the thaw.
            return;
        }
        hard = null;
        if (mode == Mode.PRIMARY || mode == Mode.STOPPING || mode == Mode.STARTING) {
            crash();
        }
    }

    /** The machine goes on after it was frozen: the guard first. */
    public void thaw() {
        Event end = hard;
        if (end != null && end.at() <= time.now()) {
            hard = null;
            crash();
        }
    }

    void disarm() {
        if (soft != null) {
            soft.cancel();
        }
        if (hard != null) {
            hard.cancel();
        }
        soft = null;
        hard = null;
    }

    /** Does the rest of something that takes a while. A machine that stands still does nothing, and then the guard is first. */
    private void after(long needed, Runnable rest) {
        time.at(time.now() + needed, () -> {
            if (landscape.isFrozen(this)) {
                after(landscape.frozenUntil(this) + AFTER_GUARD - time.now(), rest);
            } else {
                rest.run();
            }
        });
    }

    private long slow(long shortestMillis, long longestMillis) {
        long factor = time.now() < slowUntil ? 30 : 1;
        return landscape.lasts(shortestMillis * 1_000_000, longestMillis * 1_000_000 * factor);
    }

    long lasts(long shortestMillis, long longestMillis) {
        return slow(shortestMillis, longestMillis);
    }

    @Override
    public String toString() {
        return host + " " + mode + " " + wal;
    }
}

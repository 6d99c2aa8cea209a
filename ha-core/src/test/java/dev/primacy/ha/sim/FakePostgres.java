// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import dev.primacy.postgres.Divergence;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.Postgres;
import dev.primacy.postgres.PostgresException;
import dev.primacy.postgres.PostgresStatus;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.TimelineHistory;
import dev.primacy.postgres.Upstream;
import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A server in memory, with a guard that kills it at the deadline. Others are reached by their host's name. */
final class FakePostgres implements Postgres, Postgres.Guard {
    private static final long LAST_RECORD = 120;

    private final VirtualTime time;
    private final Map<String, FakePostgres> network;
    private final int number;
    private final TreeMap<Integer, Long> begins = new TreeMap<>();
    private Runnable onExit = () -> {};
    private Optional<String> systemIdentifier = Optional.empty();
    private Optional<Upstream> upstream = Optional.empty();
    private Optional<Loop> deadline = Optional.empty();
    private Set<String> slots = Set.of();
    private List<PostgresStatus.Standby> standbys = List.of();
    private boolean running;
    private boolean primary;
    private boolean standbySignal;
    private boolean clean;
    private boolean cutOff;
    private boolean unused;
    private boolean guardDeaf;
    private boolean deafToLast;
    private boolean receivesNothing;
    private long end;
    private int rewinds;
    private int starts;
    private int reloads;
    private int discards;
    private List<String> pending = List.of();

    FakePostgres(VirtualTime time, Map<String, FakePostgres> network) {
        this.time = time;
        this.network = network;
        this.number = network.size();
    }

    String systemIdentifier() {
        return systemIdentifier.orElse("");
    }

    boolean isWritable() {
        return running && primary;
    }

    int starts() {
        return starts;
    }

    int reloads() {
        return reloads;
    }

    int discards() {
        return discards;
    }

    void needsRestartFor(String setting) {
        pending = List.of(setting);
    }

    int rewinds() {
        return rewinds;
    }

    int timeline() {
        return begins.isEmpty() ? 0 : begins.lastKey();
    }

    Set<String> slots() {
        return slots;
    }

    /** Nobody streams from here any more until the next start. */
    void cutOff() {
        cutOff = true;
    }

    void deafenGuard(boolean deaf) {
        guardDeaf = deaf;
    }

    /** WAL that no other server has. */
    void part(long bytes) {
        end += bytes;
    }

    long end() {
        return end;
    }

    void feeds(PostgresStatus.Standby... streaming) {
        standbys = List.of(streaming);
    }

    /** What clients do. */
    void write(long bytes) {
        end += isWritable() ? bytes : 0;
    }

    boolean streams() {
        return status(Duration.ZERO).server().filter(Server::streaming).isPresent();
    }

    @Override
    public PostgresStatus status(Duration timeout) {
        Optional<ControlData> control = systemIdentifier.map(id -> new ControlData(
                id,
                clean ? "shut down" : "in production",
                timeline(),
                new Lsn(clean ? end - LAST_RECORD : end),
                standbySignal,
                unused));
        if (!running) {
            return new PostgresStatus(control.isEmpty() ? State.NO_DATA : State.STOPPED, control, Optional.empty());
        }
        boolean streaming = receive();
        Server server = new Server(
                primary,
                timeline(),
                new Lsn(end),
                new Lsn(end),
                upstream,
                streaming,
                fed(),
                150018,
                "run " + starts,
                pending);
        return new PostgresStatus(State.RUNNING, control, Optional.of(server));
    }

    private List<PostgresStatus.Standby> fed() {
        List<PostgresStatus.Standby> fed = new ArrayList<>(standbys);
        network.forEach((name, other) -> {
            if (other.running && other.streamsFrom(this)) {
                fed.add(new PostgresStatus.Standby(
                        name, "streaming", new Lsn(other.end), other.upstream.flatMap(Upstream::slot)));
            }
        });
        return fed;
    }

    private boolean streamsFrom(FakePostgres source) {
        return !primary
                && upstream.flatMap(this::reach).filter(source::equals).isPresent()
                && against(source) instanceof Divergence.InHistory;
    }

    private boolean receive() {
        Optional<FakePostgres> source = upstream.filter(from -> !primary).flatMap(this::reach);
        if (receivesNothing || source.isEmpty() || !(source.map(this::against).get() instanceof Divergence.InHistory)) {
            return false;
        }
        source.get().begins.forEach(begins::putIfAbsent);
        end = source.get().end;
        return true;
    }

    /** A server that ends in good order sends all it has before. */
    private void receiveLast(FakePostgres source) {
        if (running && !deafToLast && streamsFrom(source)) {
            receive();
        }
    }

    /** It still counts as streaming there, and gets nothing. */
    void cutOffFromUpstream() {
        receivesNothing = true;
    }

    /** The last that its upstream sends does not arrive any more. */
    void missTheLast() {
        deafToLast = true;
    }

    private Optional<FakePostgres> reach(Upstream at) {
        return Optional.ofNullable(network.get(at.host())).filter(server -> server.running && !server.cutOff);
    }

    private Divergence against(FakePostgres other) {
        if (!systemIdentifier.equals(other.systemIdentifier)) {
            return new Divergence.OtherSystem(systemIdentifier.orElse(""), other.systemIdentifier.orElse(""));
        }
        Long fork = other.begins.get(timeline() + 1);
        return fork != null && end > fork
                ? new Divergence.Diverged(timeline(), new Lsn(fork), new Lsn(end), other.primary)
                : new Divergence.InHistory();
    }

    @Override
    public void initialize() {
        systemIdentifier = Optional.of("700000000000000000" + number);
        begins.put(1, 1000L);
        end = 1000;
        unused = true;
    }

    @Override
    public void discardUnused(String identifier) {
        if (!unused || !systemIdentifier.equals(Optional.of(identifier))) {
            throw new PostgresException("discard refused");
        }
        systemIdentifier = Optional.empty();
        begins.clear();
        end = 0;
        unused = false;
    }

    @Override
    public void discard(String identifier, Upstream heir) {
        FakePostgres has = reach(heir).orElseThrow(() -> new PostgresException("no answer from " + heir));
        boolean other = systemIdentifier.isPresent() && !systemIdentifier.equals(Optional.of(identifier));
        if (running || other || !has.systemIdentifier.equals(Optional.of(identifier))) {
            throw new PostgresException("discard refused");
        }
        systemIdentifier = Optional.empty();
        begins.clear();
        end = 0;
        discards++;
    }

    @Override
    public void reload() {
        reloads++;
    }

    @Override
    public boolean startPrimary(Duration timeout) {
        requireGuard();
        standbySignal = false;
        start(true);
        return true;
    }

    @Override
    public boolean startStandby(Optional<Upstream> from, Duration timeout) {
        standbySignal = true;
        upstream = from;
        start(false);
        return true;
    }

    private void start(boolean asPrimary) {
        clean = false;
        unused = false;
        cutOff = false;
        running = true;
        primary = asPrimary;
        pending = List.of();
        starts++;
    }

    @Override
    public void follow(Upstream from) {
        upstream = Optional.of(from);
    }

    @Override
    public void promote(Duration timeout) {
        requireGuard();
        begins.put(timeline() + 1, end);
        standbySignal = false;
        primary = true;
    }

    private void requireGuard() {
        if (deadline.isEmpty()) {
            throw new PostgresException("no guard");
        }
    }

    @Override
    public void stop(StopMode mode, Duration timeout) {
        if (running) {
            clean = mode == StopMode.FAST;
            if (clean) {
                end += primary ? LAST_RECORD : 0;
                network.values().forEach(other -> other.receiveLast(this));
            }
            running = false;
            onExit.run();
        }
    }

    @Override
    public void cloneFrom(Upstream from) {
        FakePostgres source = reach(from).orElseThrow(() -> new PostgresException("no answer from " + from));
        systemIdentifier = source.systemIdentifier;
        begins.putAll(source.begins);
        end = source.end;
        standbySignal = true;
    }

    @Override
    public Divergence compare(Upstream from) {
        return reach(from).map(this::against).orElseGet(() -> new Divergence.Unknown("no answer from " + from));
    }

    @Override
    public void rewind(Upstream from) {
        FakePostgres source = reach(from).orElseThrow();
        if (!source.primary) {
            throw new PostgresException("rewind refused: " + from + " is a standby");
        }
        end = source.begins.get(timeline() + 1);
        rewinds++;
    }

    @Override
    public Optional<TimelineHistory> history(int timeline) {
        List<TimelineHistory.End> ends = new ArrayList<>();
        begins.tailMap(2)
                .forEach((number, begin) ->
                        ends.add(new TimelineHistory.End(number - 1, new Lsn(begin), "no recovery target specified")));
        return ends.isEmpty()
                ? Optional.empty()
                : Optional.of(new TimelineHistory(timeline, Instant.EPOCH.plusSeconds(timeline), ends));
    }

    @Override
    public void ensureSlots(Set<String> names) {
        slots = names;
    }

    @Override
    public void checkpoint() {
        // Nothing to write.
    }

    @Override
    public boolean adopted() {
        return false;
    }

    @Override
    public Guard guard() {
        return this;
    }

    @Override
    public boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout) {
        if (guardDeaf) {
            return false;
        }
        disarm();
        deadline = Optional.of(time.at(hard, () -> stop(StopMode.IMMEDIATE, Duration.ZERO)));
        return true;
    }

    @Override
    public void disarm() {
        deadline.ifPresent(Loop::close);
        deadline = Optional.empty();
    }

    @Override
    public void onExit(Runnable listener) {
        onExit = listener;
    }

    @Override
    public void close() {
        // There is nothing to let go of.
    }
}

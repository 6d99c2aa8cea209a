// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.CitusGroup;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.GroupReader;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.backend.Hints;
import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.ThreadLoops;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One scope in the Kubernetes API. */
final class KubernetesDcs implements Dcs, GroupReader {
    /** All annotations of an object together may have four times as many, and some are written twice. */
    private static final int MAX_VALUE_BYTES = 1 << 16;

    private static final Logger LOG = LoggerFactory.getLogger(KubernetesDcs.class);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final Connection connection;
    private final Options options;
    private final MonotonicClock clock;
    private final String name;
    private final Layout layout;
    private final Duration ttl;
    private final Observations observations;
    private final Tenures tenures;
    private final Objects objects;
    private final Members members;
    private final LeaderLock lock;
    private final Optional<Slices> slices;
    private final Hints hints = new Hints();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Of the groups of a Citus cluster, which are looked at and no more. */
    private final Map<CitusGroup, Observations> ofGroups = new ConcurrentHashMap<>();

    private @Nullable Loop beats;
    private @Nullable ScopeWatch watch;

    /**
     * Becomes a user of the connection.
     *
     * @param session unlike that of any other
     */
    KubernetesDcs(
            Connection connection,
            Options options,
            MonotonicClock clock,
            InstantSource wall,
            DcsClient.Scope scope,
            String session) {
        this.connection = connection;
        this.options = options;
        this.clock = clock;
        this.name = scope.session();
        this.layout = Layout.of(options, scope.path());
        this.ttl = wholeSeconds(scope.ttl());
        this.observations = new Observations(clock);
        this.tenures = new Tenures(observations, wall, ttl);
        Api api = new Api(connection, options.retriable());
        Pods pods = new Pods(api, layout);
        this.objects = new Objects(api, layout, tenures);
        this.members = new Members(api, options, layout, pods, observations, clock, ttl, session);
        this.lock = new LeaderLock(objects, tenures, new Subsets(options, layout, pods), pods, ttl, session);
        this.slices =
                options.slices() ? Optional.of(new Slices(api, options, layout, pods, clock, ttl)) : Optional.empty();
        connection.retain();
    }

    /** Patroni writes a ttl in whole seconds; longer is safe. */
    private static Duration wholeSeconds(Duration wish) {
        return Duration.ofSeconds(Math.max(1, wish.plusNanos(999_999_999).toSeconds()));
    }

    @Override
    public DcsCapabilities capabilities() {
        return new DcsCapabilities(ttl, MAX_VALUE_BYTES, !options.pods());
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        Call call = call("reading", timeout);
        List<JsonNode> lists = objects.lists(call, options.pods());
        View view = View.of(layout, lists.get(0), tenures);
        members.leads(view.lock());
        return new Snapshot(
                view.lock(),
                options.pods() ? members.readPods(lists.get(1)) : members.read(view.others()),
                view.records());
    }

    @Override
    public SortedMap<CitusGroup, Snapshot> groups(Duration timeout) {
        Call call = call("reading the groups of", timeout);
        List<JsonNode> lists = objects.lists(call, options.pods());
        TreeMap<CitusGroup, Snapshot> groups = new TreeMap<>();
        TreeMap<CitusGroup, List<ObjectNode>> parts = new TreeMap<>();
        for (int i = 0; i < lists.size(); i++) {
            for (JsonNode item : lists.get(i).path("items")) {
                int list = i;
                CitusGroup.ofChild(item.path("metadata")
                                .path("labels")
                                .path(Layout.GROUP_LABEL)
                                .asText())
                        .ifPresent(group -> ((ArrayNode) parts.computeIfAbsent(group, number -> empty(lists))
                                        .get(list)
                                        .path("items"))
                                .add(item));
            }
        }
        parts.forEach((group, of) -> {
            Snapshot seen = group(group, of);
            if (!seen.equals(Snapshot.EMPTY)) {
                groups.put(group, seen);
            }
        });
        return groups;
    }

    /** Lists of the same moments without anything in them. */
    private static List<ObjectNode> empty(List<JsonNode> lists) {
        return lists.stream()
                .map(list -> {
                    ObjectNode empty = Json.object();
                    empty.set("metadata", list.path("metadata"));
                    empty.putArray("items");
                    return empty;
                })
                .toList();
    }

    private Snapshot group(CitusGroup number, List<ObjectNode> lists) {
        Layout its = layout.of(number);
        Observations seen = ofGroups.computeIfAbsent(number, group -> new Observations(clock));
        Api api = new Api(connection, options.retriable());
        Members there = new Members(api, options, its, new Pods(api, its), seen, clock, ttl, "");
        View view = View.of(its, lists.get(0), new Tenures(seen, InstantSource.system(), ttl));
        return new Snapshot(
                view.lock(), options.pods() ? there.readPods(lists.get(1)) : there.read(view.others()), view.records());
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        Call call = call("writing '" + write.key() + "' of", timeout);
        requireFit(call, write.value());
        Home home = Home.of(write.key());
        while (true) {
            View view = objects.look(call);
            if (!objects.settle(call, view, home)) {
                Optional<Stored> current = view.record(write.key());
                if (!view.holds(write)) {
                    return new WriteOutcome.Conflict(current);
                }
                Edit edit = view.edit(home).put(List.of(write));
                if (write.value().isEmpty() && current.isEmpty()) {
                    return new WriteOutcome.Done(edit.version());
                }
                if (objects.change(call, view, home, edit.changes(), Json.object())
                        .isPresent()) {
                    return new WriteOutcome.Done(edit.version());
                }
            }
            if (!call.pause(PAUSE)) {
                throw call.unreachable("others changed the object again and again", null);
            }
        }
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        Call call = call("acquiring the lock of", timeout);
        claim.with().forEach(write -> requireFit(call, write.value()));
        AcquireOutcome outcome = lock.acquire(call, claim);
        if (outcome instanceof AcquireOutcome.Acquired acquired) {
            members.leads(Optional.of(acquired.lock()));
            slices.ifPresent(traffic -> traffic.leads(acquired.lock()));
        }
        return outcome;
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        Call call = call("renewing the lock of", timeout);
        requireFit(call, status);
        RenewOutcome outcome = lock.renew(call, held, status);
        if (outcome instanceof RenewOutcome.Lost) {
            members.leads(Optional.empty());
            slices.ifPresent(traffic -> traffic.lost(held));
            hints.give();
        } else {
            slices.ifPresent(traffic -> traffic.leads(held));
        }
        return outcome;
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        Call call = call("releasing the lock of", timeout);
        with.forEach(write -> requireFit(call, write.value()));
        slices.ifPresent(traffic -> traffic.quit(call, held));
        ReleaseOutcome outcome = lock.release(call, held, with);
        if (outcome instanceof ReleaseOutcome.Released) {
            members.leads(Optional.empty());
        }
        return outcome;
    }

    @Override
    public void register(String member, String value, Duration timeout) {
        Call call = call("registering member '" + member + "' in", timeout);
        requireFit(call, Optional.of(value));
        members.register(call, member, value);
        startBeating();
    }

    private synchronized void startBeating() {
        if (beats == null && !closed.get()) {
            beats = new ThreadLoops((loop, problem) -> LOG.warn("{}", loop, problem))
                    .start("kubernetes-session-" + layout.prefix() + "-" + name, members::beat);
        }
    }

    private Call call(String doing, Duration timeout) {
        Call call = new Call(
                doing + " " + layout.kind().plural() + " '" + layout.prefix() + "' in namespace '" + layout.namespace()
                        + "'",
                clock,
                timeout);
        if (closed.get()) {
            throw call.unreachable("session '" + name + "' is closed", null);
        }
        members.used();
        return call;
    }

    private static void requireFit(Call call, Optional<String> value) {
        int bytes =
                value.map(text -> text.getBytes(StandardCharsets.UTF_8).length).orElse(0);
        if (bytes > MAX_VALUE_BYTES) {
            throw call.rejected("a value of " + bytes + " bytes; the limit is " + MAX_VALUE_BYTES, null);
        }
    }

    @Override
    public Watch watch(Runnable hint) {
        if (closed.get()) {
            return () -> {};
        }
        Watch added = hints.add(hint);
        synchronized (this) {
            if (watch == null && !closed.get()) {
                watch = new ScopeWatch(connection.client(), layout, options.pods(), hints, observations, tenures);
            }
        }
        return added;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Loop running;
        ScopeWatch watching;
        synchronized (this) {
            running = beats;
            watching = watch;
            beats = null;
            watch = null;
        }
        if (watching != null) {
            watching.close();
        }
        if (running != null) {
            running.close();
        }
        Call call = new Call("closing session '" + name + "'", clock, CLOSING);
        slices.ifPresent(traffic -> traffic.close(call));
        try {
            lock.close(call);
            members.close(call);
        } catch (DcsException e) {
            LOG.debug("what the session carried goes when its ttl is over: {}", e.getMessage());
        } finally {
            connection.release();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.record.FailoverRecord;
import dev.primacy.dcs.record.FailsafeRecord;
import dev.primacy.dcs.record.InitializeRecord;
import dev.primacy.dcs.record.SiteHistory;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.ha.NodeView;
import dev.primacy.multisite.Multisite;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.simulation.postgres.Server;
import dev.primacy.simulation.postgres.Server.Mode;
import dev.primacy.simulation.postgres.Wal;
import dev.primacy.simulation.store.Store;
import dev.primacy.simulation.time.VirtualTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What must hold after every event, whatever went wrong before. */
final class Checks {
    private final World world;
    /** By the places of the stores. */
    private final Known[] known;

    private final Map<Stopped, Wal> stops = new HashMap<>();
    private final Set<String> used = new HashSet<>();
    private Optional<Handover> handover = Optional.empty();

    /** What a store held, and what the status in it stands for. */
    private static final class Known {
        private Snapshot before = Snapshot.EMPTY;
        private @Nullable Node holder;
        private long lastTerm;
        private Optional<Wal> told = Optional.empty();
        private Optional<Long> timeline = Optional.empty();
        /** People have named the holder without a switchover, and accept what it lacks. */
        private boolean named;
    }

    /** What the holder of {@code lock} owes to those whose writes the leader before it acknowledged. */
    private record Handover(Lock lock, Wal owed) {}

    Checks(World world) {
        this.world = world;
        this.known = new Known[world.network.places()];
        world.sites.forEach(site -> observe(site.store));
        world.groupStore.ifPresent(this::observe);
    }

    private void observe(Store store) {
        Known of = new Known();
        known[store.place()] = of;
        store.observe(() -> changed(store, of));
    }

    // After each event.

    void afterEach() {
        Node writable = null;
        Site writing = null;
        for (Node node : world.nodes) {
            if (node.server().isWritable()) {
                mayWrite(node);
                if (writable != null) {
                    world.violated("two nodes accept writes: " + writable + " and " + node);
                }
                writable = node;
            }
            Agent agent = node.agent().orElse(null);
            if (agent != null && !node.isFrozen()) {
                Lease lease = agent.ha.lease().orElse(null);
                if (lease != null) {
                    believes(agent, lease);
                    holdsAlone(agent);
                }
                count(agent);
                Lease ofSite = lease == null ? null : leaseOfLeader(agent);
                if (ofSite != null) {
                    keepsSite(agent, ofSite);
                    if (writing != null && writing != node.site) {
                        world.violated(
                                "two sites stand as the leader with a valid lease: " + writing + " and " + node.site);
                    }
                    writing = node.site;
                }
            }
        }
        if (writable != null && writable.site.other.server().isWritable()) {
            world.violated("two clusters accept writes: that of " + writable + " and the one that it is to follow");
        }
    }

    /** Before another can have a right of a node, its server has ended. */
    private void mayWrite(Node node) {
        holds(node, node.site.store);
        world.groupStore.ifPresent(store -> holds(node, store));
    }

    private void holds(Node node, Store store) {
        Known of = knownOf(store);
        if (of.holder != node && !(store == node.site.store && isPromised(node, world.time.now()))) {
            world.violated(node + " accepts writes without a right: " + of.before.leader());
        }
    }

    /** Whoever else may claim the lock: a right that rests on promises excludes it too. */
    private void holdsAlone(Agent agent) {
        Node node = agent.node;
        for (Node other : node.site.nodes) {
            if (other.number < node.number
                    && !other.isFrozen()
                    && other.agent().filter(peer -> peer.ha.lease().isPresent()).isPresent()) {
                world.violated(other + " relies on the leader lock, and so does " + node);
            }
        }
    }

    /** What an agent believes must be so, as long as it believes it. */
    private void believes(Agent agent, Lease lease) {
        Known of = knownOf(agent.node.site.store);
        // A claim of its own may have replaced it, with an answer that got lost: nobody else has it for that.
        if (of.holder != agent.node && !isPromised(agent.node, agent.node.realTime(lease.until()))) {
            world.violated(agent.node + " relies on the leader lock, which the store does not keep for it any more: "
                    + of.before.leader());
        }
        outlasts(agent, lease, agent.node.site.store);
        // Renewed for a ttl after the last round, valid for a ttl after the last renewal.
        long longest = (long) (agent.node.site.longestTtl().toNanos() * 2 * (1 + 2 * VirtualTime.RATES));
        if (agent.program.hungFor() > longest) {
            world.violated(agent.node + " keeps the leader lock though its loop hangs");
        }
    }

    /** As long as it stands as the leader, nobody replaces it: whoever may be replaced stands otherwise before. */
    private void keepsSite(Agent agent, Lease lease) {
        Optional<Lock> lock = lock(world.groupStore.orElseThrow());
        if (lock.filter(lease.lock()::equals).isEmpty()) {
            world.violated(agent.node
                    + " stands as the leader by the site lease, which the store does not keep for it: " + lock);
        }
    }

    /** A lease ends for its holder before it ends in the store. */
    private void outlasts(Agent agent, Lease lease, Store store) {
        long believed = agent.node.realTime(lease.until());
        long kept = store.keptUntil(lease.lock());
        if (believed > kept && !isPromised(agent.node, believed)) {
            world.violated(agent.node + " relies on " + lease.lock() + " for " + (believed - kept)
                    + " ns longer than the store keeps it");
        }
    }

    /** Whether nobody who may claim the lock of its site may do so before {@code moment}. */
    private boolean isPromised(Node node, long moment) {
        Optional<Set<String>> listed = knownOf(node.site.store)
                .before
                .record(RecordKey.FAILSAFE)
                .map(stored -> FailsafeRecord.parse(stored.value()).members().keySet());
        return listed.filter(names -> names.contains(node.name)
                        && node.site.nodes.stream()
                                .filter(other -> other != node && names.contains(other.name))
                                .allMatch(other -> other.hasPromised(moment)))
                .isPresent();
    }

    /** The site lease of an agent that has its cluster's lock too and stands as the leader by it. */
    private static @Nullable Lease leaseOfLeader(Agent agent) {
        Multisite group = agent.group.orElse(null);
        return group != null && group.standing() instanceof SiteStanding.Leader
                ? group.lease().orElse(null)
                : null;
    }

    /** A round that has not been counted yet. */
    private void count(Agent agent) {
        NodeView view = agent.ha.view().orElse(null);
        if (view != null && view.seen().now().isAfter(agent.countedAt)) {
            agent.countedAt = view.seen().now();
            world.tally.chose(view.decision(), view.decision().reason());
            world.tally.chose(view.seen().site(), view.seen().site().reason());
        }
    }

    /** Who holds the lock of {@code store} since its last change: to look into the store itself would end sessions there. */
    Optional<Lock> lock(Store store) {
        return knownOf(store).before.leader();
    }

    private Known knownOf(Store store) {
        return known[store.place()];
    }

    // After each change in a store.

    private void changed(Store store, Known of) {
        Snapshot after = store.truth();
        Optional<String> had = systemIdentifier(of.before);
        require(had.isEmpty() || had.equals(systemIdentifier(after)), "the recorded database was exchanged");
        after.leader()
                .filter(lock -> !of.before.leader().equals(after.leader()))
                .ifPresent(lock -> {
                    require(lock.term() > of.lastTerm, "the term went back from %s to %s", of.lastTerm, lock.term());
                    of.lastTerm = lock.term();
                    Node taker = holder(lock).orElse(null);
                    of.named = taker != null
                            && taker.site.store == store
                            && ((of.named && taker == of.holder) || isNamed(of.before, taker));
                });
        Optional<StatusRecord> status = status(after);
        if (status.isPresent() && !after.record(RecordKey.STATUS).equals(of.before.record(RecordKey.STATUS))) {
            of.told = contents(after, status.get())
                    .or(() -> of.told.filter(told -> told.end() == status.get().optime()));
            of.timeline = status.get().timeline();
        }
        if (world.groupStore.filter(group -> group == store).isPresent()) {
            groupChanged(of.before, after);
        }
        of.before = after;
        of.holder = after.leader().flatMap(this::holder).orElse(null);
    }

    private Optional<Wal> contents(Snapshot snapshot, StatusRecord status) {
        return snapshot.leader()
                .flatMap(this::holder)
                .map(Node::server)
                .flatMap(server -> server.wal()
                        .at(status.timeline().orElse((long) server.wal().timeline()), status.optime())
                        .or(() -> server.lastAsPrimary()
                                .at(status.timeline().orElse((long) server.wal().timeline()), status.optime())));
    }

    /** The node whose session has the lock. */
    private Optional<Node> holder(Lock lock) {
        return world.named(lock.session().substring(0, lock.session().indexOf('#')));
    }

    private void groupChanged(Snapshot before, Snapshot after) {
        require(epoch(after) >= epoch(before), "the epoch went back from %s to %s", epoch(before), epoch(after));
        boolean sameSite =
                before.leader().map(Lock::holder).equals(after.leader().map(Lock::holder));
        SiteHistory history = history(after);
        if (history.size() > history(before).size()) {
            require(epoch(after) > epoch(before), "another site leads in the same epoch %s", epoch(after));
            String cause = history.lastCause().orElse("");
            world.tally.happened("group: " + cause);
            if (cause.equals("switchover")) {
                switchedOver(before, after);
            }
        } else if (before.leader().isPresent() && sameSite && !before.leader().equals(after.leader())) {
            world.tally.happened("group: inherited");
        }
    }

    private void switchedOver(Snapshot before, Snapshot after) {
        Optional<SiteSwitchover> request =
                before.record(RecordKey.FAILOVER).map(Stored::value).flatMap(SiteSwitchover::parse);
        Optional<String> site = after.leader().map(Lock::holder);
        require(
                request.map(SiteSwitchover::targetSite).equals(site),
                "site %s took what was to be handed over: %s",
                site,
                request);
        Optional<Stopped> end = request.flatMap(SiteSwitchover::stopped);
        require(end.isPresent(), "a switchover from a leader that had not stopped");
        Optional<Wal> owed = end.map(stops::get);
        if (owed.isEmpty() || after.leader().isEmpty()) {
            return;
        }
        Lock lock = after.leader().get();
        Optional<Node> taker = holder(lock);
        Wal mine = taker.map(node -> node.server().wal()).orElse(Wal.NONE);
        // Its disk may be lost while its claim is under way. Then this is checked if it ever leads by this claim.
        require(
                mine.equals(Wal.NONE) || mine.contains(owed.get()),
                "a planned switchover lost data: %s has %s of %s",
                taker,
                mine,
                owed.get());
        handover = Optional.of(new Handover(lock, owed.get()));
    }

    // What servers do.

    /** Others may do so too: which one is used is decided later, see {@link #leads} and {@link #discarding}. */
    void founding() {
        world.tally.happened("founded");
    }

    /** Only what nobody ever wrote to, and no record names. */
    void discarding(Node node) {
        String database = node.server().systemIdentifier().orElseThrow();
        require(!used.contains(database), "%s discards %s, which has been used", node, database);
        stores(node)
                .forEach(store ->
                        require(!isNamed(store, database), "%s discards %s, which is in the record", node, database));
        world.tally.happened("discarded");
    }

    /** Those whose records say which database is that of all. */
    private Stream<Store> stores(Node node) {
        return Stream.concat(world.groupStore.stream(), Stream.of(node.site.store));
    }

    private static boolean isNamed(Store store, String database) {
        return systemIdentifier(store.truth()).equals(Optional.of(database));
    }

    void stopped(Wal wal, long checkpoint) {
        stops.put(new Stopped(wal.timeline(), checkpoint), wal);
    }

    /** Whoever begins to write has as much as may not be lost of what was told, and all of what it owes. */
    void leads(Node node, Wal data) {
        world.tally.happened("led");
        String database = node.server().systemIdentifier().orElseThrow();
        used.add(database);
        stores(node)
                .forEach(store -> require(
                        isNamed(store, database),
                        "%s accepts writes in %s before the record names it: %s",
                        node,
                        database,
                        systemIdentifier(store.truth())));
        Known known = knownOf(world.groupStore.orElse(node.site.store));
        require(
                known.timeline.filter(timeline -> timeline > data.timeline()).isEmpty(),
                "a promotion was lost: %s begins with %s, known was timeline %s",
                node,
                data,
                known.timeline);
        known.told.ifPresent(told -> bound(node, data, told));
        handover.filter(to -> world.groupStore.orElseThrow().truth().isHeldBy(to.lock)
                        && holder(to.lock).equals(Optional.of(node)))
                .ifPresent(to -> require(
                        data.contains(to.owed),
                        "a planned switchover lost data: %s begins with %s of %s",
                        node,
                        data,
                        to.owed));
    }

    private static boolean isNamed(Snapshot before, Node node) {
        return before.record(RecordKey.FAILOVER)
                .map(Stored::value)
                .map(FailoverRecord::parse)
                .filter(request -> !request.isSwitchover())
                .flatMap(FailoverRecord::member)
                .filter(node.name::equals)
                .isPresent();
    }

    private void bound(Node node, Wal data, Wal told) {
        long lost = told.end() - told.shared(data).end();
        if (lost <= world.settings.maximumLag()) {
            return;
        }
        if (knownOf(node.site.store).named) {
            world.tally.happened("loss that people accepted");
            return;
        }
        // A takeover goes by numbers. Where two histories have the same, it may lose more than it can know of.
        boolean unseen = told.hasTwinIn(data)
                && told.timeline() <= data.timeline()
                && told.end() - node.server().received() <= world.settings.maximumLag();
        require(unseen, "too much was lost: %s begins with %s, known was %s", node, data, told);
        world.tally.happened("loss behind equal numbers");
    }

    void refused(Node node, String reason) {
        world.violated(node + " needs a person: " + reason);
    }

    // Afterwards.

    /** What is missing for all to be well again; empty when it is. */
    Optional<String> unwell() {
        List<Node> writable =
                world.nodes.stream().filter(node -> node.server().isWritable()).toList();
        if (writable.isEmpty()) {
            return Optional.of("nobody leads");
        }
        Server primary = writable.get(0).server();
        return world.nodes.stream()
                .filter(node -> node.server() != primary && !isSettled(node.server(), primary))
                .findFirst()
                .map(node -> node.server() + " does not follow " + primary);
    }

    private static boolean isSettled(Server server, Server primary) {
        return server.mode() == Mode.STANDBY && (server.follows(primary) || isMisled(server, primary));
    }

    /** PostgreSQL takes twins for one history: it neither rewinds the one, nor do others of its site get on with it. */
    private static boolean isMisled(Server server, Server primary) {
        return server.wal().hasTwinIn(primary.wal())
                || server.told()
                        .filter(from -> from.wal().hasTwinIn(primary.wal()))
                        .isPresent();
    }

    private static Optional<StatusRecord> status(Snapshot snapshot) {
        return snapshot.record(RecordKey.STATUS).map(Stored::value).map(StatusRecord::parse);
    }

    private static Optional<String> systemIdentifier(Snapshot snapshot) {
        return snapshot.record(RecordKey.INITIALIZE)
                .map(Stored::value)
                .map(InitializeRecord::parse)
                .flatMap(InitializeRecord::systemIdentifier);
    }

    private static long epoch(Snapshot snapshot) {
        return snapshot.record(RecordKey.EPOCH)
                .map(Stored::value)
                .map(Long::valueOf)
                .orElse(0L);
    }

    private static SiteHistory history(Snapshot snapshot) {
        return snapshot.record(RecordKey.HISTORY)
                .map(Stored::value)
                .map(SiteHistory::parse)
                .orElse(SiteHistory.EMPTY);
    }

    private void require(boolean holds, String broken, Object... arguments) {
        if (!holds) {
            world.violated(String.format(Locale.ROOT, broken, arguments));
        }
    }
}

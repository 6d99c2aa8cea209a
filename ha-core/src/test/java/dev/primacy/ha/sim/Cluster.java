// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.dcs.record.Tags;
import dev.primacy.ha.ClusterConfig;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.HaLoop;
import dev.primacy.ha.Peers;
import dev.primacy.ha.SiteRole;
import dev.primacy.ha.StoreSession;
import dev.primacy.ha.TimingLimits;
import dev.primacy.ha.decide.Peer;
import dev.primacy.ha.failsafe.FailsafeCall;
import dev.primacy.ha.failsafe.Promise;
import dev.primacy.ha.failsafe.PromiseMemory;
import dev.primacy.ha.failsafe.Promises;
import dev.primacy.multisite.SiteFacts;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Upstream;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A cluster of one site: real loops over a store and servers in memory. At most one server is writable, ever. */
final class Cluster {
    static final LeaseTiming TIMING =
            LeaseTiming.of(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10));

    final VirtualTime time = new VirtualTime(this::check);
    final List<String> refusals = new ArrayList<>();
    private final Map<String, FakePostgres> servers = new TreeMap<>();
    private final Map<String, Member> members = new TreeMap<>();
    private final MemoryStore store = new MemoryStore(time);

    private final Map<String, PromiseMemory> promises = new HashMap<>();
    private final Set<String> silent = new HashSet<>();

    private SiteStanding standing = new SiteStanding.Single();
    private final Map<String, SiteFacts> reports = new HashMap<>();
    private final Map<String, String> tags = new HashMap<>();
    private JsonObject stored = JsonObject.EMPTY;

    /** The file of that member has these from its next start on. */
    void tag(String name, String json) {
        tags.put(name, json);
    }

    /** What the files of members that are started from now on have for the store. */
    void filesHave(String settings) {
        stored = JsonObject.parse(settings);
    }

    /** What all wall clocks show. */
    Instant wall() {
        return Instant.parse("2026-08-01T02:00:00Z").plusNanos(time.now().nanos());
    }

    /** What an operator does, whatever is there. */
    void put(RecordKey key, String value) {
        try (Dcs person = store.open("person", TIMING.ttl())) {
            person.write(RecordWrite.blind(key, value), Duration.ZERO);
        }
    }

    /** What somebody's request does that was under way until now. */
    WriteOutcome write(RecordWrite late) {
        try (Dcs sender = store.open("sender", TIMING.ttl())) {
            return sender.write(late, Duration.ZERO);
        }
    }

    String stored(RecordKey key) {
        return look().record(key).orElseThrow().value();
    }

    Snapshot look() {
        try (Dcs person = store.open("person", TIMING.ttl())) {
            return person.snapshot(Duration.ZERO);
        }
    }

    /** Its group says so from now on. */
    void stands(SiteStanding now) {
        standing = now;
    }

    /** What a member told its group last. */
    SiteFacts reportOf(String name) {
        return Objects.requireNonNull(reports.get(name));
    }

    StatusRecord status() {
        return store.open("observer", TIMING.ttl())
                .snapshot(Duration.ZERO)
                .record(RecordKey.STATUS)
                .map(stored -> StatusRecord.parse(stored.value()))
                .orElseThrow();
    }

    /** A primary of another site, with the data of {@code source} up to now. */
    FakePostgres remotePrimary(String name, String source) {
        FakePostgres server = new FakePostgres(time, servers);
        servers.put(name, server);
        server.cloneFrom(new Upstream(source, 5432, Optional.empty()));
        server.arm(time.now(), time.now().plus(Duration.ofHours(1)), Duration.ZERO);
        server.startStandby(Optional.empty(), Duration.ZERO);
        server.promote(Duration.ZERO);
        return server;
    }

    private SiteRole role() {
        return new SiteRole() {
            @Override
            public SiteStanding standing() {
                return standing;
            }

            @Override
            public Optional<MonotonicInstant> writableUntil() {
                boolean may = standing instanceof SiteStanding.Single || standing instanceof SiteStanding.Leader;
                return Optional.of(new MonotonicInstant(Long.MAX_VALUE)).filter(end -> may);
            }

            @Override
            public void report(SiteFacts facts) {
                reports.put(facts.member(), facts);
            }

            @Override
            public void speakWhile(Predicate<Long> holdsLeaderLock) {
                // Nobody acts on the reports.
            }
        };
    }

    private void check() {
        List<String> writable = servers.keySet().stream()
                .filter(name -> servers.get(name).isWritable())
                .toList();
        if (writable.size() > 1) {
            throw new AssertionError("more than one server accepts writes: " + writable);
        }
    }

    /** The server of a machine. */
    FakePostgres machine(String name) {
        // Not in a computation of the map: the server looks at the others.
        if (!servers.containsKey(name)) {
            servers.put(name, new FakePostgres(time, servers));
        }
        return Objects.requireNonNull(servers.get(name));
    }

    /** Starts an agent on a machine, whose data is that of the agent before. */
    Member start(String name) {
        FakePostgres server = machine(name);
        VirtualTime.Agent process = time.new Agent();
        VirtualWorker worker = new VirtualWorker(time);
        process.onDeath(() -> kill(name));
        CountingDcs.Counts dcs = new CountingDcs.Counts();
        HaConfig config = new HaConfig(
                name,
                "cluster",
                "cluster",
                new Address(name, 5432),
                "http://" + name,
                "0.1.0",
                new Tags(JsonObject.parse(tags.getOrDefault(name, "{}"))),
                new ClusterConfig(TIMING, 1 << 20, false, Duration.ofSeconds(60), Duration.ofSeconds(60), false, false),
                stored,
                TimingLimits.NONE);
        StoreSession session = new StoreSession(ttl -> new CountingDcs(store.open(name, ttl), dcs), TIMING.ttl());
        HaLoop loop = new HaLoop(
                config,
                session,
                server,
                role(),
                peers(),
                promises.computeIfAbsent(name, any -> new KeptPromise()),
                time,
                this::wall,
                process,
                worker,
                refusals::add);
        Member member = new Member(server, dcs, loop, process, worker);
        members.put(name, member);
        return member;
    }

    private Peers peers() {
        return new Peers() {
            @Override
            public Map<String, Peer> ask(Map<String, String> apiUrls, Duration timeout) {
                return Cluster.this.ask(apiUrls);
            }

            @Override
            public Set<String> promised(Map<String, String> apiUrls, FailsafeCall call, Duration timeout) {
                return apiUrls.keySet().stream()
                        .filter(members::containsKey)
                        .filter(name -> !silent.contains(name))
                        .filter(name ->
                                members.get(name).loop().promise(call.name(), call.ttl()) == Promises.Answer.ACCEPTED)
                        .collect(Collectors.toSet());
            }
        };
    }

    /** Whom nobody reaches. */
    void silence(String name) {
        silent.add(name);
    }

    /** On the disk of a machine. */
    private static final class KeptPromise implements PromiseMemory {
        private Optional<Promise> kept = Optional.empty();

        @Override
        public Optional<Promise> recall() {
            return kept;
        }

        @Override
        public void keep(Promise promise) {
            kept = Optional.of(promise);
        }
    }

    private Map<String, Peer> ask(Map<String, String> urls) {
        Map<String, Peer> answers = new HashMap<>();
        urls.keySet().stream()
                .filter(members::containsKey)
                .forEach(name -> servers.get(name)
                        .status(Duration.ZERO)
                        .server()
                        .ifPresent(server ->
                                answers.put(name, new Peer(server.primary(), server.timeline(), server.written()))));
        return answers;
    }

    /** The agent ends without a word; its guard goes on. */
    void kill(String name) {
        Member member = members.remove(name);
        member.process.kill();
        member.worker.shutdown();
    }

    void pass(int seconds) {
        time.pass(Duration.ofSeconds(seconds));
    }

    /** One member and what it runs on. */
    record Member(
            FakePostgres server,
            CountingDcs.Counts dcs,
            HaLoop loop,
            VirtualTime.Agent process,
            VirtualWorker worker) {}
}

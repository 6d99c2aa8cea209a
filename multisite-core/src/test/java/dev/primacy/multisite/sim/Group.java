// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.multisite.SwitchoverAnswer.Verdict;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Some sites with their members, the store between them, people who ask for switchovers, and bad luck. */
final class Group {
    static final LeaseTiming TIMING = new LeaseTiming(
            Duration.ofSeconds(3),
            Duration.ofSeconds(1),
            Duration.ofMillis(900),
            0.001,
            Duration.ZERO,
            Duration.ofMillis(100));
    /** Neighbouring seeds give nearly the same first number otherwise, and that is the rate of faults. */
    private static final long SCRAMBLE = 0x9E3779B97F4A7C15L;

    static final double DRIFT = 0.0009;
    static final long MAXIMUM_LAG = 400;
    static final Duration SWITCHOVER_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration WAL_TICK = Duration.ofMillis(150);
    private static final Duration LONG_TIME = Duration.ofHours(1);

    final VirtualTime time;
    final Faults faults;
    final Mutant mutant;
    final List<Member> members = new ArrayList<>();
    final Trouble trouble;
    final Contents contents = new Contents();
    final Events events = new Events();
    private final MemoryStore store;
    private final Dcs observer;
    private final Map<String, Dcs> sessions = new HashMap<>();
    private final Invariants invariants;
    private int branches;
    private int systems;

    /**
     * A group that begins without any data.
     *
     * @param calm from when on nothing goes wrong any more
     * @param mutant what is broken on purpose
     */
    Group(long seed, MonotonicInstant calm, Mutant mutant) {
        this.time = new VirtualTime(new Random(seed * SCRAMBLE));
        this.mutant = mutant;
        Random random = time.random;
        this.faults = new Faults(time, random.nextDouble() * 0.25, calm);
        this.store = new MemoryStore(time::now);
        this.observer = store.open("observer", LONG_TIME);
        this.invariants = new Invariants(this);
        observer.watch(invariants::storeChanged);
        int sites = 2 + random.nextInt(2);
        for (int i = 0; i < sites; i++) {
            addSite(String.valueOf((char) ('a' + i)), 1 + random.nextInt(2));
        }
        this.trouble = new Trouble(this);
        Agent outside = new Agent("outside", time, 1, 0);
        time.loops(outside).start("wal", this::moveWal);
        time.loops(outside).start("people", this::askForSwitchover);
        time.loops(outside).start("trouble", trouble::next);
        time.afterEachStep(invariants::check);
    }

    private void addSite(String name, int size) {
        Site site = new Site(name, time);
        for (int i = 1; i <= size; i++) {
            Member member = new Member(name + i, site, 1001 + members.size(), this);
            members.add(member);
            site.members.add(member);
            time.later(time.upTo(Duration.ofSeconds(6)), member::start);
        }
    }

    private Duration moveWal() {
        for (Member member : members) {
            member.database.write(time.random.nextInt(60));
            member.replication.receive(time.now(), time.random.nextInt(200));
        }
        return WAL_TICK;
    }

    private Duration askForSwitchover() {
        askForSwitchover(any().site.name);
        return time.upTo(Duration.ofSeconds(3));
    }

    void askForSwitchover(String target) {
        if (faults.areOn()) {
            any().multisite().ifPresent(member -> {
                if (member.requestSwitchover(target).verdict() == Verdict.ACCEPTED) {
                    events.requests++;
                }
            });
        }
    }

    Member any() {
        return members.get(time.random.nextInt(members.size()));
    }

    Optional<Member> at(int port) {
        return members.stream().filter(member -> member.port == port).findFirst();
    }

    Optional<Member> named(String name) {
        return members.stream().filter(member -> member.name.equals(name)).findFirst();
    }

    Dcs openSession(String name) {
        String unique = name + "." + sessions.size();
        Dcs session = store.open(unique, TIMING.ttl());
        sessions.put(unique, session);
        return session;
    }

    Snapshot truth() {
        return observer.snapshot(LONG_TIME);
    }

    /** Takes the lock away from whoever holds it: what no store may ever do. */
    void freeLock() {
        Optional<Lock> lock = truth().leader();
        lock.ifPresent(
                held -> sessions.get(held.session().replaceAll("#.*", "")).release(held, List.of(), LONG_TIME));
    }

    int nextBranch() {
        return ++branches;
    }

    String nextSystemIdentifier() {
        return "700000000000000000" + ++systems;
    }

    void discarding(Member member) {
        invariants.discarding(member);
    }

    void leads(Member member, Wal data) {
        invariants.leads(member, data);
    }

    List<Member> writable() {
        return members.stream().filter(member -> member.database.isWritable()).toList();
    }

    /** What happened, to see that a history is not an empty one. */
    static final class Events {
        int requests;
        int foundings;
        int takeovers;
        int switchovers;
        int inheritances;
        int troubles;
        int unseenLosses;

        void add(Events other) {
            requests += other.requests;
            foundings += other.foundings;
            takeovers += other.takeovers;
            switchovers += other.switchovers;
            inheritances += other.inheritances;
            troubles += other.troubles;
            unseenLosses += other.unseenLosses;
        }

        @Override
        public String toString() {
            return requests + " requests for a switchover, " + foundings + " foundings, " + takeovers + " takeovers, "
                    + switchovers + " switchovers, " + inheritances + " inheritances, " + troubles + " troubles, "
                    + unseenLosses + " losses behind equal numbers";
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.record.Address;
import dev.primacy.multisite.Multisite;
import dev.primacy.multisite.SiteConfig;
import dev.primacy.multisite.SiteFacts;
import dev.primacy.multisite.SiteFacts.Follower;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.multisite.SiteStanding.Foreign;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.multisite.SiteStanding.Leader;
import dev.primacy.multisite.SiteStanding.Standby;
import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A machine: its database, and the agent that runs on it now, with the real part that speaks to the group. */
final class Member {
    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(400);
    private static final Duration ACTION = Duration.ofMillis(300);

    final String name;
    final Site site;
    final int port;
    final Database database = new Database();
    private final Group group;
    private final VirtualTime time;
    private Agent agent;
    private FaultyDcs dcs;
    private Optional<Multisite> multisite = Optional.empty();
    private Optional<Loop> rounds = Optional.empty();
    private long localTerm;
    private MonotonicInstant localUntil = new MonotonicInstant(0);
    private MonotonicInstant staysOutUntil = new MonotonicInstant(0);
    private Optional<Long> primaryTerm = Optional.empty();
    private Optional<Member> upstream = Optional.empty();
    private boolean claimed;
    private long stray;

    Member(String name, Site site, int port, Group group) {
        this.name = name;
        this.site = site;
        this.port = port;
        this.group = group;
        this.time = group.time;
    }

    void start() {
        if (answersOrIsPaused()) {
            return;
        }
        agent = new Agent(name, time, 1 + (time.random.nextDouble() - 0.5) * Group.DRIFT, time.random.nextInt());
        dcs = new FaultyDcs(time, agent, group.faults, () -> group.openSession(name));
        localUntil = agent.clock().now();
        staysOutUntil = localUntil;
        primaryTerm = Optional.empty();
        Dcs seen = group.mutant.store().apply(dcs, group);
        SiteConfig config = new SiteConfig(
                site.name, Group.TIMING, Group.MAXIMUM_LAG, Group.SWITCHOVER_TIMEOUT, Duration.ofMillis(500));
        Multisite started =
                new Multisite(config, seen, agent.clock(), InstantSource.fixed(Instant.EPOCH), time.loops(agent));
        multisite = Optional.of(started);
        Loop loop = time.loops(agent).start("ha", this::round);
        rounds = Optional.of(loop);
        started.listen(new Multisite.Listener() {
            @Override
            public void standingChanged() {
                loop.wake();
            }

            @Override
            public void leaseMoved() {
                moveDeadline();
            }
        });
    }

    /** The agent dies, and its guard ends the server with it. */
    void crash() {
        if (answersOrIsPaused()) {
            agent.kill();
            database.crash();
            drop();
            rounds.ifPresent(Loop::close);
            multisite.ifPresent(Multisite::close);
            multisite = Optional.empty();
        }
    }

    void pause(Duration duration) {
        if (answersOrIsPaused()) {
            agent.pause(duration);
        }
    }

    void cut(Duration duration) {
        if (answersOrIsPaused()) {
            dcs.cut(duration);
        }
    }

    void loseSession() {
        if (answersOrIsPaused()) {
            dcs.loseSession();
        }
    }

    Optional<Multisite> multisite() {
        return multisite;
    }

    boolean answers() {
        return answersOrIsPaused() && !agent.pausedUntil().isAfter(time.now());
    }

    private boolean answersOrIsPaused() {
        return multisite.isPresent();
    }

    /** Whether both rights say that writes may be accepted here: the cluster's lock, and the site's lease. */
    boolean mayWrite() {
        return multisite
                        .filter(of -> of.lease().isPresent() && of.standing() instanceof Leader)
                        .isPresent()
                && localLeader();
    }

    SiteStanding standing() {
        return multisite
                .<SiteStanding>map(Multisite::standing)
                .orElseGet(() -> new SiteStanding.Unknown("not running"));
    }

    /** The WAL receiver's work, which goes on while the agent is frozen. */
    void receive(long bytes) {
        upstream()
                .filter(from -> from.database.wal().contains(database.wal()))
                .ifPresent(from -> database.receive(database.wal().received(from.database.wal(), bytes)));
    }

    private Duration round() {
        MonotonicInstant sent = agent.clock().now();
        if (!(standing() instanceof Foreign) && !sent.isBefore(staysOutUntil) && site.hold(this)) {
            localTerm = site.term();
            localUntil = sent.plus(Site.TTL).minus(Duration.ofMillis(5));
            moveDeadline();
        }
        multisite.orElseThrow().report(group.mutant.facts().apply(facts()));
        if (localLeader() && standing() instanceof SiteStanding.Behind && site.members.size() > 1) {
            stayOut();
        }
        act();
        return time.upTo(BETWEEN_ROUNDS);
    }

    private SiteFacts facts() {
        Database.Mode mode = database.mode();
        boolean tenure = localLeader() && primaryTerm.equals(Optional.of(site.term()));
        return new SiteFacts(
                name,
                Optional.of(localTerm).filter(term -> localLeader()),
                new Address("host", port),
                database.systemIdentifier(),
                mode == Database.Mode.STANDBY || mode == Database.Mode.PRIMARY
                        ? Optional.of(new SiteFacts.Position(
                                database.wal().timeline(),
                                received(),
                                database.wal().end()))
                        : Optional.empty(),
                mode == Database.Mode.PRIMARY,
                tenure ? database.stopped() : Optional.empty(),
                Optional.of(followers()));
    }

    private List<Follower> followers() {
        return group.members.stream()
                .filter(member -> member.site != site
                        && member.upstream().filter(this::equals).isPresent())
                .map(member -> new Follower(member.site.name, member.name, member.received()))
                .toList();
    }

    /**
     * Whom a server's WAL receiver asks for more and gets it. PostgreSQL compares timeline numbers and positions, no
     * content: bytes of another history with the same number are received, and found out when they are replayed.
     */
    private Optional<Member> upstream() {
        return upstream.filter(from -> database.mode() == Database.Mode.STANDBY
                && from.database.serves()
                && from.database.systemIdentifier().equals(database.systemIdentifier())
                && (from.database.wal().contains(database.wal())
                        || from.database.wal().timeline() == database.wal().timeline()));
    }

    /** Also what does not continue the data here; it counts until the server starts again. */
    private long received() {
        upstream()
                .map(from -> from.database.wal())
                .filter(theirs -> !theirs.contains(database.wal()))
                .ifPresent(theirs -> stray = Math.max(stray, theirs.end()));
        if (database.mode() != Database.Mode.STANDBY) {
            stray = 0;
        }
        return Math.max(stray, database.wal().end());
    }

    private void act() {
        switch (database.mode()) {
            case PRIMARY -> asPrimary();
            case STANDBY -> asStandby();
            case STOPPED -> stopped();
            case NO_DATA -> withoutData();
            case STOPPING -> {
                // Goes on by itself.
            }
        }
    }

    private void asPrimary() {
        if (localLeader() && standing() instanceof HandingOver) {
            time.elapse(agent, time.upTo(ACTION));
            database.beginStop();
            time.elapse(agent, time.upTo(ACTION));
            database.endStop();
            database.stopped().ifPresent(end -> group.stoppedInOrder(end, database.wal()));
            drop();
        } else if (!mayWrite()) {
            database.crash();
            drop();
        }
    }

    private void asStandby() {
        if (mayWrite()) {
            lead(database.wal().promoted(group.nextBranch()));
        } else if (localLeader()) {
            upstream = remotePrimary();
            upstream.ifPresent(this::rejoin);
        } else {
            upstream = site.holder().filter(leader -> leader != this);
            upstream.ifPresent(this::rejoin);
        }
    }

    private void stopped() {
        if (localLeader() && standing() instanceof HandingOver) {
            return;
        }
        if (mayWrite() && primaryTerm.equals(Optional.of(site.term()))) {
            lead(database.wal());
        } else {
            database.startStandby();
        }
    }

    private void withoutData() {
        if (localLeader() && mayWrite() && standing() instanceof Leader leader && leader.mayFound()) {
            group.founding();
            database.create(group.nextSystemIdentifier(), Wal.founded(group.nextBranch()));
            lead(database.wal());
            return;
        }
        if (localLeader() && site.everHadData() && !(standing() instanceof Standby)) {
            stayOut();
            return;
        }
        Optional<Member> source = localLeader() ? remotePrimary() : site.holder();
        source.filter(from -> from.database.serves()).ifPresent(from -> {
            database.create(from.database.systemIdentifier().orElseThrow(), from.database.wal());
        });
    }

    /** Leaves the leader lock of the site to others for a while. */
    private void stayOut() {
        site.giveUp(this);
        localUntil = agent.clock().now();
        staysOutUntil = localUntil.plus(Group.TIMING.ttl());
    }

    /** Rewinds to a primary only: a standby may itself be the one whose history parted from the group's. */
    private void rejoin(Member from) {
        Optional<Member> primary =
                Optional.of(from).filter(Member::leads).or(() -> remotePrimary().filter(Member::leads));
        if (primary.isPresent() && !group.trouble.cutsOffServers()) {
            rewind(primary.get());
        }
    }

    private boolean leads() {
        return database.isWritable();
    }

    private void rewind(Member primary) {
        Wal own = database.wal();
        Wal theirs = primary.database.wal();
        boolean same = primary.database.systemIdentifier().equals(database.systemIdentifier());
        if (same && !theirs.contains(own) && !own.contains(theirs)) {
            database.crash();
            time.elapse(agent, time.upTo(ACTION));
            database.receive(own.shared(theirs));
            database.startStandby();
        }
    }

    private void lead(Wal with) {
        Optional<MonotonicInstant> end = until();
        if (end.filter(agent.clock().now()::isBefore).isEmpty()) {
            return;
        }
        claimed = true;
        database.arm(agent.clock(), end.get());
        Optional<Long> term = Optional.of(site.term());
        time.elapse(agent, time.upTo(ACTION));
        Wal before = database.wal();
        if (database.lead(with)) {
            group.leads(before);
            primaryTerm = term;
            group.trouble.promoted(this);
        } else {
            drop();
        }
    }

    private Optional<Member> remotePrimary() {
        return standing() instanceof Standby standby
                ? standby.primary().flatMap(address -> group.at(address.port()))
                : Optional.empty();
    }

    private boolean localLeader() {
        return agent.clock().now().isBefore(localUntil);
    }

    private Optional<MonotonicInstant> until() {
        return multisite
                .flatMap(Multisite::lease)
                .map(Lease::until)
                .filter(end -> localLeader())
                .map(end -> end.earlier(localUntil));
    }

    private void moveDeadline() {
        if (claimed) {
            MonotonicInstant soon = agent.clock().now().plus(Group.TIMING.fenceBudget());
            MonotonicInstant armed = database.deadline().orElse(soon);
            database.arm(agent.clock(), until().orElse(armed.earlier(soon)));
        }
    }

    private void drop() {
        claimed = false;
    }

    @Override
    public String toString() {
        return name;
    }
}

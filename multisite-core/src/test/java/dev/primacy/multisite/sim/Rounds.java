// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.record.Address;
import dev.primacy.multisite.Multisite;
import dev.primacy.multisite.SiteFacts;
import dev.primacy.multisite.SiteFacts.Follower;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.multisite.SiteStanding.Foreign;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.multisite.SiteStanding.Leader;
import dev.primacy.multisite.SiteStanding.Standby;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What one run of an agent does with its database, round by round: the rules of a cluster, as far as they matter here. */
final class Rounds {
    private static final Duration BETWEEN_ROUNDS = Duration.ofMillis(400);
    private static final Duration ACTION = Duration.ofMillis(300);

    private final Member member;
    private final Site site;
    private final Database database;
    private final Agent agent;
    private final Multisite multisite;
    private final Group group;
    private final VirtualTime time;
    private long localTerm;
    private MonotonicInstant localUntil;
    private MonotonicInstant staysOutUntil;
    private Optional<Long> primaryTerm = Optional.empty();
    private boolean claimed;

    Rounds(Member member, Agent agent, Multisite multisite, Group group) {
        this.member = member;
        this.site = member.site;
        this.database = member.database;
        this.agent = agent;
        this.multisite = multisite;
        this.group = group;
        this.time = group.time;
        this.localUntil = agent.clock().now();
        this.staysOutUntil = localUntil;
    }

    Duration round() {
        if (database.isUnused() && isForeign()) {
            group.discarding(member);
            database.wipe();
        }
        MonotonicInstant sent = agent.clock().now();
        if (!isForeign() && !sent.isBefore(staysOutUntil) && site.hold(member)) {
            localTerm = site.term();
            localUntil = sent.plus(Site.TTL).minus(Duration.ofMillis(5));
            moveDeadline();
        }
        multisite.report(group.mutant.facts().apply(facts()));
        if (localLeader() && member.standing() instanceof SiteStanding.Behind && site.members.size() > 1) {
            stayOut();
        }
        act();
        return time.upTo(BETWEEN_ROUNDS);
    }

    /** The group may speak of data that was discarded since. */
    private boolean isForeign() {
        return member.standing() instanceof Foreign foreign
                && database.systemIdentifier().equals(Optional.of(foreign.local()));
    }

    private SiteFacts facts() {
        Database.Mode mode = database.mode();
        if (mode == Database.Mode.PRIMARY && localLeader()) {
            group.contents.mayTell(site.name, localTerm, database.wal());
        }
        boolean tenure = localLeader() && primaryTerm.equals(Optional.of(site.term()));
        return new SiteFacts(
                member.name,
                Optional.of(localTerm).filter(term -> localLeader()),
                new Address("host", member.port),
                database.systemIdentifier(),
                mode == Database.Mode.STANDBY || mode == Database.Mode.PRIMARY || database.isUnused()
                        ? Optional.of(new SiteFacts.Position(
                                database.wal().timeline(),
                                member.replication.received(),
                                database.wal().end()))
                        : Optional.empty(),
                mode == Database.Mode.PRIMARY,
                tenure ? database.stopped() : Optional.empty(),
                Optional.of(followers()));
    }

    private List<Follower> followers() {
        return group.members.stream()
                .filter(other -> other.site != site
                        && other.replication.upstream().filter(member::equals).isPresent())
                .map(other -> new Follower(other.site.name, other.name, other.replication.received()))
                .toList();
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
        if (localLeader() && member.standing() instanceof HandingOver) {
            time.elapse(agent, time.upTo(ACTION));
            database.beginStop();
            time.elapse(agent, time.upTo(ACTION));
            database.endStop();
            database.stopped().ifPresent(end -> group.contents.stopped(end, database.wal()));
            drop();
        } else if (!member.mayWrite()) {
            database.crash();
            drop();
        }
    }

    private void asStandby() {
        if (member.mayWrite()) {
            lead(database.wal().promoted(group.nextBranch()));
        } else if (localLeader()) {
            join(remotePrimary());
        } else {
            join(site.holder().filter(leader -> leader != member));
        }
    }

    private void stopped() {
        if (localLeader() && member.standing() instanceof HandingOver) {
            return;
        }
        if (database.isUnused()) {
            boolean named = member.standing() instanceof Leader leader
                    && leader.database().equals(database.systemIdentifier());
            if (named && member.mayWrite()) {
                lead(database.wal());
            }
            return;
        }
        if (member.mayWrite() && primaryTerm.equals(Optional.of(site.term()))) {
            lead(database.wal());
        } else {
            database.startStandby();
        }
    }

    private void withoutData() {
        if (localLeader() && member.mayWrite() && member.standing() instanceof Leader leader && leader.mayFound()) {
            group.events.foundings++;
            time.elapse(agent, time.upTo(ACTION));
            database.found(group.nextSystemIdentifier(), Wal.founded(group.nextBranch()));
            return;
        }
        if (localLeader() && site.everHadData() && !(member.standing() instanceof Standby)) {
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
        site.giveUp(member);
        localUntil = agent.clock().now();
        staysOutUntil = localUntil.plus(Group.TIMING.ttl());
    }

    /** Rewinds to a primary only: a standby may itself be the one whose history parted from the group's. */
    private void join(Optional<Member> upstream) {
        member.replication.follow(upstream);
        if (upstream.isPresent() && member.canBeRewound()) {
            upstream.filter(Member::isPrimary)
                    .or(() -> remotePrimary().filter(Member::isPrimary))
                    .ifPresent(this::rewind);
        }
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
            group.leads(member, before);
            primaryTerm = term;
            group.trouble.promoted(member);
        } else {
            drop();
        }
    }

    private Optional<Member> remotePrimary() {
        return member.standing() instanceof Standby standby
                ? standby.primary().flatMap(address -> group.at(address.port()))
                : Optional.empty();
    }

    boolean localLeader() {
        return agent.clock().now().isBefore(localUntil);
    }

    private Optional<MonotonicInstant> until() {
        return multisite.lease().map(Lease::until).filter(end -> localLeader()).map(end -> end.earlier(localUntil));
    }

    void moveDeadline() {
        if (claimed) {
            MonotonicInstant soon = agent.clock().now().plus(Group.TIMING.fenceBudget());
            MonotonicInstant armed = database.deadline().orElse(soon);
            database.arm(agent.clock(), until().orElse(armed.earlier(soon)));
        }
    }

    void drop() {
        claimed = false;
    }
}

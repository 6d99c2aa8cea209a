// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.dcs.record.Address;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One cluster: its members, and its own leader lock with the rules by which members race for it. */
final class Site {
    static final Duration TTL = Duration.ofMillis(1500);

    final String name;
    final List<Member> members = new ArrayList<>();
    private final VirtualTime time;
    private Optional<Member> holder = Optional.empty();
    private MonotonicInstant expiry = new MonotonicInstant(0);
    private long term;
    private boolean everHadData;
    private long statusTimeline;
    private long statusEnd;

    Site(String name, VirtualTime time) {
        this.name = name;
        this.time = time;
    }

    /** Takes or renews the leader lock. */
    boolean hold(Member member) {
        boolean held = holder().isPresent();
        if (held ? holder().get() != member : !mayRace(member)) {
            return false;
        }
        term += held ? 0 : 1;
        holder = Optional.of(member);
        expiry = time.now().plus(TTL);
        everHadData = everHadData || (member.database.systemIdentifier().isPresent() && !member.database.isUnused());
        // Published apart from the group's, and often older.
        if (mayTell(member) && (!held || time.random.nextInt(5) == 0)) {
            statusTimeline = member.database.wal().timeline();
            statusEnd = member.database.wal().end();
        }
        return true;
    }

    /** A standby of a site that follows no other may have WAL that the group gave up. */
    private static boolean mayTell(Member member) {
        return switch (member.database.mode()) {
            case PRIMARY, STOPPING -> true;
            case STANDBY -> member.standing() instanceof SiteStanding.Standby;
            case STOPPED, NO_DATA -> false;
        };
    }

    void giveUp(Member member) {
        holder = holder.filter(other -> other != member);
    }

    boolean everHadData() {
        return everHadData;
    }

    long term() {
        return term;
    }

    Optional<Member> holder() {
        return holder.filter(member -> time.now().isBefore(expiry));
    }

    private boolean mayRace(Member member) {
        return switch (member.database.mode()) {
            case NO_DATA -> !everHadData || canClone(member.standing());
            case STANDBY -> hasEnough(member) && members.stream().noneMatch(other -> isBetter(other, member));
            case STOPPED -> member.database.isUnused();
            case PRIMARY, STOPPING -> false;
        };
    }

    private static boolean canClone(SiteStanding standing) {
        return standing instanceof SiteStanding.Standby standby
                && standby.primary().map(Address::port).isPresent();
    }

    private boolean hasEnough(Member member) {
        Wal wal = member.database.wal();
        return wal.timeline() >= statusTimeline && wal.end() + Group.MAXIMUM_LAG >= statusEnd;
    }

    private static boolean isBetter(Member other, Member than) {
        Wal wal = other.database.wal();
        Wal own = than.database.wal();
        return other.answers()
                && other.database.systemIdentifier().equals(than.database.systemIdentifier())
                && other.database.mode() == Database.Mode.STANDBY
                && (wal.timeline() != own.timeline() ? wal.timeline() > own.timeline() : wal.end() > own.end());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.SiteRecord;
import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import java.util.List;
import java.util.Optional;

/**
 * What the member knows of itself, told to the group.
 *
 * @param member its name
 * @param localTerm it speaks for its site: the term of its cluster's leader lock, which it holds now; empty if it does not
 * @param address where other sites reach its PostgreSQL
 * @param systemIdentifier of its database; empty without data
 * @param position of its WAL; empty when that is not known, because the server does not run
 * @param primary whether its server accepts writes
 * @param stopped the end of its WAL, when it was primary and was shut down cleanly
 * @param followers those of other sites that stream from its server now; empty: there is no data that a site could lack
 */
public record SiteFacts(
        String member,
        Optional<Long> localTerm,
        Address address,
        Optional<String> systemIdentifier,
        Optional<Position> position,
        boolean primary,
        Optional<Stopped> stopped,
        Optional<List<Follower>> followers) {
    public SiteFacts {
        followers = followers.map(List::copyOf);
    }

    /**
     * How far WAL goes. Positions are unsigned.
     *
     * @param timeline its timeline
     * @param lsn flushed by a primary, received or replayed by a standby
     * @param replayed by a standby; of a primary as {@code lsn}
     */
    public record Position(long timeline, long lsn, long replayed) {
        /** Whether this data is further than {@code other}: a later timeline, or more WAL on the same. */
        boolean isAheadOf(Position other) {
            return timeline != other.timeline ? timeline > other.timeline : Long.compareUnsigned(lsn, other.lsn) > 0;
        }

        /**
         * How many of the bytes up to {@code end} are not here; 0 if none. What was received and not replayed yet may not
         * continue what is here, and a promotion would have to wait for it anyway.
         */
        long lacks(long end) {
            return Long.compareUnsigned(end, replayed) > 0 ? end - replayed : 0;
        }
    }

    /**
     * A standby of another site, as the server that it streams from sees it.
     *
     * @param site its site
     * @param member its name
     * @param flushed what it has confirmed
     */
    public record Follower(String site, String member, long flushed) {}

    /** Whether it speaks for its site. */
    public boolean localLeader() {
        return localTerm.isPresent();
    }

    /**
     * A program that speaks for its site alone and keeps no data of its own: for those that want nothing but the lease.
     *
     * @param dataId ten to twenty digits; sites take part in one group only if all name the same
     * @param active whether it acts as the leader now
     */
    public static SiteFacts service(String member, Address address, String dataId, boolean active) {
        return new SiteFacts(
                member,
                Optional.of(0L),
                address,
                Optional.of(dataId),
                Optional.of(new Position(1, 1, 1)),
                active,
                active ? Optional.empty() : Optional.of(new Stopped(1, 0)),
                Optional.empty());
    }

    /** The same member, when it cannot be relied on to speak for its site. */
    SiteFacts withoutLead() {
        return new SiteFacts(
                member, Optional.empty(), address, systemIdentifier, position, primary, stopped, followers);
    }

    /** Whether another would decide differently on these facts; the position moves all the time. */
    boolean differsFrom(SiteFacts other) {
        return !localTerm.equals(other.localTerm)
                || primary != other.primary
                || !address.equals(other.address)
                || !systemIdentifier.equals(other.systemIdentifier)
                || !stopped.equals(other.stopped)
                || !position.map(Position::timeline).equals(other.position.map(Position::timeline));
    }

    SiteRecord record() {
        return new SiteRecord(
                address,
                member,
                primary ? "primary" : "standby_leader",
                systemIdentifier,
                position.map(Position::timeline),
                position.map(Position::lsn),
                JsonObject.EMPTY);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.SiteRecord;
import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import java.util.Optional;

/**
 * What the member knows of itself, told to the group.
 *
 * @param member its name
 * @param localLeader whether it speaks for its site: it holds its cluster's leader lock now
 * @param address where other sites reach its PostgreSQL
 * @param systemIdentifier of its database; empty without data
 * @param position of its WAL, when the server runs
 * @param primary whether its server accepts writes
 * @param stopped the end of its WAL, when it was primary and was shut down cleanly
 */
public record SiteFacts(
        String member,
        boolean localLeader,
        Address address,
        Optional<String> systemIdentifier,
        Optional<Position> position,
        boolean primary,
        Optional<Stopped> stopped) {

    /**
     * How far WAL goes.
     *
     * @param timeline its timeline
     * @param lsn flushed by a primary, received or replayed by a standby
     */
    public record Position(long timeline, long lsn) {
        /** Whether this data is further than {@code other}: a later timeline, or more WAL on the same. */
        boolean isAheadOf(Position other) {
            return timeline != other.timeline ? timeline > other.timeline : Long.compareUnsigned(lsn, other.lsn) > 0;
        }
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
                true,
                address,
                Optional.of(dataId),
                Optional.of(new Position(1, 1)),
                active,
                active ? Optional.empty() : Optional.of(new Stopped(1, 0)));
    }

    /** The same member, when it cannot be relied on to speak for its site. */
    SiteFacts withoutLead() {
        return new SiteFacts(member, false, address, systemIdentifier, position, primary, stopped);
    }

    /** Whether another would decide differently on these facts; the position moves all the time. */
    boolean differsFrom(SiteFacts other) {
        return localLeader != other.localLeader
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

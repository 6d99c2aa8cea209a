// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One scope of a distributed configuration store, seen through one session: the tree of one cluster, or of one multisite
 * group. What the session carries (the leader lock, the member records) vanishes when the session is not kept alive for
 * the ttl that it was opened with.
 *
 * <p>Every verb takes a timeout and keeps it, also when the peer is silent. Losing a race is a value. {@link
 * DcsException} says what the caller may conclude when the store gave no usable answer.
 *
 * <p>All verbs may be called by any thread. A session that was lost is replaced by a new one at the next verb; locks of
 * the old one are then reported as lost.
 */
public interface Dcs extends AutoCloseable {
    DcsCapabilities capabilities();

    /** Reads the whole scope, no older than the call. */
    Snapshot snapshot(Duration timeout);

    /** Writes or deletes one record. */
    WriteOutcome write(RecordWrite write, Duration timeout);

    /**
     * Takes the leader lock for this session, in one transaction with the writes that the claim names: all of it happens
     * or nothing.
     */
    AcquireOutcome acquire(LockClaim claim, Duration timeout);

    /**
     * Proves to the store that the holder lives, and learns whether it still holds the lock. Status is published in the
     * same request where the store can.
     *
     * @param status new value of the {@code status} record; none leaves it alone
     */
    RenewOutcome renew(Lock held, Optional<String> status, Duration timeout);

    /**
     * Gives the lock up, in one transaction with {@code with}: all of it happens or nothing. The session and its member
     * records stay.
     */
    ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout);

    /** Publishes {@code members/<name>} for as long as this session lives. Replaces a record that another session left. */
    void register(String name, String value, Duration timeout);

    /**
     * Calls {@code hint} after something may have changed in this scope, and after the session was lost or regained. Not
     * needed where only WAL positions have moved in the record of a member or in the status (see {@link
     * dev.primacy.dcs.record.WalPositions}), which happens all the time. A hint may repeat, come late or be lost; truth
     * comes from {@link #snapshot}.
     *
     * @param hint called on a thread of the backend; must not block
     * @return ends the watch when closed
     */
    Watch watch(Runnable hint);

    /** Ends the session, so that what it carries vanishes at once. Bounded; does nothing the second time. */
    @Override
    void close();

    /** A running watch. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}

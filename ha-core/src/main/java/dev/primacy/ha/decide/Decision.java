// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.postgres.Postgres.StopMode;
import dev.primacy.postgres.Upstream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a member does in this round, and why. */
public sealed interface Decision {
    /** For people; also what the log shows. */
    String reason();

    /** Nothing to do. */
    record Wait(String reason) implements Decision {}

    /** Nothing to change as primary; publish how far its WAL goes and keep slots for its standbys. */
    record Lead(String reason) implements Decision {}

    /** Nothing to change as the standby that leads a standby site; keep slots for the members that follow it. */
    record LeadStandby(String reason) implements Decision {}

    /** Nothing to change as a standby; keep slots for the members that stream from it instead of from the leader. */
    record Feed(String reason) implements Decision {}

    /** Something no agent may repair: the program ends with this message, and nothing is touched. */
    record Refuse(String reason) implements Decision {}

    /** Take the leader lock. */
    record Acquire(LockClaim claim, String reason) implements Decision {}

    /** Give the leader lock to whoever is better, and leave it alone for a ttl. */
    record Release(String reason) implements Decision {}

    /**
     * Give the leader lock up to a member that has everything, if {@code with} can be written along with that, and leave it
     * alone for a ttl.
     */
    record PassLock(List<RecordWrite> with, String reason) implements Decision {
        public PassLock {
            with = List.copyOf(with);
        }
    }

    /** Write a record of the store. */
    record Write(RecordWrite write, String reason) implements Decision {}

    /** Create a database. It is not used before the records make it the database of all. */
    record Bootstrap(String reason) implements Decision {}

    /** Remove the database here, which was never used: that of all is another. */
    record DiscardUnused(String systemIdentifier, String reason) implements Decision {}

    /** Copy the database of another server. */
    record Clone(Upstream upstream, String reason) implements Decision {}

    /** Start as primary: after a crash in the tenure in which it was primary, or a database that was never used. */
    record StartPrimary(String reason) implements Decision {}

    /** Start read-only, following nobody. */
    record StartStandby(String reason) implements Decision {}

    /** Become primary. */
    record Promote(String reason) implements Decision {}

    /** End the server. */
    record Stop(StopMode mode, String reason) implements Decision {}

    /** End the primary in good order so that another site, or another member of this one, gets every byte. */
    record HandOver(String reason) implements Decision {}

    /** Compare histories, rewind if they differ, then follow. */
    record Rejoin(Upstream upstream, String reason) implements Decision {}

    /**
     * End the server in good order and start it again as what it is. A primary keeps its lock meanwhile, and must end when
     * that does.
     *
     * @param upstream what a standby follows afterwards, as before
     * @param timeout for the start
     */
    record Restart(boolean primary, Optional<Upstream> upstream, Duration timeout, String reason) implements Decision {}

    /**
     * Remove the database here and copy that of {@code source}.
     *
     * @param heir the leader: nothing is removed before it has shown that it has this database
     * @param systemIdentifier of the cluster's database
     */
    record Reinitialize(Upstream source, Upstream heir, String systemIdentifier, String reason) implements Decision {}

    /** Have the running server read its settings again. */
    record Reload(String reason) implements Decision {}

    /** Tell the person who asked for something why it is not done. */
    record Deny(String reason) implements Decision {}

    /** Forget the scheduled restart. */
    record Unschedule(String reason) implements Decision {}

    /** End the long action that runs, because its ground is gone. */
    record Cancel(String reason) implements Decision {}

    /** End the long action that runs, if it has changed nothing yet: there is something better to do. */
    record GiveUp(String reason) implements Decision {}

    /** The upstream that is followed by it, if any. */
    default Optional<Upstream> target() {
        if (this instanceof Clone clone) {
            return Optional.of(clone.upstream());
        }
        return this instanceof Rejoin rejoin ? Optional.of(rejoin.upstream()) : Optional.empty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.time.MonotonicInstant;
import java.util.Optional;

/**
 * What a standby gets from the server that it follows. PostgreSQL compares timeline numbers and positions, no content:
 * bytes of another history with the same number are received, and found out when they are replayed.
 */
final class Replication {
    private final Database database;
    private Optional<Member> source = Optional.empty();
    private MonotonicInstant stalledUntil = new MonotonicInstant(0);
    private long stray;

    Replication(Database database) {
        this.database = database;
    }

    void follow(Optional<Member> from) {
        source = from;
    }

    /** Whom the WAL receiver asks for more and gets it. */
    Optional<Member> upstream() {
        return source.filter(from -> database.mode() == Database.Mode.STANDBY
                && from.database.serves()
                && from.database.systemIdentifier().equals(database.systemIdentifier())
                && (from.database.wal().contains(database.wal())
                        || from.database.wal().timeline() == database.wal().timeline()));
    }

    /** Nothing arrives for a while. */
    void stall(MonotonicInstant until) {
        stalledUntil = until;
    }

    /** Goes on while the agent is frozen. */
    void receive(MonotonicInstant now, long bytes) {
        upstream()
                .filter(from -> !now.isBefore(stalledUntil))
                .map(from -> from.database.wal())
                .filter(theirs -> theirs.contains(database.wal()))
                .ifPresent(theirs -> database.receive(database.wal().received(theirs, bytes)));
    }

    /** How far what was received goes, also what does not continue the data here; that counts until the server starts again. */
    long received() {
        upstream()
                .map(from -> from.database.wal())
                .filter(theirs -> !theirs.contains(database.wal()))
                .ifPresent(theirs -> stray = Math.max(stray, theirs.end()));
        if (database.mode() != Database.Mode.STANDBY) {
            stray = 0;
        }
        return Math.max(stray, database.wal().end());
    }
}

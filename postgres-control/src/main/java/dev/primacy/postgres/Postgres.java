// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * One PostgreSQL server: a data directory, and the process that runs on it, if any.
 *
 * <p>{@link #status}, {@link #guard} and {@link #stop} may be called by any thread at any time, also while another call
 * runs. The other verbs change the data directory or the process and are called by one thread at a time. Each verb
 * returns when its work is done, or throws {@link PostgresException} with what was tried, on what, and what to do. An
 * interrupt ends a verb, which stops the programs it had started.
 *
 * <p>{@code LocalPostgres} is the real one; a simulation brings its own.
 */
public interface Postgres extends AutoCloseable {
    /**
     * What the data directory and the server say of themselves now. Never throws for a server that is down, hangs or
     * refuses: that is a status too.
     *
     * @param timeout for the server's answer, after which it counts as {@link PostgresStatus.State#UNRESPONSIVE}
     */
    PostgresStatus status(Duration timeout);

    /**
     * Creates a new database in the absent or empty data directory, with the users that agents and standbys log in as. It
     * is marked as never used until the first start, see {@link PostgresStatus.ControlData#unused}. What a death in the
     * midst of this leaves counts as no data.
     */
    void initialize();

    /**
     * Removes a database that was created here and on which no server has ever been started; the data directory is empty
     * then. What a death in the midst of this leaves counts as no data.
     *
     * @param systemIdentifier of the database that is to go
     * @throws PostgresException also if the data here is another database, or one that has been used; then nothing was
     *     touched
     */
    void discardUnused(String systemIdentifier);

    /**
     * Removes the database of a stopped server, which a person wants to be copied anew. What a death in the midst of this
     * leaves counts as no data.
     *
     * @param systemIdentifier of the database that may go
     * @param heir a running server, which is asked over the network whether it has this database
     * @throws PostgresException also if the data here is another database, or the heir has another one or does not answer;
     *     then nothing was touched
     */
    void discard(String systemIdentifier, Upstream heir);

    /**
     * Writes the configuration of a running server anew, for who it follows now, and has the server read it. What only a
     * restart can change shows as pending in its status then.
     */
    void reload();

    /**
     * Starts as primary: without any standby signal, after crash recovery if need be. The guard must be armed before,
     * see {@link #guard}; an unguarded primary is refused.
     *
     * @param timeout how long to wait for the first connection
     * @return true if it accepts connections, false if it is still starting
     */
    boolean startPrimary(Duration timeout);

    /**
     * Starts as a standby that follows {@code upstream}, or nobody and only replays what it has.
     *
     * @return true if it accepts connections, false if it is still starting
     */
    boolean startStandby(Optional<Upstream> upstream, Duration timeout);

    /** Changes the server that a running standby follows, without a restart. */
    void follow(Upstream upstream);

    /**
     * Makes a running standby a primary and waits until it accepts writes; then asks for a checkpoint in the background,
     * without which {@link #rewind} against it would be mistaken. The guard must be armed before.
     */
    void promote(Duration timeout);

    /**
     * Ends the server; does nothing if none runs. A server that has not ended after {@code timeout} is killed with all
     * its processes, so on return none of them runs.
     */
    void stop(StopMode mode, Duration timeout);

    /** Copies the database of {@code upstream} into the absent or empty data directory. Removes its own debris on failure. */
    void cloneFrom(Upstream upstream);

    /**
     * Compares this data directory's history with that of {@code upstream}, which is asked over the network.
     *
     * @throws PostgresException also after an interrupt, which ends the wait for an answer
     */
    Divergence compare(Upstream upstream);

    /**
     * Takes a stopped server back to the point where its history left that of {@code upstream}, with {@code pg_rewind}.
     * The WAL that gets lost by this is copied beside the data directory first.
     *
     * @throws PostgresException also if the two have different system identifiers, or the upstream is no running primary;
     *     then nothing was touched
     */
    void rewind(Upstream upstream);

    /** What the history file of {@code timeline} says; empty for the first timeline, or if there is no such file. */
    Optional<TimelineHistory> history(int timeline);

    /** Creates those of the named physical replication slots that are missing. */
    void ensureSlots(Set<String> names);

    /** Runs a checkpoint, so that the one of a following clean stop is short. */
    void checkpoint();

    /**
     * Whether a server runs that was not started through this object, because the agent was restarted. It can be seen,
     * followed and stopped, but the guard cannot be armed for it: stop and start it again before it may be primary.
     */
    boolean adopted();

    /** What ends this server in time, whatever becomes of the caller. */
    Guard guard();

    /**
     * Has {@code listener} called whenever the server's process ended, whoever ended it. At once: the kernel's word for
     * it is waited for, nothing is polled. The listener runs on the watching thread and must not block.
     */
    void onExit(Runnable listener);

    /** Lets go of connections and threads; the server goes on, unless the guard holds a deadline for it. */
    @Override
    void close();

    /** How a server is ended. */
    enum StopMode {
        /** Ends sessions, sends all WAL to the standbys, writes a checkpoint. */
        FAST,
        /** Ends at once as in a crash; the next start recovers. */
        IMMEDIATE
    }

    /**
     * All fences of the server together. The first of them is the guard process: it asks the server to end in good order
     * from {@code soft} on, which lets standbys have the last WAL, and kills it with all its processes at {@code hard}. It
     * needs neither the caller, nor its threads, nor its garbage collector, and also acts when the caller dies.
     *
     * <p>Any thread may call. Nothing is thrown: what went wrong is logged.
     */
    interface Guard extends Fence {
        /**
         * Says that deadlines will come again. After {@link #disarm} they are refused until then, since a renewal that was
         * on its way would put one on a server that is no primary any more.
         */
        default void open() {}
    }
}

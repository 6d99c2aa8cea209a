// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.postgres.Lsn;
import dev.primacy.time.MonotonicInstant;
import java.util.Optional;

/**
 * What a member remembers from round to round. Immutable; the loop folds each outcome into a new one.
 *
 * @param primaryTerm the term of the leader lock in which this server last ran as primary, under this agent
 * @param notServingSince since when the server has not answered
 * @param notStreamingSince since when a running standby has not streamed
 * @param comparedAt when the histories were last compared with the upstream's
 * @param noRaceUntil until when this member leaves the lock to others, because it failed with it
 * @param stoppedSince since when there has been no process of the server
 * @param passedLock whether this member stopped its server to give the lock up, and it has not served since
 * @param leftToOthers whether {@code noRaceUntil} is there because this member gave the lock up to another one
 * @param lockFree since nobody has had the leader lock
 * @param failedAction name of the long action that failed last; empty once one succeeded
 */
public record Memory(
        Optional<Long> primaryTerm,
        Optional<MonotonicInstant> notServingSince,
        Optional<MonotonicInstant> notStreamingSince,
        Optional<MonotonicInstant> comparedAt,
        Optional<MonotonicInstant> noRaceUntil,
        Optional<MonotonicInstant> stoppedSince,
        boolean passedLock,
        boolean leftToOthers,
        Optional<LockFree> lockFree,
        Optional<String> failedAction) {
    public static final Memory EMPTY = new Memory(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            Optional.empty(),
            Optional.empty());

    public Memory ranAsPrimaryIn(long term) {
        return new Memory(
                Optional.of(term),
                notServingSince,
                notStreamingSince,
                comparedAt,
                noRaceUntil,
                stoppedSince,
                passedLock,
                leftToOthers,
                lockFree,
                failedAction);
    }

    public Memory compared(MonotonicInstant at) {
        return new Memory(
                primaryTerm,
                notServingSince,
                notStreamingSince,
                Optional.of(at),
                noRaceUntil,
                stoppedSince,
                passedLock,
                leftToOthers,
                lockFree,
                failedAction);
    }

    public Memory noRaceUntil(MonotonicInstant until) {
        return new Memory(
                primaryTerm,
                notServingSince,
                notStreamingSince,
                comparedAt,
                Optional.of(until),
                stoppedSince,
                passedLock,
                false,
                lockFree,
                failedAction);
    }

    /** The lock was given up to a member that has everything, and is left to others until then. */
    public Memory passedLock(MonotonicInstant until) {
        return new Memory(
                primaryTerm,
                notServingSince,
                notStreamingSince,
                comparedAt,
                Optional.of(until),
                stoppedSince,
                true,
                true,
                lockFree,
                failedAction);
    }

    public Memory lastAction(Optional<String> failed) {
        return new Memory(
                primaryTerm,
                notServingSince,
                notStreamingSince,
                comparedAt,
                noRaceUntil,
                stoppedSince,
                passedLock,
                leftToOthers,
                lockFree,
                failed);
    }

    /** Keeps the first instant for as long as the condition lasts. */
    public Memory seen(MonotonicInstant now, boolean serving, boolean streaming, boolean stopped) {
        return new Memory(
                primaryTerm,
                serving ? Optional.empty() : notServingSince.or(() -> Optional.of(now)),
                streaming ? Optional.empty() : notStreamingSince.or(() -> Optional.of(now)),
                comparedAt,
                // Who streams again has found whom it left the lock to, and may be asked to take it back.
                leftToOthers && streaming ? Optional.empty() : noRaceUntil,
                stopped ? stoppedSince.or(() -> Optional.of(now)) : Optional.empty(),
                passedLock && !serving,
                leftToOthers && !streaming,
                lockFree,
                failedAction);
    }

    /**
     * The leader lock was free when this member's WAL went that far.
     *
     * @param written empty if somebody has the lock, or the server does not answer
     */
    public Memory lockFree(MonotonicInstant now, Optional<Lsn> written) {
        Optional<LockFree> free = written.map(end -> lockFree.map(
                        before -> before.written().equals(end) ? before : new LockFree(before.since(), end, now))
                .orElseGet(() -> new LockFree(now, end, now)));
        return new Memory(
                primaryTerm,
                notServingSince,
                notStreamingSince,
                comparedAt,
                noRaceUntil,
                stoppedSince,
                passedLock,
                leftToOthers,
                free,
                failedAction);
    }

    /**
     * A time without a leader.
     *
     * @param written how far this member's WAL went when it moved last
     * @param lastNews when it moved last, or when the time began
     */
    public record LockFree(MonotonicInstant since, Lsn written, MonotonicInstant lastNews) {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * From which instant on ZooKeeper surely counts the timeout of one session.
 *
 * <p>The ensemble's leader expires sessions, but a request that passes through a follower is a sign of life to that
 * follower only; the leader hears of it in the follower's answer to the leader's next ping, and pings go out every half
 * tick. So a write that was answered just now does <em>not</em> prove that the leader knows the session to be alive now.
 * What it proves needs three requests on one connection, the last of them a write:
 *
 * <ol>
 *   <li>A was answered: the follower has noted a sign of life from after A was sent.
 *   <li>B was sent a whole tick after that and was answered by way of the leader. In that tick the leader sent a ping.
 *       Leader and follower talk in order, so the follower had that ping, and answered it, before it had B's answer.
 *   <li>C was sent after B's answer, so it reached the leader behind the follower's answer to the ping. The session was
 *       touched there before C was processed, and C was accepted by a quorum: its leader was the leader.
 * </ol>
 *
 * <p>Hence the session lives for its timeout counted from before A was sent. Making or resuming a connection asks the
 * leader directly, and so proves the instant before it began. All this takes for granted only that a leader that answers
 * requests sends its pings in time to within half a tick. What the client's own heartbeats add is not counted.
 */
final class SessionProof {
    /** Exchanges closer together than this part of a tick count as one, so that a busy client remembers few. */
    private static final int GRAIN = 16;

    private final Duration tick;
    private final Deque<Exchange> exchanges = new ArrayDeque<>();
    private @Nullable MonotonicInstant attempt;
    private @Nullable MonotonicInstant created;
    private @Nullable MonotonicInstant known;
    private long connection;

    SessionProof(Duration tick) {
        this.tick = tick;
    }

    /** The client is about to connect. */
    synchronized void connecting(MonotonicInstant now) {
        attempt = now;
    }

    /** The server has accepted the session. */
    synchronized void connected() {
        if (attempt == null) {
            throw new IllegalStateException("connected without an attempt to");
        }
        connection++;
        exchanges.clear();
        known = attempt;
        created = created == null ? attempt : created;
    }

    /** Called before a request is sent. */
    synchronized Sent sending(MonotonicInstant now) {
        if (known == null || created == null) {
            throw new IllegalStateException("sending before the session exists");
        }
        return new Sent(now, connection, known.earlier(now), created.earlier(now));
    }

    /**
     * Called when a request was answered by way of the leader.
     *
     * @return if it was a write: the proven instant, never after the request was sent
     */
    synchronized MonotonicInstant answered(Sent sent, MonotonicInstant now) {
        if (sent.connection != connection) {
            // It may have used either connection, so only what holds on every connection counts.
            return sent.created;
        }
        MonotonicInstant relayed = exchanges.stream()
                .filter(earlier -> !earlier.answered.plus(tick).isAfter(sent.at))
                .map(Exchange::sent)
                .reduce(sent.known, SessionProof::later);
        if (known != null && relayed.isAfter(known)) {
            known = relayed;
        }
        exchanges.removeIf(earlier -> !earlier.sent.isAfter(relayed));
        if (exchanges.isEmpty()
                || !exchanges.getLast().sent.plus(tick.dividedBy(GRAIN)).isAfter(sent.at)) {
            exchanges.addLast(new Exchange(sent.at, now));
        }
        return sent.known;
    }

    private static MonotonicInstant later(MonotonicInstant one, MonotonicInstant other) {
        return one.isBefore(other) ? other : one;
    }

    /** A request on its way, with what would be proven by its answer. */
    record Sent(MonotonicInstant at, long connection, MonotonicInstant known, MonotonicInstant created) {}

    private record Exchange(MonotonicInstant sent, MonotonicInstant answered) {}
}

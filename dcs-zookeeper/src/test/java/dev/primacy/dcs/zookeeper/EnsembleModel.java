// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A client, a follower and a leader with their four channels, in virtual time. Channels keep the order and delay each
 * message as they like; the leader pings at least once in a tick.
 */
final class EnsembleModel {
    private final Random random;
    private final long tick;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final SessionProof proof;
    private final Channel toFollower = new Channel();
    private final Channel toLeader = new Channel();
    private final Channel fromLeader = new Channel();
    private final Channel toClient = new Channel();
    private long now;
    private long scheduled;
    private boolean touchedAtFollower;
    /** When the sign of life was given that the leader heard of last. */
    private long lifeSignAtFollower;

    private long lifeSignAtLeader;
    private int answered;

    EnsembleModel(long seed, Duration tick) {
        this.random = new Random(seed);
        this.tick = tick.toNanos();
        this.proof = new SessionProof(tick);
        proof.connecting(instant());
        now += upTo(this.tick);
        lifeSignAtLeader = now;
        now += upTo(this.tick);
        proof.connected();
        ping();
        request();
    }

    void run(int requests) {
        while (answered < requests) {
            Event event = events.remove();
            now = event.at;
            event.action.run();
        }
    }

    int answered() {
        return answered;
    }

    private void ping() {
        fromLeader.send(() -> {
            boolean touched = touchedAtFollower;
            long sign = lifeSignAtFollower;
            touchedAtFollower = false;
            toLeader.send(() -> lifeSignAtLeader = touched ? sign : lifeSignAtLeader);
        });
        after(1 + upTo(tick - 1), this::ping);
    }

    private void request() {
        SessionProof.Sent sent = proof.sending(instant());
        toFollower.send(() -> {
            touchedAtFollower = true;
            lifeSignAtFollower = now;
            toLeader.send(() -> {
                long known = lifeSignAtLeader;
                fromLeader.send(() -> toClient.send(() -> answer(sent, known)));
            });
        });
        after(upTo(random.nextBoolean() ? tick / 4 : 2 * tick), this::request);
    }

    private void answer(SessionProof.Sent sent, long knownToLeader) {
        answered++;
        assertThat(proof.answered(sent, instant()).nanos()).isLessThanOrEqualTo(knownToLeader);
    }

    private MonotonicInstant instant() {
        return new MonotonicInstant(now);
    }

    private long upTo(long most) {
        return (long) (random.nextDouble() * most);
    }

    private void after(long delay, Runnable action) {
        events.add(new Event(now + delay, scheduled++, action));
    }

    private record Event(long at, long number, Runnable action) {}

    private final class Channel {
        private long last;

        void send(Runnable arrival) {
            long delay = random.nextInt(8) == 0 ? upTo(3 * tick) : upTo(tick / 50);
            last = Math.max(last, now + delay);
            events.add(new Event(last, scheduled++, arrival));
        }
    }
}

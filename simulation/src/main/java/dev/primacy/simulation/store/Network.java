// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.store;

import dev.primacy.simulation.time.VirtualTime;
import java.util.List;
import java.util.Random;

/** Who reaches whom. Places are numbered; each direction between two of them fails by itself. */
public final class Network {
    private static final List<Fate> BAD = List.of(Fate.values()).subList(1, Fate.values().length);

    private final VirtualTime time;
    private final Random random;
    private final double badRequests;
    private final int places;
    private final long[] cutUntil;
    private final long[] slowUntil;
    private long calmFrom = Long.MAX_VALUE;

    /**
     * A network in which everybody reaches everybody.
     *
     * @param badRequests the share of requests to stores that go wrong in some way
     */
    public Network(VirtualTime time, Random random, int places, double badRequests) {
        this.time = time;
        this.random = random;
        this.places = places;
        this.badRequests = badRequests;
        this.cutUntil = new long[places * places];
        this.slowUntil = new long[places * places];
    }

    public int places() {
        return places;
    }

    /** From then on nothing goes wrong any more. */
    public void calmFrom(long when) {
        calmFrom = when;
    }

    public void cut(int from, int to, long until) {
        cutUntil[from * places + to] = Math.max(cutUntil[from * places + to], until);
    }

    public void slow(int from, int to, long until) {
        slowUntil[from * places + to] = Math.max(slowUntil[from * places + to], until);
    }

    public boolean isCut(int from, int to) {
        return time.now() < cutUntil[from * places + to];
    }

    boolean isSlow(int from, int to) {
        return time.now() < slowUntil[from * places + to];
    }

    boolean happens(double share) {
        return time.now() < calmFrom && random.nextDouble() < share;
    }

    /** What happens to one request. */
    enum Fate {
        ANSWERED,
        REFUSED,
        REQUEST_LOST,
        REPLY_LOST,
        APPLIED_LATE,
        DUPLICATED
    }

    Fate fate() {
        return happens(badRequests) ? BAD.get(random.nextInt(BAD.size())) : Fate.ANSWERED;
    }

    boolean losesHint() {
        return happens(badRequests * 2);
    }

    /**
     * How long one way takes. Most requests are quick enough to be one moment in the life of those who send them; the
     * rest are what others get in between of.
     */
    long way(int from, int to, long timeout) {
        if (isSlow(from, to)) {
            return upTo(timeout);
        }
        int drawn = random.nextInt(100);
        if (drawn < 85 || time.now() >= calmFrom) {
            return 0;
        }
        return upTo(drawn < 97 ? 8_000_000L : timeout / 4);
    }

    long upTo(long nanos) {
        return (long) (random.nextDouble() * nanos);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.lease;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsCapabilities;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A session whose requests take time, do not arrive, or are answered in vain. */
final class FlakyDcs implements Dcs {
    private final Dcs right;
    private final VirtualTime time;
    private Mood mood = Mood.FINE;
    private Duration each = Duration.ZERO;
    private Runnable during = () -> {};

    FlakyDcs(Dcs right, VirtualTime time) {
        this.right = right;
        this.time = time;
    }

    enum Mood {
        FINE,
        DOWN,
        REPLIES_LOST,
        FORBIDDEN
    }

    void become(Mood next, Duration each) {
        this.mood = next;
        this.each = each;
    }

    /** Happens once, while the next request is on its way. */
    void during(Runnable event) {
        this.during = event;
    }

    private <T> T request(Supplier<T> request, Duration timeout) {
        Duration half = each.dividedBy(2);
        if (mood == Mood.DOWN) {
            time.freeze(timeout);
            throw new DcsException.Unreachable("down", null);
        }
        if (mood == Mood.FORBIDDEN) {
            throw new DcsException.Rejected("forbidden", null);
        }
        time.freeze(half);
        T answer = request.get();
        time.freeze(half);
        Runnable event = during;
        during = () -> {};
        event.run();
        if (mood == Mood.REPLIES_LOST) {
            throw new DcsException.OutcomeUnknown("no reply", null);
        }
        return answer;
    }

    @Override
    public DcsCapabilities capabilities() {
        return right.capabilities();
    }

    @Override
    public Snapshot snapshot(Duration timeout) {
        return request(() -> right.snapshot(timeout), timeout);
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        return request(() -> right.write(write, timeout), timeout);
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        return request(() -> right.acquire(claim, timeout), timeout);
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        return request(() -> right.renew(held, status, timeout), timeout);
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        return request(() -> right.release(held, with, timeout), timeout);
    }

    @Override
    public void register(String name, String value, Duration timeout) {
        right.register(name, value, timeout);
    }

    @Override
    public Watch watch(Runnable hint) {
        return right.watch(hint);
    }

    @Override
    public void close() {
        right.close();
    }
}

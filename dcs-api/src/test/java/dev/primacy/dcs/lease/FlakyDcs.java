// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.lease;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.ForwardingDcs;
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
final class FlakyDcs extends ForwardingDcs {
    private final VirtualTime time;
    private Mood mood = Mood.FINE;
    private Duration each = Duration.ZERO;
    private Runnable during = () -> {};

    FlakyDcs(Dcs right, VirtualTime time) {
        super(right);
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
    public Snapshot snapshot(Duration timeout) {
        return request(() -> super.snapshot(timeout), timeout);
    }

    @Override
    public WriteOutcome write(RecordWrite write, Duration timeout) {
        return request(() -> super.write(write, timeout), timeout);
    }

    @Override
    public AcquireOutcome acquire(LockClaim claim, Duration timeout) {
        return request(() -> super.acquire(claim, timeout), timeout);
    }

    @Override
    public RenewOutcome renew(Lock held, Optional<String> status, Duration timeout) {
        return request(() -> super.renew(held, status, timeout), timeout);
    }

    @Override
    public ReleaseOutcome release(Lock held, List<RecordWrite> with, Duration timeout) {
        return request(() -> super.release(held, with, timeout), timeout);
    }
}

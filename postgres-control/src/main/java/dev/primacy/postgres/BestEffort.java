// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fence that is used if it can be had. Once it holds a deadline it is as binding as any other: it will act, so a server
 * whose deadline it does not move must be stopped in good order before.
 */
final class BestEffort implements Fence {
    private static final Logger LOG = LoggerFactory.getLogger(BestEffort.class);

    private final Fence fence;
    private boolean holds;
    private String told = "";

    BestEffort(Fence fence) {
        this.fence = fence;
    }

    @Override
    public boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout) {
        if (holds) {
            return fence.arm(soft, hard, timeout);
        }
        try {
            holds = fence.arm(soft, hard, timeout);
            if (!holds) {
                tell(fence + " did not confirm in time");
            }
        } catch (PostgresException e) {
            tell(String.valueOf(e.getMessage()));
        }
        if (!holds) {
            // It may have got through and only not have answered: then it would act, with nobody who moves the
            // deadline.
            disarm();
        }
        return true;
    }

    /** Once for each reason: it is tried again with each renewal. */
    private void tell(String reason) {
        if (!reason.equals(told)) {
            LOG.warn("Going on without: {}", reason);
            told = reason;
        }
    }

    @Override
    public void disarm() {
        boolean held = holds;
        holds = false;
        try {
            fence.disarm();
        } catch (PostgresException e) {
            if (held) {
                throw e;
            }
            LOG.debug("nothing to disarm", e);
        }
    }
}

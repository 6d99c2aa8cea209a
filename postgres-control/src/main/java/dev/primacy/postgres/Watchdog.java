// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.postgres.FencingSettings.Driver;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A fence that resets the host. It comes after all others: when the deadline passes, they have ended the server and this
 * process has time left to stop the watchdog; a reset means that this process could not.
 */
final class Watchdog implements Fence {
    /** Devices count whole seconds, and the word takes a moment to get there. */
    private static final Duration GRAIN = Duration.ofMillis(100);

    private final FencingSettings.Watchdog settings;
    private final MonotonicClock clock;
    private @Nullable WatchdogDevice device;
    private int timeout;
    private MonotonicInstant granted = new MonotonicInstant(0);

    Watchdog(FencingSettings.Watchdog settings, MonotonicClock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * Keeps it alive, for no longer than the right really lasts. A deadline that is brought forward, for a right that was
     * lost, changes nothing: the other fences hold it, and a reset of the host for each lost lock is not what it is for.
     */
    @Override
    public boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration limit) {
        WatchdogDevice open = device;
        if (open == null) {
            open = settings.driver() == Driver.DEFAULT
                    ? new LinuxWatchdog(settings.device())
                    : new WatchdogFile(settings.device());
            device = open;
            timeout = 0;
        } else if (hard.isBefore(granted)) {
            return true;
        }
        granted = hard;
        MonotonicInstant reset = hard.plus(settings.afterDeadline());
        MonotonicInstant end = clock.now().plus(limit);
        while (clock.now().isBefore(end)) {
            long left = clock.now().until(reset.minus(GRAIN)).toSeconds();
            int wanted = (int) Math.min(settings.timeout().toSeconds(), left);
            if (wanted < 1) {
                return false;
            }
            keepAlive(open, wanted);
            if (!clock.now().plus(Duration.ofSeconds(timeout)).isAfter(reset)) {
                return true;
            }
        }
        return false;
    }

    private void keepAlive(WatchdogDevice open, int wanted) {
        if (wanted == timeout) {
            open.keepAlive();
            return;
        }
        timeout = open.setTimeout(wanted);
        if (timeout > wanted) {
            throw new PostgresException(this + " waits " + timeout + " s where no more than " + wanted
                    + " s are safe; take a longer ttl, or another device");
        }
    }

    @Override
    public void disarm() {
        WatchdogDevice open = device;
        device = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public String toString() {
        return "the watchdog " + settings.device();
    }
}

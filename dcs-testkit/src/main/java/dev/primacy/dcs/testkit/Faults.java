// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What is wrong with a network now. */
final class Faults {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean cut;
    private boolean frozen;
    private int repliesLeft = Integer.MAX_VALUE;
    private Duration delay = Duration.ZERO;

    void cut(boolean on) {
        change(() -> cut = on);
    }

    void freeze(boolean on) {
        change(() -> frozen = on);
    }

    void loseRepliesAfter(int pieces) {
        change(() -> repliesLeft = pieces);
    }

    void delay(Duration time) {
        change(() -> delay = time);
    }

    void heal() {
        change(() -> {
            cut = false;
            frozen = false;
            repliesLeft = Integer.MAX_VALUE;
            delay = Duration.ZERO;
        });
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isCut() {
        lock.lock();
        try {
            return cut;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Holds a piece for as long as the network does.
     *
     * @return false if it gets lost
     */
    boolean pass(boolean reply) throws InterruptedException {
        lock.lock();
        try {
            long left = delay.toNanos();
            while (frozen || left > 0) {
                if (frozen) {
                    changed.await();
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            return !reply || repliesLeft == Integer.MAX_VALUE || repliesLeft-- > 0;
        } finally {
            lock.unlock();
        }
    }
}

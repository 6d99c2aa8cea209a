// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs each task a moment later, as one step. */
final class VirtualWorker extends AbstractExecutorService {
    private static final Duration MOMENT = Duration.ofMillis(300);

    private final VirtualTime time;
    private boolean dead;

    VirtualWorker(VirtualTime time) {
        this.time = time;
    }

    @Override
    public void execute(Runnable task) {
        time.at(time.now().plus(MOMENT), () -> {
            if (!dead) {
                task.run();
            }
        });
    }

    @Override
    public void shutdown() {
        dead = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        dead = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return dead;
    }

    @Override
    public boolean isTerminated() {
        return dead;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.agent.config.AgentConfig.Store;
import dev.primacy.agent.config.ControlConfig;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.record.ClusterView;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One cluster in its store. */
final class Cluster implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final String name;
    private final Dcs dcs;
    private final MonotonicClock clock = BootClock.system();

    Cluster(ControlConfig config, String name) {
        this.name = name;
        Store store = config.store(name);
        try {
            this.dcs = DcsProvider.named(store.backend()).open(store.scope(), store.section(), clock);
        } catch (IllegalArgumentException e) {
            throw new CtlException(store.backend() + ": " + e.getMessage());
        }
    }

    String name() {
        return name;
    }

    ClusterView look() {
        return ClusterView.of(dcs.snapshot(ANSWER));
    }

    boolean write(RecordWrite write) {
        return dcs.write(write, ANSWER) instanceof WriteOutcome.Done;
    }

    /** Waits until {@code condition} holds, and looks whenever something changed in the store, and each second. */
    boolean await(Duration limit, BooleanSupplier condition) {
        MonotonicInstant end = clock.now().plus(limit);
        Semaphore news = new Semaphore(0);
        try (Dcs.Watch watch = dcs.watch(news::release)) {
            while (!condition.getAsBoolean()) {
                if (!clock.now().isBefore(end)) {
                    return false;
                }
                if (news.tryAcquire(1, TimeUnit.SECONDS)) {
                    news.drainPermits();
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CtlException("interrupted");
        }
    }

    @Override
    public void close() {
        dcs.close();
    }
}

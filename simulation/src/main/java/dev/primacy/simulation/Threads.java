// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads for the events of histories: virtual ones where the JDK has them, since those change hands much faster. */
final class Threads {
    private Threads() {}

    static ExecutorService pool() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException e) {
            return Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "simulation");
                thread.setDaemon(true);
                return thread;
            });
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has virtual threads and does not give them", e);
        }
    }
}

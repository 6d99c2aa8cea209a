// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

/** A thread that waits for something outside the JVM, and never keeps the JVM alive. */
final class Daemon {
    private Daemon() {}

    static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "primacy " + name);
        thread.setDaemon(true);
        thread.start();
    }
}

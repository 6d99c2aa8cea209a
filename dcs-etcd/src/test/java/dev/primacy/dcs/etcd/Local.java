// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import java.util.concurrent.atomic.AtomicInteger;

/** Addresses on loopback that are known before a server runs, as certificates need. */
final class Local {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Local() {}

    static String nextHost() {
        long pid = ProcessHandle.current().pid();
        // The servers of the kit begin below 127.251.
        return "127." + (251 + pid / 250 % 4) + "." + (1 + pid % 250) + "." + (1 + COUNT.getAndIncrement() % 250);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.testkit.server.ConsulServers;
import dev.primacy.dcs.testkit.server.StoreServers;

/** Servers that tests share; they end with the JVM. */
final class Servers {
    private Servers() {}

    static StoreServers one() {
        return One.SERVERS;
    }

    static StoreServers three() {
        return Three.SERVERS;
    }

    private static final class One {
        private static final StoreServers SERVERS = ConsulServers.start(1);
    }

    private static final class Three {
        private static final StoreServers SERVERS = ConsulServers.start(3);
    }
}

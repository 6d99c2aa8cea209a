// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.testkit.server.EtcdServers;

/** Clusters that all tests share; they end with the JVM. */
final class Servers {
    private Servers() {}

    static EtcdServers one() {
        return One.SERVERS;
    }

    static EtcdServers three() {
        return Three.SERVERS;
    }

    private static final class One {
        private static final EtcdServers SERVERS = EtcdServers.start(1);
    }

    private static final class Three {
        private static final EtcdServers SERVERS = EtcdServers.start(3);
    }
}

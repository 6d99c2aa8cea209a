// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/** Sessions in etcd. */
final class EtcdFixture extends RemoteFixture {
    static final Duration TTL = Duration.ofSeconds(2);
    /** For what is tested without a fixture. */
    static final MonotonicClock CLOCK = BootClock.system();

    private final InetSocketAddress server;

    EtcdFixture(StoreServers servers) {
        super(new Etcd3Provider(), servers.addresses());
        server = servers.addresses().get(0);
    }

    @Override
    protected Map<String, Object> section(String address) {
        return Map.of("host", address, "use_proxies", true);
    }

    @Override
    public Duration ttl() {
        return TTL;
    }

    /** etcd looks for expired leases twice in a second. */
    @Override
    public Duration grace() {
        return Duration.ofMillis(1500);
    }

    @Override
    public void put(RecordKey key, byte[] raw) {
        try (Foreign foreign = new Foreign(server)) {
            foreign.put(path() + "/" + key.path(), raw);
        }
    }
}

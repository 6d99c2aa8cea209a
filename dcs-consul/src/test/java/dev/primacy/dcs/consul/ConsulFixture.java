// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.server.StoreServers;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/** Sessions in Consul. */
final class ConsulFixture extends RemoteFixture {
    private final InetSocketAddress server;

    ConsulFixture(StoreServers servers) {
        super(new ConsulProvider(), servers.addresses());
        server = servers.addresses().get(0);
    }

    @Override
    protected Map<String, Object> section(String address) {
        return Map.of("url", "http://" + address);
    }

    @Override
    public Duration ttl() {
        return Duration.ofSeconds(3);
    }

    /** Raft's decision to end the session, and what two cores need for it under load. */
    @Override
    public Duration grace() {
        return Duration.ofSeconds(2);
    }

    @Override
    public void put(RecordKey key, byte[] raw) {
        new Foreign(server).put(path().substring(1) + "/" + key.path(), raw);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.testkit.FaultProxy;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** All that the suites need to know of this backend. */
final class JdbcFixture implements RemoteFixture {
    private static final MonotonicClock CLOCK = BootClock.system();
    private static final AtomicInteger FIXTURES = new AtomicInteger();

    private final StoreServers servers;
    private final String path = "/service/case-" + FIXTURES.incrementAndGet();
    private final Map<Dcs, FaultProxy> networks = new ConcurrentHashMap<>();

    JdbcFixture(StoreServers servers) {
        this.servers = servers;
    }

    @Override
    public Dcs open(String name, Duration ttl) {
        FaultProxy network = new FaultProxy(servers.addresses());
        Dcs session = new JdbcProvider()
                .open(
                        new DcsClient.Scope(path, name, ttl),
                        Map.of("url", "jdbc:postgresql://" + network.address() + "/postgres"),
                        CLOCK);
        networks.put(session, network);
        return session;
    }

    @Override
    public FaultProxy network(Dcs session) {
        return Objects.requireNonNull(networks.get(session), "a session of this fixture");
    }

    @Override
    public Duration ttl() {
        return Duration.ofSeconds(3);
    }

    /** Who looks counts the ttl from when it saw the last sign of life. */
    @Override
    public Duration grace() {
        return Duration.ofSeconds(1);
    }

    @Override
    public MonotonicClock clock() {
        return CLOCK;
    }

    @Override
    public void pass(Duration time) {
        RealTime.pass(CLOCK, time);
    }

    @Override
    public void put(RecordKey key, byte[] raw) {
        InetSocketAddress server = servers.addresses().get(0);
        String url = "jdbc:postgresql://" + server.getHostString() + ":" + server.getPort() + "/postgres";
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO dcs_record (scope, key, value) VALUES (?, ?, ?)")) {
            insert.setString(1, path);
            insert.setString(2, key.path());
            insert.setBytes(3, raw);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("putting " + key, e);
        }
    }

    @Override
    public void close() {
        networks.values().forEach(FaultProxy::close);
    }
}

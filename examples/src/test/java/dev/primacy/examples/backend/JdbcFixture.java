// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.server.StoreServers;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** All that the suites need to know of this backend. */
final class JdbcFixture extends RemoteFixture {
    private final InetSocketAddress server;

    JdbcFixture(StoreServers servers) {
        super(new JdbcProvider(), servers.addresses());
        server = servers.addresses().get(0);
    }

    @Override
    protected Map<String, Object> section(String address) {
        return Map.of("url", url(address));
    }

    private static String url(String address) {
        return "jdbc:postgresql://" + address + "/postgres";
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
    public void put(RecordKey key, byte[] raw) {
        try (Connection connection = DriverManager.getConnection(
                        url(server.getHostString() + ":" + server.getPort()), "postgres", "");
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO dcs_record (scope, key, value) VALUES (?, ?, ?)")) {
            insert.setString(1, path());
            insert.setString(2, key.path());
            insert.setBytes(3, raw);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("putting " + key, e);
        }
    }
}

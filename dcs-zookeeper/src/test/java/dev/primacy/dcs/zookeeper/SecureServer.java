// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.testkit.server.Certificates;
import dev.primacy.dcs.testkit.server.ZooKeeperServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A real server that speaks TLS on one port and plain on another, and knows certificates, digests and SASL. */
final class SecureServer implements AutoCloseable {
    private final ZooKeeperServers servers;
    private final int tlsPort;

    private SecureServer(ZooKeeperServers servers, int tlsPort) {
        this.servers = servers;
        this.tlsPort = tlsPort;
    }

    static SecureServer start(Path folder, Certificates authority, Certificates.Pair own) throws IOException {
        Path store = folder.resolve("server-" + own.certificate().getFileName() + ".pem");
        Files.writeString(store, Files.readString(own.key()) + Files.readString(own.certificate()));
        Path jaas = folder.resolve("server-jaas.conf");
        Files.writeString(
                jaas,
                "Server { org.apache.zookeeper.server.auth.DigestLoginModule required user_primacy=\"geheim\"; };");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Map<String, String> settings = new HashMap<>();
        settings.put("serverCnxnFactory", "org.apache.zookeeper.server.NettyServerCnxnFactory");
        settings.put("secureClientPort", String.valueOf(port));
        settings.put("secureClientPortAddress", "127.0.0.1");
        settings.put("ssl.keyStore.location", store.toString());
        settings.put("ssl.keyStore.type", "PEM");
        settings.put("ssl.trustStore.location", authority.authority().toString());
        settings.put("ssl.trustStore.type", "PEM");
        settings.put("authProvider.x509", "org.apache.zookeeper.server.auth.X509AuthenticationProvider");
        settings.put("authProvider.sasl", "org.apache.zookeeper.server.auth.SASLAuthenticationProvider");
        return new SecureServer(
                ZooKeeperServers.start(1, settings, List.of("-Djava.security.auth.login.config=" + jaas)), port);
    }

    String tls() {
        return "127.0.0.1:" + tlsPort;
    }

    String plain() {
        InetSocketAddress address = servers.addresses().get(0);
        return address.getHostString() + ":" + address.getPort();
    }

    @Override
    public void close() {
        servers.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ClientX509Util;
import org.apache.zookeeper.common.X509Exception.SSLContextException;
import org.apache.zookeeper.util.PemReader;

/**
 * TLS to the servers.
 *
 * @param authority PEM file of who signed the servers' certificates; without it the JVM's own list counts
 * @param key our own certificate
 * @param checksHostname whether the servers' certificates must name the host that we connect to
 */
record Tls(Optional<Path> authority, Optional<ClientKey> key, boolean checksHostname) {
    private static final String NETTY = "org.apache.zookeeper.ClientCnxnSocketNetty";
    private static final int PROBE_MILLIS = 1000;

    static Optional<Tls> of(Section section) {
        boolean wanted = section.flag("use_ssl", false);
        boolean checksHostname = section.flag("check_hostname", true);
        if (!section.flag("verify", true)) {
            section.problem("verify: false is not supported, since anybody could pose as the store; give the authority"
                    + " that signed the servers' certificates as cacert, and check_hostname: false if they name other"
                    + " hosts");
        }
        if (!wanted) {
            // Patroni does not look at these either.
            section.value("cacert");
            section.value("cert");
            section.value("key");
            section.value("key_password");
            return Optional.empty();
        }
        Optional<Path> authority = section.file("cacert");
        authority.filter(Files::isReadable).ifPresent(file -> checkAuthority(section, file));
        return Optional.of(new Tls(authority, ClientKey.of(section), checksHostname));
    }

    private static void checkAuthority(Section section, Path file) {
        try {
            if (PemReader.readCertificateChain(file.toFile()).isEmpty()) {
                section.problem("cacert: no certificate in '" + file + "'");
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            section.problem("cacert: cannot read '" + file + "': " + e.getMessage());
        }
    }

    void configure(ZKClientConfig config) {
        config.setProperty(ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, NETTY);
        try (ClientX509Util names = new ClientX509Util()) {
            config.setProperty(names.getSslHostnameVerificationEnabledProperty(), String.valueOf(checksHostname));
            config.setProperty(
                    names.getSslTruststoreLocationProperty(),
                    authority.map(Path::toString).orElse(""));
            config.setProperty(names.getSslTruststoreTypeProperty(), "PEM");
            config.setProperty(names.getSslTruststorePasswdProperty(), "");
            config.setProperty(
                    names.getSslKeystoreLocationProperty(),
                    key.map(own -> own.store().toString()).orElse(""));
            config.setProperty(names.getSslKeystoreTypeProperty(), ClientKey.STORE_TYPE);
            config.setProperty(
                    names.getSslKeystorePasswdProperty(),
                    key.map(ClientKey::storePassword).orElse(""));
        }
    }

    /**
     * What is wrong with a handshake with this server; empty if nothing is, or if it cannot be reached. ZooKeeper's client
     * shows a failed handshake as a lost connection like any other. Takes up to a few seconds.
     */
    Optional<String> problem(ZKClientConfig config, InetSocketAddress server) {
        try (ClientX509Util util = new ClientX509Util();
                SSLSocket socket = (SSLSocket)
                        util.createSSLContext(config).getSocketFactory().createSocket()) {
            if (checksHostname) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            socket.setSoTimeout(PROBE_MILLIS);
            socket.connect(server, PROBE_MILLIS);
            socket.startHandshake();
            // In TLS 1.3 a server that does not take our certificate says so only now.
            int first = socket.getInputStream().read();
            return first >= 0 ? Optional.empty() : Optional.of("it hung up after the handshake");
        } catch (SocketTimeoutException e) {
            // It waits for a request, so all is well, or it hangs.
            return Optional.empty();
        } catch (SSLException | SSLContextException e) {
            return Optional.of(explained(e));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The outermost message says what failed, the innermost one why. */
    private static String explained(Exception problem) {
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String what = String.valueOf(problem.getMessage());
        String why = String.valueOf(cause.getMessage());
        return what.contains(why) ? what : what + ": " + why;
    }
}

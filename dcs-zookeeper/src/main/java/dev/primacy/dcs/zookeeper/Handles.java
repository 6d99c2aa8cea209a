// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.time.MonotonicClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ConnectStringParser;
import org.apache.zookeeper.client.StaticHostProvider;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.common.ZKConfig;

/** Makes sessions with what the section says. Nothing of it goes through properties of the whole JVM. */
final class Handles {
    /** What a foreign client wrote must be readable, also where the servers take more than by default. */
    private static final int LONGEST_ANSWER = 16 << 20;

    private final Options options;
    private final MonotonicClock clock;

    Handles(Options options, MonotonicClock clock) {
        this.options = options;
        this.clock = clock;
    }

    /**
     * Opens a session, without waiting for a server.
     *
     * @param failed told of each server with which no TLS connection came about
     */
    Session open(Duration timeout, Watcher watcher, Consumer<InetSocketAddress> failed) throws IOException {
        SessionProof proof = new SessionProof(options.tick());
        String servers = options.connectString();
        StaticHostProvider hosts = new StaticHostProvider(new ConnectStringParser(servers).getServerAddresses());
        ConnectionTimes times = new ConnectionTimes(
                hosts,
                proof,
                clock,
                before -> options.tls().ifPresent(tls -> {
                    tls.key().ifPresent(ClientKey::refresh);
                    before.ifPresent(failed);
                }));
        ZooKeeper handle =
                new ZooKeeper(servers, Math.toIntExact(timeout.toMillis()), watcher, false, times, configuration());
        options.access().credentials().forEach(own -> handle.addAuthInfo(own.scheme(), own.bytes()));
        return new Session(handle, proof, clock, options.access().acls());
    }

    private ZKClientConfig configuration() {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(
                ZKClientConfig.SECURE_CLIENT, String.valueOf(options.tls().isPresent()));
        config.setProperty(ZKClientConfig.DISABLE_AUTO_WATCH_RESET, "false");
        config.setProperty(ZKConfig.JUTE_MAXBUFFER, String.valueOf(LONGEST_ANSWER));
        options.tls().ifPresent(tls -> tls.configure(config));
        options.access().configure(config);
        return config;
    }

    /** What is wrong with TLS to this server; see {@link Tls#problem}. */
    Optional<String> handshakeProblem(InetSocketAddress server) {
        return options.tls()
                .flatMap(tls -> tls.problem(configuration(), server))
                .map(problem -> "the TLS handshake with " + server.getHostString() + ":" + server.getPort()
                        + " failed: " + problem + "; check use_ssl, cacert, cert and key");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.time.MonotonicClock;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.client.HostProvider;
import org.jspecify.annotations.Nullable;

/** Chooses servers as another does, and tells the proof when a connection is begun and when it stands. */
final class ConnectionTimes implements HostProvider {
    private final HostProvider hosts;
    private final SessionProof proof;
    private final MonotonicClock clock;
    private final Consumer<Optional<InetSocketAddress>> beforeEach;
    private volatile @Nullable InetSocketAddress tried;

    /**
     * Times of one session's connections.
     *
     * @param beforeEach called before each attempt to connect, with the server that the one before it failed with
     */
    ConnectionTimes(
            HostProvider hosts,
            SessionProof proof,
            MonotonicClock clock,
            Consumer<Optional<InetSocketAddress>> beforeEach) {
        this.hosts = hosts;
        this.proof = proof;
        this.clock = clock;
        this.beforeEach = beforeEach;
    }

    @Override
    public int size() {
        return hosts.size();
    }

    @Override
    public InetSocketAddress next(long spinDelay) {
        InetSocketAddress next = hosts.next(spinDelay);
        beforeEach.accept(Optional.ofNullable(tried));
        tried = next;
        // After the pause that the call above may make, and before the client connects.
        proof.connecting(clock.now());
        return next;
    }

    @Override
    public void onConnected() {
        tried = null;
        proof.connected();
        hosts.onConnected();
    }

    @Override
    public boolean updateServerList(Collection<InetSocketAddress> servers, InetSocketAddress current) {
        return hosts.updateServerList(servers, current);
    }
}

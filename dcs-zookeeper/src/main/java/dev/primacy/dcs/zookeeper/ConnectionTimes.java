// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.time.MonotonicClock;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Optional;
import org.apache.zookeeper.client.HostProvider;
import org.jspecify.annotations.Nullable;

/** Chooses servers as another does, and tells the proof when a connection is begun and when it stands. */
final class ConnectionTimes implements HostProvider {
    private final HostProvider hosts;
    private final SessionProof proof;
    private final MonotonicClock clock;
    private final Runnable beforeEach;
    private volatile @Nullable InetSocketAddress lastTried;

    ConnectionTimes(HostProvider hosts, SessionProof proof, MonotonicClock clock, Runnable beforeEach) {
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
        beforeEach.run();
        lastTried = next;
        // After the pause that the call above may make, and before the client connects.
        proof.connecting(clock.now());
        return next;
    }

    Optional<InetSocketAddress> lastTried() {
        return Optional.ofNullable(lastTried);
    }

    @Override
    public void onConnected() {
        proof.connected();
        hosts.onConnected();
    }

    @Override
    public boolean updateServerList(Collection<InetSocketAddress> servers, InetSocketAddress current) {
        return hosts.updateServerList(servers, current);
    }
}

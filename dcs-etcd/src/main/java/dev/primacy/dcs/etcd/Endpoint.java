// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One server and the one connection to it, which all sessions share. */
final class Endpoint {
    /** The shortest that the library takes; etcd ends connections that ping more often than every 5 s. */
    private static final long PING_SECONDS = 10;

    private static final long PING_PATIENCE_SECONDS = 5;
    private static final long UNUSED_SECONDS = 60;
    /** A whole scope comes in one message. */
    private static final int LONGEST_ANSWER = 64 << 20;

    private final Address address;
    private final ManagedChannel channel;
    private final AtomicInteger reconnects = new AtomicInteger();

    Endpoint(Address address, ChannelCredentials tls) {
        this.address = address;
        // Connects when it is first used.
        this.channel = NettyChannelBuilder.forAddress(
                        address.host(), address.port(), address.secure() ? tls : InsecureChannelCredentials.create())
                .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PING_PATIENCE_SECONDS, TimeUnit.SECONDS)
                .idleTimeout(UNUSED_SECONDS, TimeUnit.SECONDS)
                .maxInboundMessageSize(LONGEST_ANSWER)
                .disableServiceConfigLookUp()
                .build();
    }

    Address address() {
        return address;
    }

    /** The channel, which tries to connect at once even if it failed a moment ago. */
    ManagedChannel channel() {
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
            channel.enterIdle();
        }
        return channel;
    }

    /** Makes a new connection for what comes next: the present one may be dead without having broken. */
    void reconnect() {
        reconnects.incrementAndGet();
        channel.enterIdle();
    }

    /** How often that was done. */
    int reconnects() {
        return reconnects.get();
    }

    void close() {
        channel.shutdownNow();
    }
}

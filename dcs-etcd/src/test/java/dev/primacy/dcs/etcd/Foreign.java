// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;

/** Another client of etcd, which knows nothing of Primacy. */
final class Foreign implements AutoCloseable {
    private final ManagedChannel channel;

    Foreign(InetSocketAddress server) {
        channel = NettyChannelBuilder.forAddress(
                        server.getHostString(), server.getPort(), InsecureChannelCredentials.create())
                .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    long put(String key, byte[] raw) {
        return put(key, raw, 0);
    }

    long put(String key, byte[] raw, long lease) {
        return KVGrpc.newBlockingStub(channel)
                .put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFrom(raw))
                        .setLease(lease)
                        .build())
                .getHeader()
                .getRevision();
    }

    long lease(long seconds) {
        return LeaseGrpc.newBlockingStub(channel)
                .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(seconds).build())
                .getID();
    }

    void delete(String key) {
        KVGrpc.newBlockingStub(channel)
                .deleteRange(DeleteRangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .build());
    }

    RangeResponse get(String key) {
        return KVGrpc.newBlockingStub(channel)
                .range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .build());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}

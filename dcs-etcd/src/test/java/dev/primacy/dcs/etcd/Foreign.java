// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthRoleGrantPermissionRequest;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.Permission;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;

/** Another client of etcd, which knows nothing of Primacy. */
final class Foreign implements AutoCloseable {
    private final ManagedChannel channel;

    Foreign(InetSocketAddress server) {
        this(server.getHostString(), InsecureChannelCredentials.create());
    }

    Foreign(String host, ChannelCredentials credentials) {
        channel = NettyChannelBuilder.forAddress(host, 2379, credentials).build();
    }

    /** Makes a user {@code root}, and one with a role that may use keys below {@code /service/}; then asks for logins. */
    void enableAuth(String user, String password) {
        AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(channel);
        auth.userAdd(AuthUserAddRequest.newBuilder()
                .setName("root")
                .setPassword("root")
                .build());
        auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                .setUser("root")
                .setRole("root")
                .build());
        auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("service").build());
        grant(auth, "service", "/service/");
        auth.userAdd(AuthUserAddRequest.newBuilder()
                .setName(user)
                .setPassword(password)
                .build());
        auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                .setUser(user)
                .setRole("service")
                .build());
        auth.authEnable(AuthEnableRequest.getDefaultInstance());
    }

    /** Changes the rights of a role, whereby all tokens become old. */
    static void grant(AuthGrpc.AuthBlockingStub auth, String role, String path) {
        String end = path.substring(0, path.length() - 1) + '0';
        auth.roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                .setName(role)
                .setPerm(Permission.newBuilder()
                        .setPermType(Permission.Type.READWRITE)
                        .setKey(ByteString.copyFromUtf8(path))
                        .setRangeEnd(ByteString.copyFromUtf8(end)))
                .build());
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

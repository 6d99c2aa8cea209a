// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static dev.primacy.dcs.etcd.Expect.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.EtcdServers;
import io.etcd.jetcd.api.AuthDisableRequest;
import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Users with passwords; their tokens end after a second without use. */
@Execution(ExecutionMode.SAME_THREAD)
class PasswordTest {
    private static EtcdServers servers;

    @BeforeAll
    static void start() {
        servers = EtcdServers.start(1, "http", List.of("--auth-token-ttl=1", "--bcrypt-cost=4"));
        try (Foreign admin = admin()) {
            admin.enableAuth("primacy", "s3cret");
        }
    }

    @AfterAll
    static void end() {
        servers.close();
    }

    @Test
    void theRightPasswordOpensAllVerbs() {
        try (Dcs session = open("s3cret", EtcdFixture.newPath())) {
            Expect.works(session);
        }
    }

    @Test
    void aWrongPasswordIsRejected() {
        try (Dcs session = open("s3cretly-wrong", EtcdFixture.newPath())) {
            Expect.rejected(() -> session.snapshot(TIMEOUT), "logging in to etcd as 'primacy'");
            Expect.rejected(
                    () -> session.acquire(LockClaim.free("n"), TIMEOUT),
                    "authentication failed, invalid user ID or password");
        }
    }

    @Test
    void whoDoesNotLogInIsRejected() {
        try (Dcs session = new Etcd3Provider().open(scope(EtcdFixture.newPath()), place(), EtcdFixture.CLOCK)) {
            Expect.rejected(() -> session.snapshot(TIMEOUT), "check username and password");
        }
    }

    @Test
    void anotherPathThanTheRolesIsRejected() {
        try (Dcs session = open("s3cret", "/private/demo")) {
            Expect.rejected(() -> session.snapshot(TIMEOUT), "grant the user's role read and write");
            Expect.rejected(
                    () -> session.write(RecordWrite.create(RecordKey.CONFIG, ""), TIMEOUT), "permission denied");
            Expect.rejected(() -> session.acquire(LockClaim.free("n"), TIMEOUT), "acquiring /private/demo/leader");
            Expect.rejected(() -> session.register("n", "{}", TIMEOUT), "permission denied");
        }
    }

    @Test
    void aTokenThatHasEndedIsRenewed() {
        try (Dcs session = open("s3cret", EtcdFixture.newPath())) {
            session.snapshot(TIMEOUT);
            RealTime.pass(EtcdFixture.CLOCK, Duration.ofMillis(3500));
            session.snapshot(TIMEOUT);
            RealTime.pass(EtcdFixture.CLOCK, Duration.ofMillis(3500));
            Expect.works(session);
        }
    }

    @Test
    void aChangeOfUsersIsFollowed() {
        try (Dcs session = open("s3cret", EtcdFixture.newPath());
                Foreign admin = admin()) {
            AtomicInteger hints = new AtomicInteger();
            session.watch(hints::incrementAndGet);
            session.snapshot(TIMEOUT);
            AuthGrpc.AuthBlockingStub root = root(admin);
            Foreign.grant(root, "service", "/other/");
            Expect.works(session);
            assertThat(hints).hasPositiveValue();
            root(admin).authDisable(AuthDisableRequest.getDefaultInstance());
            Expect.works(session);
            AuthGrpc.newBlockingStub(admin.channel()).authEnable(AuthEnableRequest.getDefaultInstance());
            Expect.works(session);
        }
    }

    private static AuthGrpc.AuthBlockingStub root(Foreign admin) {
        AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(admin.channel());
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER),
                auth.authenticate(AuthenticateRequest.newBuilder()
                                .setName("root")
                                .setPassword("root")
                                .build())
                        .getToken());
        return auth.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static Dcs open(String password, String path) {
        Map<String, Object> section = Map.of("host", place().get("host"), "username", "primacy", "password", password);
        return new Etcd3Provider().open(scope(path), section, EtcdFixture.CLOCK);
    }

    private static Map<String, Object> place() {
        return Map.of("host", servers.addresses().get(0).getHostString());
    }

    private static Scope scope(String path) {
        return new Scope(path, "s", EtcdFixture.TTL);
    }

    private static Foreign admin() {
        return new Foreign(servers.addresses().get(0));
    }
}

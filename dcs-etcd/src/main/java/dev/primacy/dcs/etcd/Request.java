// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthenticateRequest;
import io.etcd.jetcd.api.AuthenticateResponse;
import io.etcd.jetcd.api.ClusterGrpc;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.LeaseRevokeRequest;
import io.etcd.jetcd.api.LeaseRevokeResponse;
import io.etcd.jetcd.api.MemberListRequest;
import io.etcd.jetcd.api.MemberListResponse;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.util.function.Function;

/**
 * One request to etcd.
 *
 * @param header of its answer
 * @param view whose state the answer shows
 */
record Request<Q, R>(
        MethodDescriptor<Q, R> method,
        Q message,
        Effect effect,
        Function<R, ResponseHeader> header,
        Function<R, View> view) {
    /** What it does to the records and locks, which decides what may be done when no answer comes. */
    enum Effect {
        /** Nothing: it may be repeated, and failing it has changed nothing. */
        NONE,
        /**
         * A change whose conditions make a repetition harmless: the first and the second cannot both happen, or both
         * leave the same. If the repetition fails on its conditions nobody knows whether the first is the cause.
         */
        REPEATABLE,
        /** A change that, done late or twice, could undo what others did in between. */
        ONCE
    }

    /** Whose state an answer shows. */
    enum View {
        /** The store's: no older than the request. */
        LINEARIZABLE,
        /** One member's, which may lag behind. */
        MEMBER,
        /** Nobody's. */
        NONE
    }

    static Request<RangeRequest, RangeResponse> range(RangeRequest range) {
        return new Request<>(
                KVGrpc.getRangeMethod(), range, Effect.NONE, RangeResponse::getHeader, answer -> View.LINEARIZABLE);
    }

    static Request<TxnRequest, TxnResponse> transaction(TxnRequest transaction, Effect effect) {
        return new Request<>(
                KVGrpc.getTxnMethod(), transaction, effect, TxnResponse::getHeader, answer -> View.LINEARIZABLE);
    }

    /** A lease that was granted without our hearing of it carries nothing, and ends by itself. */
    static Request<LeaseGrantRequest, LeaseGrantResponse> grant(long seconds) {
        LeaseGrantRequest message =
                LeaseGrantRequest.newBuilder().setTTL(seconds).build();
        return new Request<>(
                LeaseGrpc.getLeaseGrantMethod(),
                message,
                Effect.NONE,
                LeaseGrantResponse::getHeader,
                answer -> View.LINEARIZABLE);
    }

    /** One message and one answer on a method meant for streams: on the wire that is the same as a plain call. */
    static Request<LeaseKeepAliveRequest, LeaseKeepAliveResponse> keepAlive(long lease) {
        return new Request<>(
                LeaseGrpc.getLeaseKeepAliveMethod().toBuilder()
                        .setType(MethodType.UNARY)
                        .build(),
                LeaseKeepAliveRequest.newBuilder().setID(lease).build(),
                Effect.NONE,
                LeaseKeepAliveResponse::getHeader,
                // Only a member that is not behind may say that the lease is gone.
                answer -> answer.getTTL() > 0 ? View.MEMBER : View.LINEARIZABLE);
    }

    static Request<LeaseRevokeRequest, LeaseRevokeResponse> revoke(long lease) {
        return new Request<>(
                LeaseGrpc.getLeaseRevokeMethod(),
                LeaseRevokeRequest.newBuilder().setID(lease).build(),
                Effect.REPEATABLE,
                LeaseRevokeResponse::getHeader,
                answer -> View.MEMBER);
    }

    static Request<MemberListRequest, MemberListResponse> members() {
        return new Request<>(
                ClusterGrpc.getMemberListMethod(),
                MemberListRequest.getDefaultInstance(),
                Effect.NONE,
                MemberListResponse::getHeader,
                answer -> View.MEMBER);
    }

    static Request<AuthenticateRequest, AuthenticateResponse> authenticate(Options.Login login) {
        return new Request<>(
                AuthGrpc.getAuthenticateMethod(),
                AuthenticateRequest.newBuilder()
                        .setName(login.user())
                        .setPassword(login.password())
                        .build(),
                Effect.NONE,
                AuthenticateResponse::getHeader,
                answer -> View.NONE);
    }

    /** Logging in is what needs no login. */
    boolean isLogin() {
        return message instanceof AuthenticateRequest;
    }

    boolean writes() {
        return effect != Effect.NONE;
    }
}

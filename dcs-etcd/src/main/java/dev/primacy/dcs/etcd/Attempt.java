// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One try of a request, at one server. It goes out when this is made. */
final class Attempt<Q, R> {
    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);
    /** Local work only. */
    private static final Duration CANCEL_PATIENCE = Duration.ofMillis(200);

    private final Endpoint endpoint;
    private final Request<Q, R> request;
    private final String token;
    private final MonotonicClock clock;
    private final Guard guard;
    private final Guard.Seen before;
    private final MonotonicInstant sent;
    private final ClientCall<Q, R> call;
    private final CompletableFuture<R> answer = new CompletableFuture<>();
    /** Set when a connection takes the request over; it cannot have left this process before. */
    private volatile boolean taken;

    /** What came of it: one of the two. */
    record Outcome<R>(Optional<R> value, Optional<Failure> failure) {}

    Attempt(Store store, Endpoint endpoint, Request<Q, R> request, String token) {
        this.endpoint = endpoint;
        this.request = request;
        this.token = token;
        this.clock = store.clock();
        this.guard = store.guard();
        this.before = guard.seen();
        // Read before it is sent: from here on the store surely counts a ttl.
        this.sent = clock.now();
        CallOptions options = CallOptions.DEFAULT.withExecutor(Runnable::run).withStreamTracerFactory(new Departure());
        this.call = authorized(endpoint.channel(), token).newCall(request.method(), options);
        ClientCalls.asyncUnaryCall(call, request.message(), new Arrival());
    }

    /** A server that knows no leader then says so at once, without taking the request. */
    static Channel authorized(Channel channel, String token) {
        Metadata headers = new Metadata();
        headers.put(HAS_LEADER, "true");
        if (!token.isEmpty()) {
            headers.put(TOKEN, token);
        }
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    Endpoint endpoint() {
        return endpoint;
    }

    String token() {
        return token;
    }

    MonotonicInstant sent() {
        return sent;
    }

    /**
     * Waits for the answer, and then gives up.
     *
     * @param unsent until when, if no connection takes the request over
     */
    Outcome<R> await(MonotonicInstant unsent, MonotonicInstant end) throws InterruptedException {
        try {
            try {
                return judge(get(unsent));
            } catch (TimeoutException e) {
                return judge(get(taken ? end : unsent));
            }
        } catch (TimeoutException e) {
            return cancel(e);
        } catch (InterruptedException e) {
            call.cancel("interrupted", e);
            throw e;
        } catch (ExecutionException e) {
            return failed(Status.fromThrowable(e.getCause()));
        }
    }

    private R get(MonotonicInstant until) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(Math.max(0, clock.now().until(until).toNanos()), TimeUnit.NANOSECONDS);
    }

    /** Only when the call has ended is it known that the request will not leave any more. */
    private Outcome<R> cancel(TimeoutException cause) throws InterruptedException {
        call.cancel("no answer in time", cause);
        try {
            return judge(answer.get(CANCEL_PATIENCE.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return failed(new Failure(Failure.Kind.UNANSWERED, "is silent", e));
        } catch (ExecutionException e) {
            return failed(
                    taken
                            ? new Failure(Failure.Kind.UNANSWERED, "is silent", cause)
                            : new Failure(Failure.Kind.NOT_TAKEN, "accepts no connection", cause));
        }
    }

    private Outcome<R> failed(Status status) {
        return failed(Failure.of(status, taken));
    }

    private Outcome<R> failed(Failure failure) {
        return new Outcome<>(
                Optional.empty(),
                Optional.of(new Failure(failure.kind(), endpoint.address() + ": " + failure.seen(), failure.cause())));
    }

    private Outcome<R> judge(R value) {
        Optional<String> problem = switch (request.view().apply(value)) {
            case LINEARIZABLE -> guard.check(before, request.header().apply(value));
            case MEMBER -> guard.checkCluster(request.header().apply(value));
            case NONE -> Optional.empty();
        };
        // If it was a change it was made, but who knows where.
        return problem.map(text -> failed(new Failure(Failure.Kind.UNANSWERED, text, null)))
                .orElseGet(() -> new Outcome<>(Optional.of(value), Optional.empty()));
    }

    private final class Arrival implements StreamObserver<R> {
        @Override
        public void onNext(R value) {
            answer.complete(value);
        }

        @Override
        public void onError(Throwable problem) {
            answer.completeExceptionally(problem);
        }

        @Override
        public void onCompleted() {}
    }

    private final class Departure extends ClientStreamTracer.Factory {
        @Override
        public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
                @Override
                public void streamCreated(Attributes transportAttributes, Metadata requestHeaders) {
                    taken = true;
                }
            };
        }
    }
}

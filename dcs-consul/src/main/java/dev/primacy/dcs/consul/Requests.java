// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.net.HostAndPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import org.kiwiproject.consul.util.Jackson;
import org.kiwiproject.consul.util.failover.ConsulFailoverInterceptor;

/**
 * Stands between the client library and the network, at the one place where the library lets us: it knows neither a
 * deadline for one request nor how to cancel one, it repeats a write whose connection broke, and it hides the answer to a
 * transaction that failed.
 */
final class Requests extends ConsulFailoverInterceptor {
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;

    /** The library wants an address for what it would do here. */
    private static final HostAndPort NOWHERE = HostAndPort.fromParts("localhost", 1);

    private final Map<Thread, Attempt> attempts = new ConcurrentHashMap<>();

    Requests() {
        super(List.of(NOWHERE), 1);
    }

    /** Runs a request of the library, which is sent by this thread. */
    <T> T run(Attempt attempt, Supplier<T> request) {
        attempts.put(Thread.currentThread(), attempt);
        try {
            return request.get();
        } finally {
            attempts.remove(Thread.currentThread());
        }
    }

    @Override
    public Response intercept(Chain chain) {
        Attempt attempt = attempts.get(Thread.currentThread());
        if (attempt == null) {
            throw new IllegalStateException("a request outside of a verb");
        }
        try {
            attempt.begins(chain.call());
            int patience = Math.toIntExact(Math.max(1, attempt.patience.toMillis()));
            // A write that is sent twice would meet its own first effect, and look like a lost race.
            boolean repeatable = chain.request().method().equals("GET");
            return usable(chain.withRetryOnConnectionFailure(repeatable)
                    .withConnectTimeout(patience, TimeUnit.MILLISECONDS)
                    .withReadTimeout(patience, TimeUnit.MILLISECONDS)
                    .withWriteTimeout(patience, TimeUnit.MILLISECONDS)
                    .proceed(complete(chain.request())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The library leaves out an empty list of checks, and Consul then takes the health of the node: a session would end
     * whenever the servers lose sight of the agent, long before its time.
     */
    private static Request complete(Request request) throws IOException {
        RequestBody body = request.body();
        if (body == null || !request.url().encodedPath().endsWith("/v1/session/create")) {
            return request;
        }
        Buffer sent = new Buffer();
        body.writeTo(sent);
        ObjectNode session = (ObjectNode) Jackson.MAPPER.readTree(sent.readByteArray());
        if (!session.has("Checks")) {
            session.putArray("Checks");
        }
        return request.newBuilder()
                .put(RequestBody.create(session.toString(), body.contentType()))
                .build();
    }

    private static Response usable(Response response) throws IOException {
        String path = response.request().url().encodedPath();
        if (response.isSuccessful() || (response.code() == NOT_FOUND && path.contains("/v1/kv/"))) {
            return response;
        }
        if (response.code() == CONFLICT && path.endsWith("/v1/txn")) {
            return response.newBuilder().code(OK).build();
        }
        try (response) {
            throw new Refused(response.code(), response.body().string().strip());
        }
    }

    /** One request, which another thread may give up. */
    static final class Attempt {
        private final Duration patience;
        private okhttp3.@Nullable Call call;
        private boolean cancelled;

        /** How long to wait for each step of it. */
        Attempt(Duration patience) {
            this.patience = patience;
        }

        private synchronized void begins(okhttp3.Call begun) throws IOException {
            if (cancelled) {
                throw new IOException("given up before it was sent");
            }
            call = begun;
        }

        /** From now on nothing of it is sent. */
        synchronized void cancel() {
            cancelled = true;
            if (call != null) {
                call.cancel();
            }
        }

        synchronized boolean hasBegun() {
            return call != null;
        }
    }

    /** Consul answered, and said no. */
    static final class Refused extends RuntimeException {
        private final int status;
        private final String body;

        Refused(int status, String body) {
            super("status " + status + ": " + body);
            this.status = status;
            this.body = body;
        }

        int status() {
            return status;
        }

        String body() {
            return body;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.time.MonotonicInstant;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the API server. Reads are repeated for as long as there is time; a write is sent once, unless it surely was
 * not carried out. May be used by any thread.
 */
final class Api {
    static final String MERGE = "application/strategic-merge-patch+json";
    static final String JSON_PATCH = "application/json-patch+json";
    private static final String JSON = "application/json";

    private static final Duration PAUSE = Duration.ofMillis(100);
    /** A server that starts refuses everything until it has read the roles. */
    private static final Duration STARTING = Duration.ofSeconds(10);

    private static final int OK = 200;
    private static final int REDIRECT = 300;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int CONFLICT = 409;
    static final int INVALID = 422;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Set<Integer> TRANSIENT = Set.of(500, 502, 503, 504);
    private static final int SERVER_ERROR = 500;

    private final Connection connection;
    private final Set<Integer> retriable;
    private final AtomicReference<@Nullable MonotonicInstant> refusedSince = new AtomicReference<>();

    /**
     * Sends over this connection.
     *
     * @param retriable codes of answers that a read is repeated after, beside those that say so by themselves
     */
    Api(Connection connection, Set<Integer> retriable) {
        this.connection = connection;
        this.retriable = Set.copyOf(retriable);
    }

    /** Reads one thing; empty if it is not there. */
    Optional<JsonNode> find(Call call, String path) {
        Answer answer = read(call, List.of(path)).get(0);
        return answer.status == NOT_FOUND ? Optional.empty() : Optional.of(answer.body);
    }

    /** Reads lists, at one time. */
    List<JsonNode> lists(Call call, List<String> paths) {
        return read(call, paths).stream().map(Answer::body).toList();
    }

    private List<Answer> read(Call call, List<String> paths) {
        String before = "";
        while (true) {
            List<Answer> answers = new ArrayList<>();
            Problem problem = null;
            try {
                List<Sent> sent = paths.stream()
                        .map(path -> send(call, "GET", path, JSON, null))
                        .toList();
                for (Sent request : sent) {
                    answers.add(await(request));
                }
                problem = answers.stream()
                        .flatMap(answer -> problem(call, answer).stream())
                        .findFirst()
                        .orElse(null);
            } catch (Unanswered e) {
                problem = new Problem("no answer (" + e.getMessage() + ")" + before, PAUSE, e.getCause());
            }
            if (problem == null) {
                return answers;
            }
            if (problem.cause == null) {
                before = "; before that it " + problem.what;
            }
            if (!call.pause(problem.pause)) {
                throw call.unreachable(problem.what, problem.cause);
            }
        }
    }

    /** A passing reason to ask again; throws if there is none, and no answer of use either. */
    private Optional<Problem> problem(Call call, Answer answer) {
        int status = answer.status;
        if (status < REDIRECT || status == NOT_FOUND) {
            refusedSince.set(null);
            return Optional.empty();
        }
        if (status == TOO_MANY_REQUESTS
                || TRANSIENT.contains(status)
                || retriable.contains(status)
                || answer.retryAfter.isPresent()) {
            return Optional.of(new Problem("answered " + answer, answer.retryAfter.orElse(PAUSE), null));
        }
        if (status == FORBIDDEN || status == UNAUTHORIZED) {
            return Optional.of(refused(call, answer));
        }
        throw call.rejected("the API server answered " + answer, null);
    }

    /** Sends a request that changes something. Answers other than success that a caller can use come back as they are. */
    Answer write(Call call, String method, String path, String type, JsonNode body) {
        while (true) {
            Answer answer;
            try {
                answer = await(send(call, method, path, type, body.toString()));
            } catch (Unanswered e) {
                if (e.surelyUnsent()) {
                    throw call.unreachable("no connection (" + e.getMessage() + ")", e.getCause());
                }
                throw call.unknown("no answer (" + e.getMessage() + ")", e.getCause());
            }
            int status = answer.status;
            if (status < REDIRECT) {
                refusedSince.set(null);
                return answer;
            }
            if (status == NOT_FOUND || status == CONFLICT || status == INVALID) {
                return answer;
            }
            Problem problem;
            if (status == TOO_MANY_REQUESTS) {
                // Turned away before anything was done.
                problem = new Problem("answered " + answer, answer.retryAfter.orElse(PAUSE), null);
            } else if (status == FORBIDDEN || status == UNAUTHORIZED) {
                problem = refused(call, answer);
            } else if (status >= SERVER_ERROR) {
                throw call.unknown("answered " + answer, null);
            } else {
                throw call.rejected("the API server answered " + answer, null);
            }
            if (!call.pause(problem.pause)) {
                throw call.unreachable(problem.what, problem.cause);
            }
        }
    }

    /** Rights that are missing, unless the server is about to start and does not know yet who has which. */
    private Problem refused(Call call, Answer answer) {
        if (answer.status == UNAUTHORIZED) {
            connection.refused();
        }
        MonotonicInstant since =
                refusedSince.accumulateAndGet(call.now(), (before, now) -> before == null ? now : before);
        if (isReady(call)) {
            // Asked once more, since it may have become ready in between.
            if (!call.meets("refused " + answer)) {
                throw rejected(call, answer);
            }
        } else if (since != null && since.plus(STARTING).isBefore(call.now())) {
            throw rejected(call, answer);
        }
        return new Problem("answered " + answer + ", as a server does that starts", PAUSE, null);
    }

    private static RuntimeException rejected(Call call, Answer answer) {
        return call.rejected(
                answer.status == UNAUTHORIZED
                        ? "the API server does not know who asks: " + answer + "; check the token or certificate"
                        : "a right is missing: " + answer + "; the module's rbac folder has the roles that are needed",
                null);
    }

    private boolean isReady(Call call) {
        try {
            return await(send(call, "GET", "/readyz", JSON, null)).status == OK;
        } catch (Unanswered e) {
            return false;
        }
    }

    private Sent send(Call call, String method, String path, String type, @Nullable String body) {
        Route route = connection.route();
        URI server = route.server();
        // Of several servers each gets its share of the time.
        Call share = call.until(call.now().plus(route.share(call.left())));
        HttpClient http = connection.client().getHttpClient();
        HttpRequest.Builder request = http.newHttpRequestBuilder()
                .uri(server + path)
                .timeout(Math.max(1, share.left().toMillis()), TimeUnit.MILLISECONDS);
        if (body != null) {
            request.method(method, type, body);
        }
        return new Sent(share, server, http.sendAsync(request.build(), String.class));
    }

    private Answer await(Sent sent) throws Unanswered {
        try {
            return Answer.of(sent.response.get(Math.max(0, sent.call.left().toNanos()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            sent.response.cancel(true);
            connection.route().failed(sent.server);
            throw new Unanswered("none in time", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            connection.route().failed(sent.server);
            for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
                // Not every handshake that fails: a server that ends breaks it off as well.
                if (inner instanceof CertificateException) {
                    throw sent.call.rejected(
                            "no TLS connection to the API server: " + inner.getMessage()
                                    + "; check cacert or kubeconfig",
                            cause);
                }
            }
            throw new Unanswered(String.valueOf(cause.getMessage()), cause);
        } catch (InterruptedException e) {
            sent.response.cancel(true);
            Thread.currentThread().interrupt();
            throw new Unanswered("interrupted", e);
        }
    }

    /**
     * A request under way.
     *
     * @param call with the time that this server has for it
     */
    private record Sent(Call call, URI server, CompletableFuture<HttpResponse<String>> response) {}

    /** What the server said. */
    record Answer(int status, JsonNode body, Optional<Duration> retryAfter) {
        private static final int LONGEST = 300;

        private static Answer of(HttpResponse<String> response) {
            String text = Optional.ofNullable(response.body()).orElse("");
            Optional<ObjectNode> body = Json.parseObject(text);
            return new Answer(
                    response.code(),
                    body.orElseGet(() ->
                            Json.object().put("message", text.substring(0, Math.min(LONGEST, text.length())))),
                    Optional.ofNullable(response.header("Retry-After"))
                            .filter(seconds -> seconds.matches("[0-9]{1,4}"))
                            .map(seconds -> Duration.ofSeconds(Math.max(1, Long.parseLong(seconds)))));
        }

        boolean isDone() {
            return status < REDIRECT;
        }

        String reason() {
            return body.path("reason").asText();
        }

        @Override
        public String toString() {
            return status + ": " + body.path("message").asText();
        }
    }

    private record Problem(
            String what, Duration pause, @Nullable Throwable cause) {}

    /** The server did not answer. */
    private static final class Unanswered extends Exception {
        Unanswered(String message, Throwable cause) {
            super(message, cause);
        }

        /** Whether there was no connection that the request could have gone over. */
        boolean surelyUnsent() {
            for (Throwable inner = getCause(); inner != null; inner = inner.getCause()) {
                if (inner instanceof ConnectException
                        || inner instanceof UnresolvedAddressException
                        || inner instanceof SSLHandshakeException) {
                    return true;
                }
            }
            return false;
        }
    }
}

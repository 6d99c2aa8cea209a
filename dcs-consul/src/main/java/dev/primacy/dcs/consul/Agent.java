// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.consul.Requests.Attempt;
import dev.primacy.time.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.kiwiproject.consul.Consul;

/**
 * The connections to one agent of Consul, shared by all sessions. Each request runs on a thread of its own, so that whoever
 * waits for it can stop waiting. Closed when its last user has let go.
 */
final class Agent {
    private final Options options;
    private final MonotonicClock clock;
    private final Requests requests = new Requests();
    private final AtomicInteger threads = new AtomicInteger();
    private final AtomicInteger users = new AtomicInteger(1);
    private final ExecutorService workers;
    private final Consul consul;

    Agent(Options options, MonotonicClock clock) {
        this.options = options;
        this.clock = clock;
        this.workers = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "consul-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        Consul.Builder builder = Consul.builder()
                .withUrl(options.url())
                .withPing(false)
                .withExecutorService(workers)
                .withConsulFailoverInterceptor(requests);
        options.token().ifPresent(builder::withTokenAuth);
        options.tls().ifPresent(tls -> tls.applyTo(builder));
        this.consul = builder.build();
    }

    Options options() {
        return options;
    }

    MonotonicClock clock() {
        return clock;
    }

    Call call(String doing, String key, Duration timeout) {
        return new Call(doing + " " + key, options.url(), clock, timeout);
    }

    /** Asks something that changes nothing. */
    <T> T read(Call call, Function<Consul, T> request) {
        return run(call, false, request);
    }

    /** Asks something that may change something. */
    <T> T write(Call call, Function<Consul, T> request) {
        return run(call, true, request);
    }

    private <T> T run(Call call, boolean writes, Function<Consul, T> request) {
        Duration left = call.left();
        if (left.isNegative() || left.isZero()) {
            throw call.unanswered(false, "no answer to what came before", null);
        }
        // A connection of many requests is found to be dead only by a request that waits in vain by itself.
        Attempt attempt = new Attempt(left.multipliedBy(9).dividedBy(10));
        try {
            Future<T> answer = workers.submit(() -> requests.run(attempt, () -> request.apply(consul)));
            return answer.get(left.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            attempt.cancel();
            throw call.unanswered(writes && attempt.hasBegun(), "no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            attempt.cancel();
            throw call.unanswered(writes && attempt.hasBegun(), "interrupted; no answer", e);
        } catch (RejectedExecutionException e) {
            throw call.unanswered(false, "closed; no answer", e);
        } catch (ExecutionException e) {
            throw Errors.of(call, writes, e.getCause());
        }
    }

    /** One more user. */
    void retain() {
        if (users.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
            throw new IllegalStateException("the client of Consul at " + options.url() + " is closed");
        }
    }

    /** One user less. */
    void release() {
        if (users.decrementAndGet() == 0) {
            consul.destroy();
        }
    }
}

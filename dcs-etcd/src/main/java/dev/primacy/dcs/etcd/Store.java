// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.time.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What all sessions of one client share. May be used by any thread. */
final class Store {
    private final MonotonicClock clock;
    private final Endpoints endpoints;
    private final Guard guard = new Guard();
    private final Credentials credentials;
    private final Membership membership;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Runnable upkeep = () -> {};

    Store(Options options, Endpoints endpoints, Membership membership, MonotonicClock clock) {
        this.clock = clock;
        this.endpoints = endpoints;
        this.membership = membership;
        this.credentials = new Credentials(options.login());
    }

    static Store of(Options options, MonotonicClock clock) {
        Endpoints endpoints = new Endpoints(TlsCredentials.of(options.tls()));
        return new Store(options, endpoints, new Membership(options, endpoints, new SrvLookup()), clock);
    }

    MonotonicClock clock() {
        return clock;
    }

    Endpoints endpoints() {
        return endpoints;
    }

    Guard guard() {
        return guard;
    }

    Credentials credentials() {
        return credentials;
    }

    Membership membership() {
        return membership;
    }

    /** Called when there is something to look after, by any thread; must not block. */
    void onUpkeepNeeded(Runnable action) {
        upkeep = action;
    }

    void wakeUpkeep() {
        upkeep.run();
    }

    /** Waits until at least one server is known. */
    void awaitEndpoints(Call call) {
        if (isClosed()) {
            throw call.unreachable("closed", null);
        }
        if (endpoints.all().isEmpty()) {
            membership.resolve(call);
        }
    }

    void failed(Endpoint endpoint) {
        endpoints.failed(endpoint);
        endpoint.reconnect();
        wakeUpkeep();
    }

    /** Lets a moment pass, so that servers that refuse are not flooded. */
    void pause(Duration time) throws InterruptedException {
        boolean unused = closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    void close() {
        closed.countDown();
        endpoints.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import io.grpc.ChannelCredentials;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The servers, best first: one that failed goes to the end. May be used by any thread. */
final class Endpoints {
    private final ChannelCredentials tls;
    private volatile List<Endpoint> order = List.of();
    private boolean closed;

    Endpoints(ChannelCredentials tls) {
        this.tls = tls;
    }

    /** Best first; empty until {@link #set} was called. */
    List<Endpoint> all() {
        return order;
    }

    /** The best one of those that were not tried. */
    Endpoint next(Set<Endpoint> tried) {
        List<Endpoint> now = order;
        return now.stream()
                .filter(endpoint -> !tried.contains(endpoint))
                .findFirst()
                .orElseGet(() -> now.get(0));
    }

    /** Knows these from now on; keeps connections and order of those that stay. */
    synchronized void set(Collection<Address> addresses) {
        if (closed) {
            return;
        }
        Map<Address, Endpoint> now = new LinkedHashMap<>();
        order.forEach(endpoint -> now.put(endpoint.address(), endpoint));
        order.stream()
                .filter(endpoint -> !addresses.contains(endpoint.address()))
                .forEach(Endpoint::close);
        now.keySet().retainAll(addresses);
        addresses.forEach(address -> now.computeIfAbsent(address, added -> new Endpoint(added, tls)));
        order = List.copyOf(now.values());
    }

    /** Others are to be tried before this one. */
    synchronized void failed(Endpoint endpoint) {
        if (order.contains(endpoint)) {
            List<Endpoint> now = new ArrayList<>(order);
            now.remove(endpoint);
            now.add(endpoint);
            order = List.copyOf(now);
        }
    }

    synchronized void close() {
        closed = true;
        order.forEach(Endpoint::close);
    }

    @Override
    public String toString() {
        return order.stream()
                .map(endpoint -> endpoint.address().toString())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}

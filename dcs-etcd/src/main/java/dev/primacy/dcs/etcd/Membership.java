// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.etcd.Options.Srv;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which servers there are: those in the configuration, in DNS, and those that the store names. */
final class Membership {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final Options options;
    private final Endpoints endpoints;
    private final SrvLookup dns;
    private final AtomicReference<@Nullable CompletableFuture<List<Address>>> lookup = new AtomicReference<>();
    private volatile List<Address> configured;

    Membership(Options options, Endpoints endpoints, SrvLookup dns) {
        this.options = options;
        this.endpoints = endpoints;
        this.dns = dns;
        this.configured = options.hosts();
        endpoints.set(configured);
    }

    /** Asks DNS, for as long as the call has time. */
    void resolve(Call call) {
        Srv srv = options.srv().orElseThrow();
        CompletableFuture<List<Address>> asked = new CompletableFuture<>();
        CompletableFuture<List<Address>> other = lookup.compareAndExchange(null, asked);
        if (other == null) {
            ask(srv, asked);
        }
        try {
            List<Address> found =
                    (other == null ? asked : other).get(Math.max(0, call.left().toNanos()), TimeUnit.NANOSECONDS);
            if (found.isEmpty()) {
                throw call.unreachable("DNS names no etcd servers of " + srv.domain(), null);
            }
            know(found);
        } catch (TimeoutException | ExecutionException e) {
            throw call.unreachable("asking DNS for the servers of " + srv.domain() + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw call.unreachable("interrupted while asking DNS", e);
        }
    }

    /** On a thread of its own, since DNS keeps no timeout of ours. */
    private void ask(Srv srv, CompletableFuture<List<Address>> answer) {
        Thread thread = new Thread(
                () -> {
                    try {
                        List<Address> found = dns.servers(srv);
                        lookup.set(null);
                        answer.complete(found);
                    } catch (NamingException | RuntimeException e) {
                        lookup.set(null);
                        answer.completeExceptionally(e);
                    }
                },
                "etcd-dns");
        thread.setDaemon(true);
        thread.start();
    }

    private void know(List<Address> found) {
        configured = found;
        Set<Address> all = new LinkedHashSet<>(found);
        endpoints.all().forEach(endpoint -> all.add(endpoint.address()));
        endpoints.set(all);
    }

    /** Learns what has changed since. */
    void refresh(Call call) {
        if (options.srv().isPresent()) {
            resolve(call);
        }
        if (!options.discovery()) {
            endpoints.set(configured);
            return;
        }
        Set<Address> all = new LinkedHashSet<>();
        call.ask(Request.members()).value().getMembersList().stream()
                // A learner serves nothing yet.
                .filter(member -> !member.getIsLearner())
                .flatMap(member -> member.getClientURLsList().stream())
                .flatMap(url -> address(url).stream())
                .forEach(all::add);
        all.addAll(configured);
        List<Address> before = endpoints.all().stream().map(Endpoint::address).toList();
        if (!all.equals(Set.copyOf(before))) {
            LOG.info("etcd's servers are now {}; before: {}", all, before);
            endpoints.set(all);
        }
    }

    /** Only of the protocol that is configured: a password must not go out in the clear because a member says so. */
    private Optional<Address> address(String url) {
        try {
            return Address.of(new URI(url))
                    .filter(found -> configured.stream().anyMatch(known -> known.secure() == found.secure()));
        } catch (URISyntaxException e) {
            // A socket of the member's own host, for example; no other host can use it.
            return Optional.empty();
        }
    }
}

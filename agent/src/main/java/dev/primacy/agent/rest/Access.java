// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import dev.primacy.agent.config.AgentConfig.Credentials;
import dev.primacy.agent.config.AgentConfig.Rest;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.MemberRecord;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may change something: by address, if a list names any, and by name and password, if any is asked for. */
final class Access {
    private static final Logger LOG = LoggerFactory.getLogger(Access.class);

    private Access() {}

    /** Why a caller is turned away; empty if it is not. */
    static Optional<Answer> refusal(
            Rest rest, InetAddress caller, @Nullable String authorization, Optional<Snapshot> cluster) {
        boolean restricted = !rest.allowlist().isEmpty() || rest.allowlistIncludesMembers();
        if (restricted && !isListed(rest, caller, cluster)) {
            return Optional.of(Answer.text(403, "Access is denied"));
        }
        return rest.authentication().flatMap(wanted -> unauthenticated(wanted, authorization));
    }

    private static boolean isListed(Rest rest, InetAddress caller, Optional<Snapshot> cluster) {
        Stream<String> members =
                rest.allowlistIncludesMembers() ? cluster.stream().flatMap(Access::memberHosts) : Stream.empty();
        return Stream.concat(rest.allowlist().stream(), members).anyMatch(entry -> covers(entry, caller));
    }

    private static Stream<String> memberHosts(Snapshot cluster) {
        ClusterView view = ClusterView.of(cluster);
        return view.members().keySet().stream()
                .flatMap(name -> view.member(name).stream())
                .map(MemberRecord::apiUrl)
                .flatMap(url -> host(url).stream());
    }

    private static Optional<String> host(String url) {
        try {
            return Optional.ofNullable(URI.create(url).getHost());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether {@code entry}, a host, an address or a network such as {@code 10.0.0.0/8}, has {@code caller} in it. */
    private static boolean covers(String entry, InetAddress caller) {
        String[] parts = entry.split("/", 2);
        try {
            List<InetAddress> networks = List.of(InetAddress.getAllByName(parts[0]));
            return networks.stream()
                    .anyMatch(network -> parts.length == 1
                            ? network.equals(caller)
                            : sharesPrefix(network.getAddress(), caller.getAddress(), Integer.parseInt(parts[1])));
        } catch (UnknownHostException | NumberFormatException e) {
            LOG.warn("restapi.allowlist: '{}' is no host, address or network, so it lets nobody in", entry);
            return false;
        }
    }

    private static boolean sharesPrefix(byte[] network, byte[] address, int bits) {
        int whole = bits / Byte.SIZE;
        if (network.length != address.length || bits < 0 || bits > network.length * Byte.SIZE) {
            return false;
        }
        int rest = bits % Byte.SIZE;
        int mask = 0xFF << (Byte.SIZE - rest);
        return Arrays.equals(network, 0, whole, address, 0, whole)
                && (rest == 0 || (network[whole] & mask) == (address[whole] & mask));
    }

    private static Optional<Answer> unauthenticated(Credentials wanted, @Nullable String header) {
        if (header == null) {
            return Optional.of(Answer.text(401, "no auth header received"));
        }
        byte[] expected = wanted.header().getBytes(StandardCharsets.UTF_8);
        // In constant time: an answer that comes sooner for a wrong first letter gives the password away.
        return MessageDigest.isEqual(expected, header.getBytes(StandardCharsets.UTF_8))
                ? Optional.empty()
                : Optional.of(Answer.text(401, "not authenticated"));
    }
}

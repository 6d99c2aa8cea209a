// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a server listens.
 *
 * @param host name or address; IPv6 without brackets
 * @param port TCP port
 */
public record Address(String host, int port) {
    private static final int POSTGRES_PORT = 5432;
    private static final Memo<Optional<Address>> OF_URL = new Memo<>(Address::read);
    private static final Pattern BRACKETS = Pattern.compile("^\\[|]$");

    public Address {
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("not an address: " + JsonObject.shown(host) + " port " + port);
        }
    }

    /**
     * Reads {@code host:port}, {@code host} or {@code [v6]:port}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static Address parse(String text) {
        return ofUrl("postgres://" + text)
                .orElseThrow(() -> new IllegalArgumentException("not host:port: " + JsonObject.shown(text)));
    }

    /** The host and port of a URL; empty if there is no host in it. */
    static Optional<Address> ofUrl(String url) {
        return OF_URL.of(url);
    }

    private static Optional<Address> read(String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() == null) {
                return Optional.empty();
            }
            String host = BRACKETS.matcher(uri.getHost()).replaceAll("");
            return Optional.of(new Address(host, uri.getPort() < 0 ? POSTGRES_PORT : uri.getPort()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@code host:port}, IPv6 in brackets. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a server listens for clients.
 *
 * @param host a name or an address, without brackets
 * @param secure whether TLS is spoken there
 */
record Address(String host, int port, boolean secure) {
    private static final int DEFAULT_PORT = 2379;
    private static final int HIGHEST_PORT = 65_535;
    private static final Pattern TEXT = Pattern.compile("(?:\\[([^\\]\\s]+)]|([^\\[\\]:,/\\s]+))(?::([0-9]{1,5}))?");

    /** From {@code host}, {@code host:port} or {@code [address]:port}. */
    static Optional<Address> parse(String text, boolean secure) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = matcher.group(3) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(3));
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return port == 0 || port > HIGHEST_PORT ? Optional.empty() : Optional.of(new Address(host, port, secure));
    }

    static Optional<Address> of(URI url) {
        String host = url.getHost();
        return host == null
                ? Optional.empty()
                : Optional.of(new Address(
                        host.replaceAll("[\\[\\]]", ""),
                        url.getPort() < 0 ? DEFAULT_PORT : url.getPort(),
                        "https".equals(url.getScheme())));
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}

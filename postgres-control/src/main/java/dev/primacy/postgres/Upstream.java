// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.util.Optional;

/**
 * A server to copy from, to follow or to rewind against. Credentials are those of the settings.
 *
 * @param host name or address
 * @param port TCP port
 * @param slot the physical replication slot to stream through; none streams without
 */
public record Upstream(String host, int port, Optional<String> slot) {
    @Override
    public String toString() {
        return host + ":" + port;
    }
}

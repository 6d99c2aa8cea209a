// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench.failover;

import java.util.List;
import java.util.Optional;

/**
 * An agent that is measured.
 *
 * @param name in the table
 * @param command that runs it
 * @param owner the user it runs as; empty: that of this process
 */
record Candidate(String name, List<String> command, Optional<String> owner) {
    static final String OURS = "primacy";
    static final String PEER = "patroni";

    boolean isOurs() {
        return name.equals(OURS);
    }
}

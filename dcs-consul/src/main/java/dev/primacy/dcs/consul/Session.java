// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.time.MonotonicInstant;

/** A session as Consul granted it. */
final class Session {
    private final String id;
    private volatile MonotonicInstant proven;

    Session(String id, MonotonicInstant created) {
        this.id = id;
        this.proven = created;
    }

    String id() {
        return id;
    }

    /** Consul surely counts the session's time from here, or from later. */
    MonotonicInstant proven() {
        return proven;
    }

    void proven(MonotonicInstant from) {
        proven = from;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.ForwardingDcs;
import dev.primacy.dcs.Lock;
import java.time.Duration;
import java.util.Optional;

/** A session that does what another one does; a mutant overrides what it gets wrong. */
public abstract class Forwarding extends ForwardingDcs {
    protected final MemoryFixture fixture;

    protected Forwarding(Dcs right, MemoryFixture fixture) {
        super(right);
        this.fixture = fixture;
    }

    /** Who holds the lock now, if anybody. */
    final Optional<Lock> leader(Duration timeout) {
        return delegate.snapshot(timeout).leader();
    }
}

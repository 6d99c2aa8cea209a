// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.dcs.record.Address;
import dev.primacy.time.Loop;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member whose owner waits for its cluster's store does not act on what that one said before. */
final class SpeakerTest {
    private static final Duration TTL = Seen.CONFIG.timing().ttl();

    private final MemoryStore store = new MemoryStore(() -> Seen.NOW);
    private final Dcs earlier = store.open("a0", TTL);
    private final Dcs session = store.open("a1", TTL);
    private final Map<String, Loop.Step> steps = new HashMap<>();
    private final Multisite multisite =
            new Multisite(Seen.CONFIG, session, () -> Seen.NOW, InstantSource.system(), this::start);
    private boolean holdsLocalLock;
    private long heldSince;

    private Loop start(String name, Loop.Step step) {
        steps.put(name, step);
        return new Loop() {
            @Override
            public void wake() {}

            @Override
            public void close() {}
        };
    }

    @BeforeEach
    void anEarlierMemberOfTheSiteHasTheSiteLease() {
        earlier.acquire(new LockClaim("a", Optional.empty(), List.of()), TTL);
        multisite.speakWhile(term -> term >= heldSince && holdsLocalLock);
        report(0);
    }

    private void report(long term) {
        SiteFacts facts = SiteFacts.service("a1", new Address("a1", 5432), "7000000000000000001", true);
        multisite.report(new SiteFacts(
                facts.member(),
                Optional.of(term),
                facts.address(),
                facts.systemIdentifier(),
                facts.position(),
                facts.primary(),
                facts.stopped(),
                facts.followers()));
    }

    @AfterEach
    void close() {
        multisite.close();
        session.close();
        earlier.close();
    }

    @Test
    void whoHasLostItsLocalLockLeavesTheSiteLeaseWhereItIs() throws Exception {
        rounds();
        assertThat(store.open("reader", TTL)
                        .snapshot(TTL)
                        .leader()
                        .orElseThrow()
                        .session())
                .startsWith("a0");
        assertThat(multisite.lease()).isEmpty();
    }

    @Test
    void whoHoldsItInheritsTheSiteLease() throws Exception {
        holdsLocalLock = true;
        rounds();
        assertThat(multisite.lease()).isPresent();
        holdsLocalLock = false;
        rounds();
        assertThat(multisite.lease()).as("given up with the local lock").isEmpty();
    }

    /** Another member may have had both locks meanwhile, and may have released the site's, for another site to take. */
    @Test
    void whoGotItBackDoesNotRelyOnTheSiteLeaseOfBefore() throws Exception {
        holdsLocalLock = true;
        rounds();
        Lease before = multisite.lease().orElseThrow();
        heldSince = 1;
        assertThat(multisite.lease()).isEmpty();
        assertThat(multisite.standing()).isNotInstanceOf(SiteStanding.Leader.class);
        report(1);
        assertThat(multisite.lease()).isEmpty();
        rounds();
        assertThat(multisite.lease().orElseThrow().lock().term())
                .isGreaterThan(before.lock().term());
    }

    private void rounds() throws Exception {
        for (int i = 0; i < 5; i++) {
            Objects.requireNonNull(steps.get("site")).run();
        }
    }
}

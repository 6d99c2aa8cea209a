// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.ForwardingDcs;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.multisite.SiteDecision.Write;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.multisite.SiteStanding.Unknown;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class SiteObserverTest {
    private static final Optional<Lease> LEASE =
            Optional.of(new Lease(Seen.OF_A1, Seen.NOW.plus(Duration.ofSeconds(1))));
    private static final Optional<Lease> NEXT_LEASE =
            Optional.of(new Lease(Seen.OF_A2, Seen.NOW.plus(Duration.ofSeconds(1))));
    private static final HandingOver HANDS_OVER = new HandingOver("b", Optional.of("b1"));

    private final Dcs store =
            new MemoryStore(() -> Seen.NOW).open("a1", Seen.CONFIG.timing().ttl());
    private final SiteObserver observer = new SiteObserver(Seen.CONFIG, store, () -> Seen.NOW);

    @Test
    void stopStaysToldWhenTheLeaseEndsAndALateAnswerBringsItBack() {
        assertThat(stopTold(LEASE)).isFalse();
        observer.writing(write("{\"target_site\":\"b\"}"), LEASE);
        assertThat(stopTold(LEASE)).isTrue();
        assertThat(stopTold(Optional.empty())).isFalse();
        assertThat(stopTold(LEASE)).isTrue();
    }

    @Test
    void stopThatWasSurelyTakenBackIsNotTold() {
        observer.writing(write("{\"target_site\":\"b\"}"), LEASE);
        observer.writing(write(SiteSwitchover.NONE), LEASE);
        assertThat(stopTold(LEASE)).isTrue();
        observer.written(write(SiteSwitchover.NONE));
        assertThat(stopTold(LEASE)).isFalse();
    }

    @Test
    void stopOfAnEarlierTenureWasTakenBackByTheNextClaim() {
        observer.writing(write("{\"target_site\":\"b\"}"), LEASE);
        assertThat(stopTold(NEXT_LEASE)).isFalse();
    }

    /** Of one that lost its local lock while the store was asked, it would be believed that it speaks for its site. */
    @Test
    void whatIsKnownHereIsReadAfterTheGroup() {
        AtomicBoolean asked = new AtomicBoolean();
        Dcs told = new ForwardingDcs(store) {
            @Override
            public Snapshot snapshot(Duration timeout) {
                asked.set(true);
                return super.snapshot(timeout);
            }
        };
        new SiteObserver(Seen.CONFIG, told, () -> Seen.NOW)
                .observe(
                        () -> {
                            assertThat(asked).isTrue();
                            return Seen.standby().observation().facts();
                        },
                        new Unknown("just started"),
                        Optional::empty);
    }

    private boolean stopTold(Optional<Lease> lease) {
        return observer.observe(() -> Seen.standby().observation().facts(), new Unknown("just started"), () -> lease)
                .stopTold();
    }

    private static Write write(String value) {
        return new Write(RecordWrite.over(Optional.empty(), RecordKey.FAILOVER, value), "a test", HANDS_OVER);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clocks on walls show is of no matter. */
class ClocksTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TTL = Duration.ofSeconds(20);
    private static final Instant START = Instant.parse("2026-06-01T12:00:00Z");

    /** Time that passes is the same for both, and passes when it is told to. */
    private final AtomicReference<MonotonicInstant> time = new AtomicReference<>(new MonotonicInstant(1));

    private MonotonicInstant now() {
        return Objects.requireNonNull(time.get());
    }

    private void pass(Duration passing) {
        time.set(now().plus(passing));
    }

    private Dcs open(Cluster cluster, String name, InstantSource wall) {
        var server = cluster.servers().addresses().get(0);
        return new KubernetesProvider(wall, new Random())
                .open(
                        new DcsClient.Scope("/service/demo", name, TTL),
                        cluster.section(server.getHostString() + ":" + server.getPort(), Map.of()),
                        this::now);
    }

    /** The holder's clock stands, goes back and leaps, and the other's is nine hours behind. */
    @ParameterizedTest
    @EnumSource
    void aHolderLivesForAsLongAsItRenewsAndNoLongerWhateverItsClockShows(Kind kind) {
        Cluster cluster = new Cluster(Cluster.one(), kind);
        AtomicLong shown = new AtomicLong();
        try (Dcs holder = open(cluster, "a", () -> START.plus(Duration.ofHours(shown.get())));
                Dcs other = open(cluster, "b", () -> START.minus(Duration.ofHours(9)))) {
            Lock lock = ((AcquireOutcome.Acquired) holder.acquire(LockClaim.free("pg1"), TIMEOUT)).lock();
            for (int hours : List.of(0, 0, -5, 12, -7, 0, 3)) {
                shown.addAndGet(hours);
                assertThat(other.snapshot(TIMEOUT).leader()).hasValue(lock);
                assertThat(other.acquire(LockClaim.free("pg2"), TIMEOUT)).isInstanceOf(AcquireOutcome.Refused.class);
                pass(TTL.dividedBy(2));
                assertThat(holder.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
            }
            shown.set(-24);
            assertThat(other.snapshot(TIMEOUT).leader()).hasValue(lock);
            pass(TTL.minusMillis(1));
            shown.set(24);
            assertThat(other.acquire(LockClaim.free("pg2"), TIMEOUT)).isInstanceOf(AcquireOutcome.Refused.class);
            pass(Duration.ofMillis(1));
            AcquireOutcome outcome = other.acquire(LockClaim.free("pg2"), TIMEOUT);
            assertThat(((AcquireOutcome.Acquired) outcome).lock().term()).isGreaterThan(lock.term());
            assertThat(holder.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Lost.class);
        }
    }
}

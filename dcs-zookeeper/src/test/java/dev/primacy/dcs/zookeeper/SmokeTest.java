// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.*;
import dev.primacy.dcs.DcsProvider.Scope;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import java.time.Duration;
import java.util.*;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmokeTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void works(int n) {
        MonotonicClock clock = BootClock.system();
        Duration t = Duration.ofSeconds(10);
        try (EmbeddedZooKeeper zk = EmbeddedZooKeeper.start(n)) {
            Map<String, Object> section = Map.of("hosts", zk.connectString(), "tick_time", 500);
            try (Dcs a = DcsProvider.named("zookeeper")
                            .open(new Scope("/service/demo", "a", Duration.ofSeconds(3)), section, clock);
                    Dcs b = DcsProvider.named("zookeeper")
                            .open(new Scope("/service/demo", "b", Duration.ofSeconds(3)), section, clock)) {
                var t0 = clock.now();
                System.err.println(a.snapshot(t) + " " + a.capabilities() + " after " + t0.until(clock.now()));
                a.register("a", "{}", t);
                t0 = clock.now();
                var acquired = (AcquireOutcome.Acquired) a.acquire(LockClaim.free("a"), t);
                System.err.println(acquired + " age " + acquired.proven().until(t0) + " took " + t0.until(clock.now()));
                assertThat(b.acquire(LockClaim.free("b"), t)).isInstanceOf(AcquireOutcome.Refused.class);
                for (int i = 0; i < 400; i++) {
                    t0 = clock.now();
                    var r = (RenewOutcome.Renewed) a.renew(acquired.lock(), Optional.of("1" + i), t);
                    if (i % 50 == 0)
                        System.err.println("age " + r.proven().until(t0) + " took " + t0.until(clock.now()));
                }
                System.err.println(b.snapshot(t));
                assertThat(b.snapshot(t).isHeldBy(acquired.lock())).isTrue();
                System.err.println(b.acquire(new LockClaim("b", Optional.of(acquired.lock()), List.of()), t));
                System.err.println(a.renew(acquired.lock(), Optional.empty(), t));
                t0 = clock.now();
                a.close();
                System.err.println("close took " + t0.until(clock.now()));
                System.err.println(b.snapshot(t));
            }
        }
    }
}

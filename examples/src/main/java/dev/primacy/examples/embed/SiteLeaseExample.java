// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.embed;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.dcs.record.Address;
import dev.primacy.multisite.Multisite;
import dev.primacy.multisite.SiteConfig;
import dev.primacy.multisite.SiteFacts;
import dev.primacy.time.BootClock;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** A billing service that runs in several sites and may work in one of them only. The README shows its method. */
final class SiteLeaseExample {
    private SiteLeaseExample() {}

    static void billInOneSiteOnly(String site, String zooKeeper, Billing billing) throws InterruptedException {
        LeaseTiming timing = LeaseTiming.of(Duration.ofSeconds(10), Duration.ofSeconds(1), Duration.ofSeconds(3));
        MonotonicClock clock = BootClock.system();
        Dcs store = DcsProvider.named("zookeeper")
                .open(new DcsClient.Scope("/multisite/billing", site, timing.ttl()), Map.of("hosts", zooKeeper), clock);
        ThreadLoops loops = new ThreadLoops((loop, problem) -> billing.report(loop + ": " + problem));
        try (store;
                Multisite sites =
                        new Multisite(SiteConfig.of(site, timing), store, clock, InstantSource.system(), loops)) {
            while (billing.isOpen()) {
                Optional<MonotonicInstant> until = sites.leaderUntil();
                sites.report(SiteFacts.service(
                        "host-of-" + site, new Address("10.0.0.1", 8080), "20261121000001", until.isPresent()));
                if (until.isPresent()) {
                    billing.workAtMostUntil(until.get());
                } else {
                    billing.rest(Duration.ofMillis(100));
                }
            }
        }
    }

    /** What the service does. */
    interface Billing {
        boolean isOpen();

        void workAtMostUntil(MonotonicInstant deadline) throws InterruptedException;

        void rest(Duration duration) throws InterruptedException;

        void report(String problem);
    }
}

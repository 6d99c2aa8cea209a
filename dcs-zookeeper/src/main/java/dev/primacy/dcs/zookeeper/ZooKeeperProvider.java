// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.time.MonotonicClock;
import java.util.Map;

/**
 * The section {@code zookeeper}: {@code hosts} is a list or a comma separated text of {@code host:port}; {@code tick_time}
 * is the servers' {@code tickTime} in milliseconds, 2000 if not given. A {@code tick_time} below the servers' own would make
 * leases count too long.
 */
public final class ZooKeeperProvider implements DcsProvider {
    /** Called by the service loader. */
    public ZooKeeperProvider() {}

    @Override
    public String name() {
        return "zookeeper";
    }

    @Override
    public DcsClient connect(Map<String, Object> section, MonotonicClock clock) {
        Options options = Options.of(section);
        return new DcsClient() {
            @Override
            public Dcs open(Scope scope) {
                return new ZooKeeperDcs(new Connection(scope, options, clock));
            }

            @Override
            public void close() {}
        };
    }
}

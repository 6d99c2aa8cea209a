// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import dev.primacy.dcs.zookeeper.EmbeddedZooKeeper;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import java.nio.file.Path;
import java.time.Duration;

/** A group with a store of its own, and short leases. Nothing is started but the store. */
final class TestGroup implements AutoCloseable {
    static final Duration SITE_TTL = Duration.ofSeconds(14);
    static final Duration LOCAL_TTL = Duration.ofSeconds(8);

    final MonotonicClock clock = BootClock.system();
    final Await await = new Await(clock);
    final EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(1);
    final Group group;

    /**
     * Lays out a group.
     *
     * @param name for the folder of the logs
     */
    TestGroup(String name) {
        GroupSettings settings = GroupSettings.of(
                        RequiresAgents.CHECKOUT, Path.of("target", name).toAbsolutePath())
                .withTtls(SITE_TTL, LOCAL_TTL);
        group = Group.create(settings, zooKeeper.connectString(), clock);
    }

    @Override
    public void close() {
        try (zooKeeper) {
            group.close();
        }
    }
}

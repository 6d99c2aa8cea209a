// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.record.FailoverRecord;
import dev.primacy.postgres.Upstream;
import dev.primacy.simulation.postgres.Server;
import dev.primacy.simulation.store.Store;
import dev.primacy.time.LeaseTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One cluster: its nodes, its own store, and what people have configured there last. */
final class Site {
    final String name;
    final int number;
    final Store store;
    final List<Node> nodes = new ArrayList<>();
    final OtherCluster other;
    private final Settings settings;
    private LeaseTiming timing;
    private boolean paused;
    private Duration longestTtl;
    private Optional<Upstream> followed = Optional.empty();

    Site(String name, int number, Store store, World world) {
        this.name = name;
        this.number = number;
        this.store = store;
        this.settings = world.settings;
        this.other =
                new OtherCluster(world, this, new Server(OtherCluster.HOST, OtherCluster.MACHINE, world, world.time));
        this.timing = settings.cluster();
        this.longestTtl = timing.ttl();
    }

    Duration ttl() {
        return timing.ttl();
    }

    /** The longest that it has had. */
    Duration longestTtl() {
        return longestTtl;
    }

    void pause(boolean now) {
        paused = now;
        configure();
    }

    void time(LeaseTiming now) {
        timing = now;
        longestTtl = now.ttl().compareTo(longestTtl) > 0 ? now.ttl() : longestTtl;
        configure();
    }

    /** The primary of another cluster. */
    void follow(Optional<Upstream> other) {
        followed = other;
        configure();
    }

    /** For another leader. */
    void ask(FailoverRecord request) {
        store.put(RecordKey.FAILOVER, request.encode());
    }

    /** A failover to this member, whatever it lacks. */
    void askFor(Node member) {
        ask(FailoverRecord.of(Optional.empty(), Optional.of(member.name), Optional.empty()));
    }

    private void configure() {
        store.put(RecordKey.CONFIG, settings.config(timing, paused, followed));
    }

    @Override
    public String toString() {
        return name;
    }
}

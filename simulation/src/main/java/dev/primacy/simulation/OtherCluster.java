// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.dcs.Lock;
import dev.primacy.postgres.Upstream;
import dev.primacy.simulation.postgres.Server;
import dev.primacy.simulation.postgres.Server.Mode;
import dev.primacy.simulation.postgres.Wal;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The primary of another cluster, and the people who let it and a site that is alone lead by turns, with
 * {@code standby_cluster}. They do as they are told to: one is promoted only when the other shows that it follows and accepts no
 * writes, and has all that was written. Nothing befalls it.
 */
final class OtherCluster {
    static final String HOST = "other";
    /** None that troubles know. */
    static final int MACHINE = -1;

    private static final Upstream ADDRESS = new Upstream(HOST, Agent.PORT, Optional.empty());
    private static final long LOOK = Duration.ofSeconds(1).toNanos();

    /** How often they look, after which they look for the reason. */
    private static final int PATIENCE = 30;

    private final World world;
    private final Site site;
    private final Server server;
    private boolean turn;
    private long since;
    private boolean looks;
    private int looksInVain;

    OtherCluster(World world, Site site, Server server) {
        this.world = world;
        this.site = site;
        this.server = server;
    }

    Server server() {
        return server;
    }

    /** It is to lead until then. */
    void takeTurn(long until) {
        turn = true;
        since = world.time.now();
        site.follow(Optional.of(ADDRESS));
        world.time.at(until, () -> turn = false);
        if (!looks) {
            looks = true;
            look();
        }
    }

    private void look() {
        if (turn && server.mode() == Mode.NO_DATA && siteFollows()) {
            takeOver();
        } else if (turn && server.mode() == Mode.STOPPED) {
            // Asked again before it had handed back what it wrote: the site still follows.
            server.startAgain();
        } else if (!turn && server.mode() == Mode.PRIMARY) {
            server.endInOrder();
        } else if (!turn && server.mode() != Mode.STOPPING) {
            handBack();
        }
        if (looks) {
            world.time.at(world.time.now() + LOOK, this::look);
        }
    }

    /** By its leader's own answer; what it published before may be of the last turn. */
    private boolean siteFollows() {
        return world.groupStore.isEmpty()
                && site.nodes.stream().noneMatch(node -> node.server().mode() == Mode.PRIMARY)
                && leader().filter(node -> node.agent()
                                .flatMap(agent -> agent.ha.view())
                                .filter(view -> view.role().equals("standby_leader"))
                                .filter(view -> node.realTime(view.seen().now()) > since)
                                .isPresent())
                        .isPresent();
    }

    private Optional<Node> leader() {
        return world.checks.lock(site.store).map(Lock::holder).flatMap(world::named);
    }

    /** It has followed the site's leader all the time, so that nothing is lost. */
    private void takeOver() {
        Wal led = leader().orElseThrow().server().wal();
        furthest(one -> one.wal().contains(led)).map(Node::server).ifPresent(source -> {
            server.promoteCopyOf(source);
            world.tally.happened("other cluster: led");
        });
    }

    private Optional<Node> furthest(Predicate<Server> which) {
        return site.nodes.stream()
                .filter(node -> node.server().mode() != Mode.NO_DATA && which.test(node.server()))
                .max(Comparator.comparingInt((Node node) -> node.server().wal().timeline())
                        .thenComparingLong(node -> node.server().wal().end()));
    }

    private void handBack() {
        Wal written = server.lastAsPrimary();
        boolean received = leader().map(Node::server)
                .filter(one -> one.wal().contains(written))
                .isPresent();
        if (received || server.mode() == Mode.NO_DATA) {
            site.follow(Optional.empty());
            server.wipe();
            looks = false;
            looksInVain = 0;
            world.tally.happened("other cluster: handed back");
        } else {
            server.startAgain();
            looksInVain++;
            if (looksInVain % PATIENCE == 0) {
                nameAnother();
            }
        }
    }

    /**
     * The leader takes its timeline for the other cluster's, since both have one number, and can make nothing of what it
     * gets, as its PostgreSQL's log says. One that can is to lead.
     */
    private void nameAnother() {
        furthest(one -> one.mode() == Mode.STANDBY && server.wal().contains(one.wal()))
                .ifPresent(site::askFor);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.record.FailoverRecord;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.ha.decide.Order;
import dev.primacy.multisite.SwitchoverAnswer.Verdict;
import dev.primacy.simulation.postgres.Server.Mode;
import dev.primacy.simulation.store.Store;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What each trouble does to the world. */
final class Disasters {
    private static final long MOMENT = Duration.ofMillis(500).toNanos();
    private static final long STEP = Duration.ofHours(3).toNanos();

    private static final Duration WHILE = Duration.ofSeconds(20);
    private static final Order RESTART =
            new Order.Restart(Optional.empty(), Optional.empty(), false, Optional.empty(), JsonObject.EMPTY);

    private final World world;

    Disasters(World world) {
        this.world = world;
    }

    void befall(Trouble trouble) {
        Node node = world.nodes.get(trouble.target());
        long until = world.time.now() + trouble.lasts();
        world.tally.befell(trouble.kind());
        world.story.ifPresent(story -> story.befell(trouble, node));
        switch (trouble.kind()) {
            case AGENT_FROZEN, AGENT_STUTTERS -> node.agent().ifPresent(agent -> agent.program.pause(until));
            case LOOP_HANGS -> node.agent().ifPresent(agent -> agent.program.hang("ha", until));
            case AGENT_KILLED -> restart(node, until);
            case AGENT_RESTARTED -> leave(node, until);
            case POSTGRES_CRASHES, GUARD_KILLED -> node.server().crash();
            case POSTGRES_HANGS -> node.server().hang(until);
            case NODE_FROZEN -> freeze(node, until);
            case NODE_CRASHES -> crash(node, until);
            case DISK_LOST -> loseDisk(node, until);
            case SITE_CRASHES -> node.site.nodes.forEach(each -> crash(each, until));
            case STORE_CUT -> cut(node.number, node.site.store.place(), trouble.variant(), until);
            case GROUP_STORE_CUT -> cutFromGroup(List.of(node), trouble.variant(), until);
            case SITE_CUT_FROM_GROUP -> cutFromGroup(node.site.nodes, trouble.variant(), until);
            case PEERS_CUT -> cutFromOthers(node, trouble.variant(), until);
            case SITE_ISOLATED -> isolate(node.site, trouble.variant(), until);
            case STORE_FROZEN -> node.site.store.freeze(until);
            case GROUP_STORE_FROZEN -> world.groupStore.ifPresent(store -> store.freeze(until));
            case STORE_ELECTS -> elect(node, trouble.variant());
            case SESSION_LOST -> node.agent().ifPresent(Agent::loseSessions);
            case NETWORK_SLOW -> slow(node, until);
            case SERVER_SLOW -> node.server().slowDown(until);
            case REPLICATION_STALLS -> node.server().stall(until);
            case REPLAY_STALLS -> node.server().holdReplay(until);
            case REWIND_FAILS -> node.server().failRewinding(until);
            case GUARD_DEAF -> node.deafenGuard(until);
            case WALL_CLOCK_STEPS -> node.stepWallClock((trouble.variant() - 1) * STEP);
            case SWITCHOVER -> switchOver(node, trouble);
            case MEMBER_SWITCHOVER -> passLead(node, trouble.variant());
            case FAILOVER -> node.site.askFor(node);
            case PAUSE -> pause(node.site, until);
            case TTL_CHANGED -> node.site.time(Settings.changed(trouble.variant()));
            case OTHER_CLUSTER_LEADS -> node.site.other.takeTurn(until);
            case WRITE_BURST -> world.nodes.forEach(each -> each.server().write(300 * (1L + trouble.variant())));
            case RESTART -> order(node, RESTART);
            case REINITIALIZE -> order(node, new Order.Reinitialize(trouble.variant() == 1, trouble.variant() == 2));
        }
    }

    private void restart(Node node, long when) {
        world.kill(node);
        startAt(node, when);
    }

    private void startAt(Node node, long when) {
        world.time.at(when + MOMENT, () -> world.start(node));
    }

    private void leave(Node node, long until) {
        node.agent()
                .filter(agent -> !agent.isLeaving())
                .ifPresent(agent -> agent.leave(() -> {
                    world.kill(node);
                    startAt(node, Math.max(until, world.time.now()));
                }));
    }

    private void crash(Node node, long until) {
        world.kill(node);
        node.server().crash();
        startAt(node, until);
    }

    /** The guard is the first that runs afterwards, whoever else is due at the same moment. */
    private void freeze(Node node, long until) {
        node.freeze(until);
        // In its last moment: what is due in the next one may come before whatever is asked for then.
        world.time.at(until, node.server()::thaw);
    }

    /** Never the last one that has the data. A server that does not run may be about to be wiped, because a person asked. */
    private void loseDisk(Node node, long until) {
        boolean elsewhere = world.nodes.stream()
                .anyMatch(other -> other != node
                        && (other.server().mode() == Mode.PRIMARY
                                || other.server().mode() == Mode.STANDBY)
                        && other.server().wal().contains(node.server().wal()));
        crash(node, until);
        if (elsewhere) {
            node.server().wipe();
            world.tally.happened("data lost");
        }
    }

    /** Both ways, or only one. */
    private void cut(int from, int to, int variant, long until) {
        if (variant != 1) {
            world.network.cut(from, to, until);
        }
        if (variant != 2) {
            world.network.cut(to, from, until);
        }
    }

    private void cutFromGroup(List<Node> nodes, int variant, long until) {
        world.groupStore.ifPresent(store -> nodes.forEach(node -> cut(node.number, store.place(), variant, until)));
    }

    private void cutFromOthers(Node node, int variant, long until) {
        world.nodes.stream()
                .filter(other -> other != node)
                .forEach(other -> cut(node.number, other.number, variant, until));
    }

    private void isolate(Site site, int variant, long until) {
        cutFromGroup(site.nodes, variant, until);
        for (Node node : site.nodes) {
            world.nodes.stream()
                    .filter(other -> other.site != site)
                    .forEach(other -> cut(node.number, other.number, variant, until));
        }
    }

    private void elect(Node node, int variant) {
        Store store = variant == 0 ? node.site.store : world.groupStore.orElse(node.site.store);
        store.restart(variant == 0 ? node.site.ttl() : world.settings.group().ttl());
    }

    private void slow(Node node, long until) {
        List<Store> stores =
                world.groupStore.map(group -> List.of(node.site.store, group)).orElse(List.of(node.site.store));
        for (Store store : stores) {
            world.network.slow(node.number, store.place(), until);
            world.network.slow(store.place(), node.number, until);
        }
    }

    private void order(Node node, Order order) {
        node.agent()
                .ifPresent(agent -> agent.program.soon(() -> {
                    var unused = agent.ha
                            .order(order)
                            .thenAccept(answer ->
                                    world.tally.happened(order.action() + (answer.done() ? " done" : " not done")));
                }));
    }

    private void passLead(Node target, int variant) {
        Optional<String> leader = world.checks.lock(target.site.store).map(Lock::holder);
        if (leader.isEmpty()) {
            return;
        }
        Optional<String> member = Optional.of(target.name).filter(name -> !leader.equals(Optional.of(name)));
        Optional<OffsetDateTime> later = Optional.of(
                        target.wallClock().plus(WHILE).atOffset(ZoneOffset.UTC))
                .filter(at -> variant == 2);
        target.site.ask(FailoverRecord.of(leader, member, later));
    }

    private void pause(Site site, long until) {
        site.pause(true);
        world.time.at(until, () -> site.pause(false));
    }

    /** Asks the agent of another node, as people do. */
    private void switchOver(Node target, Trouble trouble) {
        Node asked = world.nodes.get((trouble.target() + trouble.variant()) % world.nodes.size());
        asked.agent()
                .ifPresent(agent -> agent.group.ifPresent(group -> agent.program.soon(() -> {
                    Verdict verdict = group.requestSwitchover(target.site.name).verdict();
                    world.tally.happened("switchover " + verdict.name().toLowerCase(Locale.ROOT));
                })));
    }
}

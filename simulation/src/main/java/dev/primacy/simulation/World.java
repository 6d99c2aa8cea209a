// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.postgres.Upstream;
import dev.primacy.simulation.postgres.Server;
import dev.primacy.simulation.postgres.Wal;
import dev.primacy.simulation.store.Network;
import dev.primacy.simulation.store.Store;
import dev.primacy.simulation.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Sites with their nodes and stores, the network between them, people who write, and what has happened. */
final class World implements Server.Landscape {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long WRITES = 3 * SECOND;
    private static final int LONGEST_START = 6;
    private static final int PHASE = 10;
    private static final int LATE_ONES = 5;
    private static final int LATEST_START = 300;

    final VirtualTime time = new VirtualTime();
    final Scenario scenario;
    final Settings settings;
    final Random chance;
    final Network network;
    final Optional<Store> groupStore;
    final List<Site> sites = new ArrayList<>();
    final List<Node> nodes = new ArrayList<>();
    private final List<Server> servers = new ArrayList<>();
    private final Map<String, Node> byName = new HashMap<>();
    final Checks checks;
    final Tally tally = new Tally();
    final Optional<Story> story;
    private final Random writes;
    private Optional<String> violation = Optional.empty();
    private boolean busy = true;
    private int branches;
    private int systems;

    World(Scenario scenario, boolean told) {
        this.scenario = scenario;
        Random setup = Scenario.random(scenario.seed(), 1);
        this.chance = Scenario.random(scenario.seed(), 2);
        this.writes = Scenario.random(scenario.seed(), 3);
        this.settings = Settings.draw(setup, Scenario.random(scenario.seed(), 4).nextInt(3) == 0);
        int count = scenario.sites() * scenario.members();
        this.network = new Network(time, chance, count + scenario.sites() + 1, scenario.badRequests());
        network.calmFrom(Scenario.TROUBLED);
        this.groupStore = scenario.sites() > 1
                ? Optional.of(new Store(Settings.drawStore(setup), count + scenario.sites(), time, rate(setup)))
                : Optional.empty();
        for (int i = 0; i < scenario.sites(); i++) {
            addSite(i, count, setup);
        }
        this.checks = new Checks(this);
        this.story = told ? Optional.of(new Story(this)) : Optional.empty();
        time.afterEach(story.isPresent() ? this::checkAndTell : checks::afterEach);
        sites.forEach(site -> site.store.expireInTime());
        groupStore.ifPresent(Store::expireInTime);
        time.at(WRITES, this::work);
        Disasters disasters = new Disasters(this);
        scenario.troubles().forEach(trouble -> time.at(trouble.at(), () -> disasters.befall(trouble)));
    }

    private void addSite(int number, int count, Random setup) {
        String name = String.valueOf((char) ('a' + number));
        Site site =
                new Site(name, number, new Store(Settings.drawStore(setup), count + number, time, rate(setup)), this);
        sites.add(site);
        servers.add(site.other.server());
        // Sites are added to groups that have long been at work.
        double late = setup.nextInt(LATE_ONES) == 0 ? setup.nextDouble() * LATEST_START : 0;
        for (int i = 1; i <= scenario.members(); i++) {
            long origin = (long) (setup.nextDouble() * Duration.ofDays(100).toNanos());
            Server server = new Server(name + i, nodes.size(), this, time);
            Node node = new Node(name + i, nodes.size(), site, server, time::now, rate(setup), origin);
            nodes.add(node);
            site.nodes.add(node);
            servers.add(server);
            byName.put(node.name, node);
            time.at((long) ((late + setup.nextDouble() * LONGEST_START) * SECOND), () -> start(node));
        }
    }

    private void checkAndTell() {
        checks.afterEach();
        story.orElseThrow().afterEach();
    }

    private static double rate(Random setup) {
        return 1 + (setup.nextDouble() * 2 - 1) * VirtualTime.RATES;
    }

    /** Clients write, in busy times, and standbys receive. */
    private void work() {
        busy = writes.nextInt(PHASE) == 0 ? !busy : busy;
        for (Server server : servers) {
            if (busy && server.isWritable()) {
                server.write(1 + writes.nextInt(60));
            }
        }
        for (Server server : servers) {
            server.receive(writes.nextInt(4) == 0 ? writes.nextInt(100) : Long.MAX_VALUE / 2);
        }
        time.at(time.now() + (long) (writes.nextDouble() * 2 * WRITES), this::work);
    }

    void start(Node node) {
        if (node.agent().isEmpty()) {
            node.run(new Agent(node, this));
        }
    }

    /** The agent is gone, without a word. */
    void kill(Node node) {
        node.agent().ifPresent(agent -> {
            agent.program.kill();
            node.run(null);
            node.server().agentDied(agent.program);
        });
    }

    void violated(String what) {
        if (violation.isEmpty() && !time.isOver()) {
            violation = Optional.of(what);
            time.end();
        }
    }

    Optional<String> violation() {
        return violation;
    }

    void refused(Node node, String reason) {
        checks.refused(node, reason);
    }

    Node of(Server server) {
        return nodes.get(server.machine());
    }

    /** What another cluster does is not for us to check. */
    private boolean isOurs(Server server) {
        return server.machine() != OtherCluster.MACHINE;
    }

    Optional<Node> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    // What servers reach.

    @Override
    public Optional<Server> reach(Server from, Upstream to) {
        Node node = of(from);
        if (to.host().equals(OtherCluster.HOST)) {
            return Optional.of(node.site.other.server());
        }
        Node other = byName.get(to.host());
        if (other == null) {
            return Optional.empty();
        }
        boolean cut = network.isCut(node.number, other.number) || network.isCut(other.number, node.number);
        return cut ? Optional.empty() : Optional.of(other.server());
    }

    @Override
    public List<Server> all() {
        return servers;
    }

    @Override
    public int nextBranch() {
        return ++branches;
    }

    @Override
    public String nextSystemIdentifier() {
        return "700000000000000000" + ++systems;
    }

    @Override
    public boolean isFrozen(Server server) {
        return isOurs(server) && of(server).isFrozen();
    }

    @Override
    public long frozenUntil(Server server) {
        return of(server).frozenUntil();
    }

    @Override
    public void founding(Server server) {
        checks.founding();
    }

    @Override
    public void discarding(Server server) {
        checks.discarding(of(server));
    }

    @Override
    public void leads(Server server, Wal before) {
        if (isOurs(server)) {
            checks.leads(of(server), before);
        }
    }

    @Override
    public void stopped(Server server, Wal acknowledged, long checkpoint) {
        if (isOurs(server)) {
            checks.stopped(acknowledged, checkpoint);
        }
    }

    @Override
    public long lasts(long shortest, long longest) {
        return shortest + (long) (chance.nextDouble() * chance.nextDouble() * (longest - shortest));
    }
}

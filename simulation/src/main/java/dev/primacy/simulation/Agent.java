// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.Tags;
import dev.primacy.ha.ClusterConfig;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.HaLoop;
import dev.primacy.ha.Peers;
import dev.primacy.ha.SiteRole;
import dev.primacy.ha.StoreSession;
import dev.primacy.ha.TimingLimits;
import dev.primacy.ha.decide.Peer;
import dev.primacy.ha.failsafe.FailsafeCall;
import dev.primacy.ha.failsafe.Promises;
import dev.primacy.multisite.Multisite;
import dev.primacy.multisite.SiteConfig;
import dev.primacy.simulation.postgres.AgentPostgres;
import dev.primacy.simulation.store.Store;
import dev.primacy.simulation.store.StoreClient;
import dev.primacy.simulation.time.Program;
import dev.primacy.simulation.time.Worker;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One run of an agent: the production parts, put together as the program does it. */
final class Agent {
    static final int PORT = 5432;
    private static final long BETWEEN_LOOKS = 1_000_000;

    final Node node;
    final Program program;
    final HaLoop ha;
    final Optional<Multisite> group;
    private final World world;
    private final StoreSession store;
    /** The client of the session that was opened last. */
    private @Nullable StoreClient last;

    private final Optional<StoreClient> groupStore;
    /** The last round that was counted. */
    MonotonicInstant countedAt = new MonotonicInstant(Long.MIN_VALUE);

    private boolean leaving;

    Agent(Node node, World world) {
        this.node = node;
        this.world = world;
        this.program =
                new Program(world.time, world.chance, node::frozenUntil, bug -> world.violated(node + ": " + bug));
        Worker worker = new Worker(world.time, program);
        AgentPostgres postgres = new AgentPostgres(node.server(), program, worker, node::realTime, node::isGuardDeaf);
        Settings settings = world.settings;
        this.store = new StoreSession(this::open, settings.cluster().ttl());
        this.groupStore = world.groupStore.map(
                of -> client(of, node.name, settings.group().ttl()));
        this.group = groupStore.map(of -> new Multisite(
                new SiteConfig(
                        node.site.name,
                        settings.group(),
                        settings.maximumLag(),
                        settings.switchoverTimeout(),
                        settings.electionWindow()),
                of,
                node.clock(),
                node::wallClock,
                program));
        this.ha = new HaLoop(
                new HaConfig(
                        node.name,
                        "cluster",
                        node.site.name,
                        new Address(node.name, PORT),
                        url(node),
                        "0.1.0",
                        Tags.NONE,
                        new ClusterConfig(
                                settings.cluster(),
                                settings.maximumLag(),
                                false,
                                settings.startTimeout(),
                                settings.stopTimeout(),
                                settings.failsafe(),
                                false),
                        JsonObject.EMPTY,
                        TimingLimits.NONE),
                store,
                postgres,
                group.map(SiteRole::in).orElse(SiteRole.SINGLE),
                peers(),
                node,
                node.clock(),
                node::wallClock,
                program,
                worker,
                reason -> world.refused(node, reason));
        group.ifPresent(of -> of.listen(ha.siteListener()));
    }

    private Dcs open(Duration ttl) {
        StoreClient opened = client(node.site.store, node.name, ttl);
        last = opened;
        return opened;
    }

    private StoreClient client(Store of, String name, Duration ttl) {
        return new StoreClient(of, name, ttl, node.number, program, node.clock(), world.time, world.network);
    }

    private static String url(Node node) {
        return "http://" + node.name;
    }

    private Peers peers() {
        return new Peers() {
            @Override
            public Map<String, Peer> ask(Map<String, String> apiUrls, Duration timeout) {
                return askPeers(apiUrls, timeout);
            }

            @Override
            public Set<String> promised(Map<String, String> apiUrls, FailsafeCall call, Duration timeout) {
                return askForPromises(apiUrls, call, timeout);
            }
        };
    }

    /** Requests arrive, and answers get lost, by themselves. */
    private Set<String> askForPromises(Map<String, String> urls, FailsafeCall call, Duration timeout) {
        Set<String> promised = new TreeSet<>();
        program.elapse(world.chance.nextInt(5_000_000));
        for (Node other : node.site.nodes) {
            boolean arrives = url(other).equals(urls.get(other.name))
                    && other.agent().filter(agent -> agent.program.runs()).isPresent()
                    && !world.network.isCut(node.number, other.number);
            if (arrives
                    && other.agent().orElseThrow().ha.promise(call.name(), call.ttl()) == Promises.Answer.ACCEPTED
                    && !world.network.isCut(other.number, node.number)) {
                promised.add(other.name);
            }
        }
        world.tally.happened(
                promised.containsAll(urls.keySet()) ? "failsafe: all promised" : "failsafe: not all promised");
        program.elapse(promised.containsAll(urls.keySet()) ? answersTake(timeout) : timeout.toNanos() / 2);
        return promised;
    }

    private long answersTake(Duration timeout) {
        return world.chance.nextInt(8) == 0
                ? (long) (world.chance.nextDouble() * timeout.toNanos())
                : world.chance.nextInt(5_000_000);
    }

    private Map<String, Peer> askPeers(Map<String, String> urls, Duration timeout) {
        Map<String, Peer> answers = new TreeMap<>();
        boolean silence = false;
        for (Node other : node.site.nodes) {
            if (!url(other).equals(urls.get(other.name))) {
                continue;
            }
            boolean answersAll =
                    other.agent().filter(agent -> agent.program.runs()).isPresent()
                            && !world.network.isCut(node.number, other.number)
                            && !world.network.isCut(other.number, node.number);
            if (answersAll) {
                other.server()
                        .status()
                        .server()
                        .ifPresent(server -> answers.put(
                                other.name, new Peer(server.primary(), server.timeline(), server.written())));
            } else {
                silence = silence || !other.isFrozen();
            }
        }
        program.elapse(silence && world.chance.nextInt(4) == 0 ? timeout.toNanos() : world.chance.nextInt(5_000_000));
        return answers;
    }

    void loseSessions() {
        Objects.requireNonNull(last).loseSession();
        groupStore.ifPresent(StoreClient::loseSession);
    }

    /** Ends in good order, as the program does when it is told to. */
    void leave(Runnable afterwards) {
        leaving = true;
        program.soon(() -> {
            while (program.isBusy()) {
                // A loop that is closed is waited for.
                program.elapse(BETWEEN_LOOKS);
            }
            ha.close();
            group.ifPresent(of -> {
                try {
                    of.leave(false, Duration.ZERO);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (DcsException e) {
                    // The lease expires.
                }
                of.close();
            });
            groupStore.ifPresent(StoreClient::close);
            store.close();
            afterwards.run();
        });
    }

    boolean isLeaving() {
        return leaving;
    }
}

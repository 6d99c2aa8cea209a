// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent;

import com.sun.net.httpserver.HttpServer;
import dev.primacy.agent.config.AgentConfig;
import dev.primacy.agent.config.AgentConfig.Credentials;
import dev.primacy.agent.config.AgentConfig.Store;
import dev.primacy.agent.config.ConfigException;
import dev.primacy.agent.rest.RestServer;
import dev.primacy.agent.rest.RestServer.Node;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.ha.HaLoop;
import dev.primacy.ha.SiteRole;
import dev.primacy.ha.StoreSession;
import dev.primacy.ha.decide.Order;
import dev.primacy.ha.failsafe.PromiseFile;
import dev.primacy.ha.failsafe.PromiseMemory;
import dev.primacy.multisite.Multisite;
import dev.primacy.postgres.LocalPostgres;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running agent: the parts, and the order in which they start and end. */
final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    /** The start itself has better things to do. */
    private static final Duration WARM_UP_AFTER = Duration.ofSeconds(5);

    private static final Duration INHERITANCE = Duration.ofSeconds(10);

    private final AgentConfig config;
    private final StoreSession dcs;
    private final Optional<Dcs> groupStore;
    private final Optional<Multisite> group;
    private final LocalPostgres postgres;
    private final HaLoop ha;
    private final RestServer rest;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "action");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Starts an agent.
     *
     * @param reader reads its configuration, at the start and for each reload
     * @param onRefusal called with the reason when the agent cannot do anything for its server without a person
     * @throws ConfigException if something it needs is not as configured; then nothing was touched
     */
    Agent(
            Supplier<AgentConfig> reader,
            MonotonicClock clock,
            InstantSource wallClock,
            Loops loops,
            Consumer<String> onRefusal) {
        AgentConfig config = reader.get();
        this.config = config;
        // Everything that may be refused is tried before the first round, so that a refusal leaves all as it was.
        this.postgres = new LocalPostgres(config.postgres(), config.fencing(), clock);
        postgres.requireFreePort();
        this.dcs = new StoreSession(
                ttl -> open(config.store().with(ttl), clock),
                config.ha().timing().ttl());
        PeerClient peers = new PeerClient(
                config.rest().tls().contextForAnyName(),
                config.rest().authentication().map(Credentials::header));
        Snapshot first = firstSnapshot(clock);
        refuseTwin(first, peers);
        HttpServer listening = RestServer.bind(config);
        this.groupStore = config.group().map(of -> open(of.store(), clock));
        this.group =
                config.group().map(of -> new Multisite(of.site(), groupStore.orElseThrow(), clock, wallClock, loops));
        this.ha = new HaLoop(
                config.ha(),
                dcs,
                postgres,
                group.map(SiteRole::in).orElse(SiteRole.SINGLE),
                peers,
                promises(config, clock),
                clock,
                wallClock,
                loops,
                worker,
                onRefusal);
        group.ifPresent(of -> of.listen(ha.siteListener()));
        this.rest = new RestServer(
                listening, new Node(config, ha, group, postgres, dcs, peers, clock, wallClock, () -> reload(reader)));
        warmUp(peers);
    }

    /** Beside the data directory, which a copy of the database replaces. */
    private static PromiseMemory promises(AgentConfig config, MonotonicClock clock) {
        Path data = config.postgres().dataDir();
        PromiseFile file = new PromiseFile(data.resolveSibling(data.getFileName() + ".failsafe"), clock);
        try {
            file.recall();
        } catch (UncheckedIOException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
        return file;
    }

    /** Takes over what can change while the agent runs: tags, parameters, access rules, and who may use the API. */
    private AgentConfig reload(Supplier<AgentConfig> reader) {
        AgentConfig now = reader.get();
        ha.retag(now.ha().tags());
        postgres.configure(now.postgres());
        var unused = ha.order(new Order.Reload())
                .thenAccept(answer -> LOG.info("Reloading PostgreSQL configuration: {}", answer.text()));
        return now;
    }

    /** The first question to other members takes long, by all that it loads: not at a switchover, when writes wait for it. */
    private void warmUp(PeerClient peers) {
        CompletableFuture.delayedExecutor(WARM_UP_AFTER.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> peers.ask(
                        Map.of(config.ha().name(), config.ha().apiUrl()),
                        config.ha().timing().requestTimeout()));
    }

    private static Dcs open(Store store, MonotonicClock clock) {
        try {
            return DcsProvider.named(store.backend()).open(store.scope(), store.section(), clock);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(store.backend() + ": " + e.getMessage());
        }
    }

    /** A store that does not answer at the start is most likely a wrong address: say so, and touch nothing. */
    private Snapshot firstSnapshot(MonotonicClock clock) {
        Duration request = config.ha().timing().requestTimeout();
        MonotonicInstant end = clock.now().plus(request.multipliedBy(3));
        while (true) {
            try {
                return dcs.snapshot(request);
            } catch (DcsException e) {
                if (e instanceof DcsException.Rejected || !clock.now().isBefore(end)) {
                    dcs.close();
                    throw new ConfigException("Can not get cluster from dcs: " + e.getMessage());
                }
                LOG.warn("Can not get cluster from dcs: {}", e.getMessage());
            }
        }
    }

    /** Two agents of one name would take each other's lock for their own. */
    private void refuseTwin(Snapshot cluster, PeerClient peers) {
        Optional<String> api = Entry.read(
                        Optional.ofNullable(cluster.members().get(config.ha().name())), MemberRecord::parse)
                .value()
                .map(MemberRecord::apiUrl);
        if (api.isPresent() && peers.answers(api.get(), Duration.ofSeconds(3))) {
            dcs.close();
            throw new ConfigException("Can't start; there is already a node named '"
                    + config.ha().name() + "' running, it answers at " + api.get());
        }
    }

    /** Ends in good order: PostgreSQL first, then the rights. */
    @Override
    public void close() {
        LOG.info("Stopping");
        rest.close();
        boolean othersHere = ha.view()
                .flatMap(view -> view.seen().cluster())
                .filter(cluster -> cluster.members().size() > 1)
                .isPresent();
        ha.close();
        group.ifPresent(of -> leave(of, othersHere));
        groupStore.ifPresent(Dcs::close);
        dcs.close();
        worker.shutdownNow();
        postgres.close();
        LOG.info("Stopped");
    }

    private static void leave(Multisite group, boolean othersHere) {
        try {
            group.leave(othersHere, INHERITANCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (DcsException e) {
            LOG.warn("The site lease could not be released and will expire: {}", e.getMessage());
        }
        group.close();
    }
}

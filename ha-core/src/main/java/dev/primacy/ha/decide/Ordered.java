// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.ha.HaConfig;
import dev.primacy.ha.decide.Decision.Cancel;
import dev.primacy.ha.decide.Decision.Clone;
import dev.primacy.ha.decide.Decision.Deny;
import dev.primacy.ha.decide.Decision.Feed;
import dev.primacy.ha.decide.Decision.Lead;
import dev.primacy.ha.decide.Decision.LeadStandby;
import dev.primacy.ha.decide.Decision.Rejoin;
import dev.primacy.ha.decide.Decision.Reload;
import dev.primacy.ha.decide.Decision.Restart;
import dev.primacy.ha.decide.Decision.StartStandby;
import dev.primacy.ha.decide.Decision.Unschedule;
import dev.primacy.ha.decide.Decision.Wait;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.Upstream;
import java.time.Duration;
import java.util.Optional;

/**
 * The rows of what a person asks of this member: restart, reinitialize, reload. They come last: whatever fences, or moves a
 * lock or a record, is done first, whoever asks. A leader that is restarted keeps its lock, since renewals need neither the
 * server nor the loop; the lock's end ends the restart.
 */
final class Ordered {
    private Ordered() {}

    /** In place of {@code usual}, which is what would be done if nobody had asked for anything. */
    static Decision decide(Observation seen, HaConfig config, Decision usual) {
        if (!canWait(usual)) {
            return usual;
        }
        Optional<Order> order = seen.orders().now();
        if (order.isPresent()) {
            return seen.action().isPresent()
                    ? whileActing(order.get(), seen, config, seen.action().get())
                    : now(order.get(), seen, config);
        }
        return seen.orders()
                .scheduled()
                .filter(scheduled ->
                        seen.action().isEmpty() && !config.cluster().paused())
                .flatMap(scheduled -> scheduled(scheduled, seen, config))
                .orElse(usual);
    }

    /** How long until the restart that a person has scheduled; empty if there is none. */
    static Optional<Duration> untilDue(Observation seen) {
        return seen.orders()
                .scheduled()
                .map(scheduled -> Duration.between(seen.wall(), scheduled.at().toInstant()))
                .filter(left -> !left.isNegative() && !left.isZero());
    }

    private static boolean canWait(Decision usual) {
        return usual instanceof Wait
                || usual instanceof Lead
                || usual instanceof LeadStandby
                || usual instanceof Feed
                || usual instanceof Clone
                || usual instanceof Rejoin
                || usual instanceof StartStandby;
    }

    private static Decision whileActing(Order order, Observation seen, HaConfig config, Observation.Action action) {
        boolean ends = order instanceof Order.Reinitialize reinitialize
                && reinitialize.force()
                && !action.needsRight()
                && !isLeader(seen, config);
        return ends
                ? new Cancel("ending " + action.name() + ", since reinitialize is forced")
                : new Deny(action.name() + " already in progress");
    }

    private static Decision now(Order order, Observation seen, HaConfig config) {
        if (order instanceof Order.Restart restart) {
            return obstacle(restart, seen, config)
                    .<Decision>map(Deny::new)
                    .orElseGet(() -> restart(restart, seen, config, "restarting PostgreSQL as asked for"));
        }
        if (order instanceof Order.Reinitialize reinitialize) {
            return reinitialize(reinitialize, seen, config);
        }
        return seen.state() == State.RUNNING
                ? new Reload("having PostgreSQL read its settings")
                : new Deny("PostgreSQL does not run; it reads its settings when it starts");
    }

    private static Optional<Decision> scheduled(ScheduledRestart scheduled, Observation seen, HaConfig config) {
        Optional<Server> server = seen.postgres().server();
        if (server.filter(answer -> !answer.started().equals(scheduled.started()))
                .isPresent()) {
            return Optional.of(new Unschedule("Postgres has been restarted since the restart was scheduled"));
        }
        if (seen.wall().isBefore(scheduled.at().toInstant())) {
            return Optional.empty();
        }
        if (Switchover.isMissed(scheduled.at().toInstant(), seen, config)) {
            return Optional.of(
                    new Unschedule("the restart was scheduled for " + scheduled.at() + ", which is too long ago"));
        }
        return Optional.of(obstacle(scheduled.restart(), seen, config)
                .<Decision>map(Unschedule::new)
                .orElseGet(() -> restart(scheduled.restart(), seen, config, "restarting PostgreSQL as scheduled")));
    }

    /** As what it is: whoever is primary here may write, or the table would have stopped it. */
    private static Decision restart(Order.Restart restart, Observation seen, HaConfig config, String why) {
        return new Restart(
                seen.runsAsPrimary(),
                seen.postgres().server().flatMap(Server::upstream),
                restart.timeout().orElseGet(config::startTimeout),
                why);
    }

    private static Optional<String> obstacle(Order.Restart restart, Observation seen, HaConfig config) {
        Optional<String> state = stateObstacle(seen, config);
        if (state.isPresent()) {
            return state;
        }
        Optional<Server> server = seen.postgres().server();
        boolean holds = restart.role().filter(role -> !role.equals(seen.role())).isEmpty()
                && restart.olderThan()
                        .filter(version -> server.filter(answer -> answer.version() < version)
                                .isEmpty())
                        .isEmpty()
                && (!restart.ifPending()
                        || server.filter(answer -> !answer.pendingRestart().isEmpty())
                                .isPresent());
        return holds ? Optional.empty() : Optional.of("restart conditions are not satisfied");
    }

    private static Optional<String> stateObstacle(Observation seen, HaConfig config) {
        if (seen.postgres().control().isEmpty()) {
            return Optional.of("there is no database here to start");
        }
        if (seen.neverUsed()) {
            return Optional.of("the database here was never used");
        }
        Optional<String> foreign = Decisions.foreign(seen);
        if (foreign.isPresent()) {
            return foreign;
        }
        if (seen.cluster().isEmpty() && seen.lease().isPresent()) {
            // The lock could not be renewed, and would be gone when the server is to start again.
            return Optional.of("DCS is not accessible, and the leader could not start again without it");
        }
        if (seen.state() == State.STOPPED && !config.cluster().paused()) {
            return Optional.of("PostgreSQL does not run; it is started as soon as that is possible");
        }
        return seen.lease().isPresent() && seen.state() != State.RUNNING
                ? Optional.of("PostgreSQL is still starting up or does not answer")
                : Optional.empty();
    }

    private static Decision reinitialize(Order.Reinitialize order, Observation seen, HaConfig config) {
        Optional<String> obstacle = obstacleToWipe(seen, config);
        if (obstacle.isPresent()) {
            return new Deny(obstacle.get() + ", can not reinitialize");
        }
        String leader = seen.lock().orElseThrow().holder();
        String source = order.fromLeader() ? leader : Cascade.source(seen, config, leader);
        Optional<Upstream> heir = WithoutLock.upstream(seen, config, leader);
        Optional<Upstream> from = WithoutLock.upstream(seen, config, source);
        if (heir.isEmpty() || from.isEmpty() || !WithoutLock.serves(seen, leader)) {
            return new Deny("The leader " + leader + " does not show a running server, can not reinitialize");
        }
        return new Decision.Reinitialize(
                from.get(),
                heir.get(),
                seen.founded().orElseThrow(),
                "reinitializing from '" + source + "' as asked for");
    }

    /** What is here may only go if it is the cluster's, and the cluster's leader has it too. */
    private static Optional<String> obstacleToWipe(Observation seen, HaConfig config) {
        if (isLeader(seen, config)) {
            return Optional.of("I am the leader");
        }
        if (seen.cluster().isEmpty()) {
            return Optional.of("DCS is not accessible");
        }
        if (seen.lock().isEmpty()) {
            return Optional.of("Cluster has no leader");
        }
        if (seen.founded().isEmpty()) {
            return Optional.of("The cluster has no database yet");
        }
        if (seen.state() == State.BROKEN_DATA) {
            return Optional.of("It is not known whose data this is: look at it and move it away");
        }
        if (seen.neverUsed()) {
            return Optional.of("The database here was never used");
        }
        return Decisions.foreign(seen);
    }

    private static boolean isLeader(Observation seen, HaConfig config) {
        return seen.lease().isPresent()
                || seen.runsAsPrimary()
                || seen.lock()
                        .filter(lock -> lock.holder().equals(config.name()))
                        .isPresent();
    }
}

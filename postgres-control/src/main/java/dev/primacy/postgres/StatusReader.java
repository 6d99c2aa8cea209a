// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.PostgresStatus.State;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what state the server is in. */
final class StatusReader {
    private static final Logger LOG = LoggerFactory.getLogger(StatusReader.class);

    private final DataDirectory data;
    private final ConfigFiles config;
    private final ServerSession session;
    private final ServerLifecycle lifecycle;
    private final AtomicReference<@Nullable Server> furthest = new AtomicReference<>();
    private volatile String lastProblem = "";

    StatusReader(DataDirectory data, ConfigFiles config, ServerSession session, ServerLifecycle lifecycle) {
        this.data = data;
        this.config = config;
        this.session = session;
        this.lifecycle = lifecycle;
    }

    PostgresStatus status(Duration timeout) {
        if (lifecycle.isRunning()) {
            try {
                StatusQuery.Answer answer =
                        session.ask(timeout, connection -> StatusQuery.ask(connection, config.isStandby()));
                lastProblem = "";
                Server server = furthest.updateAndGet(before -> answer.server().afterwards(before));
                return new PostgresStatus(State.RUNNING, Optional.of(answer.control()), Optional.of(server));
            } catch (SQLException e) {
                return notAnswering(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return without(State.UNRESPONSIVE);
            }
        }
        return stopped();
    }

    private PostgresStatus notAnswering(SQLException failure) {
        ServerSession.Problem problem = ServerSession.Problem.of(failure);
        report(failure);
        // It may have ended since it was looked for.
        if (!lifecycle.isRunning()) {
            return stopped();
        }
        State state = problem == ServerSession.Problem.NOT_NOW ? State.STARTING : State.UNRESPONSIVE;
        return new PostgresStatus(state, control(), Optional.empty());
    }

    private PostgresStatus stopped() {
        if (data.isWithoutData()) {
            return without(State.NO_DATA);
        }
        Optional<ControlData> control = control();
        return control.isPresent()
                ? new PostgresStatus(State.STOPPED, control, Optional.empty())
                : without(State.BROKEN_DATA);
    }

    private Optional<ControlData> control() {
        try {
            ControlFile control = data.control();
            return Optional.of(control.data(config.isStandby(), data.isUnused(control)));
        } catch (PostgresException e) {
            report(e);
            return Optional.empty();
        }
    }

    private static PostgresStatus without(State state) {
        return new PostgresStatus(state, Optional.empty(), Optional.empty());
    }

    /** Once for each problem: a status is asked for every few seconds. */
    private void report(Exception problem) {
        String message = String.valueOf(problem.getMessage());
        if (!message.equals(lastProblem)) {
            lastProblem = message;
            LOG.info("the server does not answer as it should: {}", message);
        }
    }
}

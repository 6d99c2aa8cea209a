// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import dev.primacy.postgres.Divergence;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.Postgres;
import dev.primacy.postgres.PostgresException;
import dev.primacy.postgres.PostgresStatus;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.TimelineHistory;
import dev.primacy.postgres.Upstream;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A server that does at once what it is told, so that a test of the API needs none. */
final class StillPostgres implements Postgres, Postgres.Guard {
    private boolean founded;
    private boolean running;
    private boolean unused;
    private int starts;
    private int reloads;

    synchronized int starts() {
        return starts;
    }

    synchronized int reloads() {
        return reloads;
    }

    @Override
    public synchronized PostgresStatus status(Duration timeout) {
        Optional<ControlData> control = Optional.of(
                        new ControlData("7000000000000000001", "in production", 1, new Lsn(1000), false, unused))
                .filter(data -> founded);
        Optional<Server> server = Optional.of(new Server(
                        true,
                        1,
                        new Lsn(1000),
                        new Lsn(1000),
                        Optional.empty(),
                        false,
                        List.of(),
                        150018,
                        "start " + starts,
                        List.of()))
                .filter(answer -> running);
        State state = running ? State.RUNNING : founded ? State.STOPPED : State.NO_DATA;
        return new PostgresStatus(state, control, server);
    }

    @Override
    public synchronized void initialize() {
        founded = true;
        unused = true;
    }

    @Override
    public synchronized boolean startPrimary(Duration timeout) {
        running = true;
        unused = false;
        starts++;
        return true;
    }

    @Override
    public synchronized void stop(StopMode mode, Duration timeout) {
        running = false;
    }

    @Override
    public synchronized void reload() {
        reloads++;
    }

    @Override
    public Optional<TimelineHistory> history(int timeline) {
        return Optional.empty();
    }

    @Override
    public void ensureSlots(Set<String> names) {
        // Nobody streams from here.
    }

    @Override
    public void checkpoint() {
        // Nothing to write.
    }

    @Override
    public boolean adopted() {
        return false;
    }

    @Override
    public Guard guard() {
        return this;
    }

    @Override
    public boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout) {
        return true;
    }

    @Override
    public void disarm() {
        // There is no deadline.
    }

    @Override
    public void onExit(Runnable listener) {
        // It ends only when it is told to.
    }

    @Override
    public void close() {
        // There is nothing to let go of.
    }

    @Override
    public void discardUnused(String systemIdentifier) {
        throw notHere();
    }

    @Override
    public void discard(String systemIdentifier, Upstream heir) {
        throw notHere();
    }

    @Override
    public boolean startStandby(Optional<Upstream> upstream, Duration timeout) {
        throw notHere();
    }

    @Override
    public void follow(Upstream upstream) {
        throw notHere();
    }

    @Override
    public void promote(Duration timeout) {
        throw notHere();
    }

    @Override
    public void cloneFrom(Upstream upstream) {
        throw notHere();
    }

    @Override
    public Divergence compare(Upstream upstream) {
        throw notHere();
    }

    @Override
    public void rewind(Upstream upstream) {
        throw notHere();
    }

    private static PostgresException notHere() {
        return new PostgresException("this server is a primary that stands alone");
    }
}

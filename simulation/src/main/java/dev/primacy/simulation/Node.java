// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.ha.failsafe.Promise;
import dev.primacy.ha.failsafe.PromiseMemory;
import dev.primacy.simulation.postgres.Server;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A machine: its clock, which has an origin and a rate of its own, the server on it, and the agent, if one runs. */
final class Node implements PromiseMemory {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final double NEVER = 1e18;

    final String name;
    final int number;
    final Site site;
    private final Server server;
    private final LongSupplier time;
    private final double rate;
    private final long origin;
    private @Nullable Agent agent;
    private long frozenUntil = -1;
    private long guardDeafUntil;
    private long wallClockOff;
    private Optional<Promise> promise = Optional.empty();

    Node(String name, int number, Site site, Server server, LongSupplier time, double rate, long origin) {
        this.name = name;
        this.number = number;
        this.site = site;
        this.server = server;
        this.time = time;
        this.rate = rate;
        this.origin = origin;
    }

    Server server() {
        return server;
    }

    Optional<Agent> agent() {
        return Optional.ofNullable(agent);
    }

    void run(@Nullable Agent started) {
        agent = started;
    }

    MonotonicClock clock() {
        return () -> new MonotonicInstant(origin + (long) (time.getAsLong() * rate));
    }

    /** The first moment at which the clock shows {@code instant} or later. */
    long realTime(MonotonicInstant instant) {
        double nanos = Math.ceil((double) (instant.nanos() - origin) / rate);
        return (long) Math.min(nanos, NEVER);
    }

    void freeze(long until) {
        frozenUntil = Math.max(frozenUntil, until);
    }

    /** Also at that very moment: the guard has not looked yet. */
    long frozenUntil() {
        return frozenUntil;
    }

    boolean isFrozen() {
        return time.getAsLong() <= frozenUntil;
    }

    void deafenGuard(long until) {
        guardDeafUntil = Math.max(guardDeafUntil, until);
    }

    boolean isGuardDeaf() {
        return time.getAsLong() < guardDeafUntil;
    }

    /** Also of a machine that loses its data. */
    @Override
    public Optional<Promise> recall() {
        return promise;
    }

    @Override
    public void keep(Promise given) {
        promise = Optional.of(given);
    }

    /** Whether it may not claim the lock of its site before {@code moment}, to whomever it has promised that last. */
    boolean hasPromised(long moment) {
        return promise.filter(given -> realTime(given.until()) >= moment).isPresent();
    }

    void stepWallClock(long nanos) {
        wallClockOff += nanos;
    }

    Instant wallClock() {
        return EPOCH.plusNanos(time.getAsLong() + wallClockOff);
    }

    @Override
    public String toString() {
        return name;
    }
}

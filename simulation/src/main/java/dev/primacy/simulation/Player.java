// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.simulation.Simulation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** Plays histories on several threads, one history on each at a time. */
final class Player {
    /** More of them tell nothing new. */
    private static final int ENOUGH_VIOLATIONS = 10;

    private final LongFunction<Scenario> scenarios;
    private final long histories;
    private final Consumer<Outcome> onViolation;
    private final ExecutorService events = Threads.pool();
    private final ExecutorService players;
    private final CountDownLatch ended;
    private final AtomicLong next = new AtomicLong();
    private final Tally total = new Tally();
    private final List<Outcome> violations = new ArrayList<>();
    private volatile boolean stopped;

    /**
     * Nothing is played yet.
     *
     * @param scenarios by number, from 0 on
     * @param histories how many
     * @param onViolation called at once, on the thread that found it
     */
    Player(LongFunction<Scenario> scenarios, long histories, int threads, Consumer<Outcome> onViolation) {
        this.scenarios = scenarios;
        this.histories = histories;
        this.onViolation = onViolation;
        this.players = Executors.newFixedThreadPool(threads);
        this.ended = new CountDownLatch(threads);
        for (int i = 0; i < threads; i++) {
            players.execute(this::playAll);
        }
        players.shutdown();
    }

    /** One history; what it breaks of the simulation itself counts as a violation too. */
    static Outcome play(Scenario scenario, boolean told, ExecutorService threads) throws InterruptedException {
        try {
            return told ? Simulation.tell(scenario, threads) : Simulation.run(scenario, threads);
        } catch (IllegalStateException e) {
            Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
            return new Outcome(
                    scenario,
                    Optional.of("the simulation broke: " + cause),
                    0,
                    new Tally(),
                    List.of(),
                    Optional.empty());
        }
    }

    private void playAll() {
        try {
            for (long i = next.getAndIncrement(); i < histories && !stopped; i = next.getAndIncrement()) {
                count(play(scenarios.apply(i), false, events));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private void count(Outcome outcome) {
        synchronized (total) {
            total.add(outcome.tally());
            if (outcome.violation().isPresent()) {
                violations.add(outcome);
                stopped = stopped || violations.size() >= ENOUGH_VIOLATIONS;
                onViolation.accept(outcome);
            }
        }
    }

    /** No more histories are begun. */
    void stop() {
        stopped = true;
    }

    /** Whether all were played, or enough violations were found, within this time. */
    boolean await(long seconds) throws InterruptedException {
        return ended.await(seconds, TimeUnit.SECONDS);
    }

    long played() {
        synchronized (total) {
            return total.histories();
        }
    }

    /** What came of it, once all have ended. */
    Tally total() {
        synchronized (total) {
            return total;
        }
    }

    List<Outcome> violations() {
        synchronized (total) {
            return List.copyOf(violations);
        }
    }
}

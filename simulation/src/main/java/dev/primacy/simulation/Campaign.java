// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.simulation.Simulation.Outcome;
import dev.primacy.time.Allowed;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.function.LongFunction;

/** Many histories, and what people are told meanwhile and afterwards. */
@Allowed("a program's printer")
final class Campaign {
    private static final int STORIES = 3;
    private static final int LINE_EVERY = 10;
    private static final String REWRITE = "\r\033[K";

    private final MonotonicClock clock = BootClock.system();
    private final MonotonicInstant start = clock.now();
    private final CountDownLatch told = new CountDownLatch(1);
    private final long histories;
    private final int threads;
    private final boolean terminal;
    private final Player player;

    /**
     * Begins to play.
     *
     * @param terminal whether the progress is one line that is written anew
     */
    Campaign(LongFunction<Scenario> scenarios, long histories, int threads, boolean terminal) {
        this.histories = histories;
        this.threads = threads;
        this.terminal = terminal;
        this.player = new Player(scenarios, histories, threads, this::violated);
    }

    /**
     * Waits for the end; whoever ends the program earlier is shown what there is until then.
     *
     * @param atMost after which no more histories are begun
     * @param rows whether each row of the decision tables is shown
     * @return whether nothing was violated
     */
    boolean run(Duration atMost, boolean rows) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::endEarly));
        while (!player.await(terminal ? 1 : LINE_EVERY)) {
            progress();
            if (start.until(clock.now()).compareTo(atMost) >= 0) {
                player.stop();
            }
        }
        System.err.print(terminal ? REWRITE : "");
        System.err.flush();
        Summary summary = new Summary(player.total());
        summary.lines(start.until(clock.now()), threads).forEach(System.out::println);
        if (rows) {
            System.out.println();
            summary.rows().forEach(System.out::println);
        }
        System.out.println();
        System.out.flush();
        told.countDown();
        for (Outcome outcome : kinds()) {
            tell(outcome);
        }
        int count = player.violations().size();
        System.out.println(count == 0 ? "Nothing was violated." : "VIOLATED: " + count + " of these histories.");
        return count == 0;
    }

    private void endEarly() {
        player.stop();
        try {
            told.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void progress() {
        Duration took = start.until(clock.now());
        int violations = player.violations().size();
        String line = Table.format(
                "%,d of %,d histories, %.0f/s, %s",
                player.played(),
                histories,
                player.played() * 1000.0 / Math.max(1, took.toMillis()),
                violations == 0 ? "nothing violated" : "VIOLATED in " + violations);
        if (terminal) {
            System.err.print(REWRITE + line);
            System.err.flush();
        } else {
            System.err.println(line);
        }
    }

    private void violated(Outcome outcome) {
        System.err.print(terminal ? REWRITE : "");
        System.err.println("VIOLATED: " + outcome.violation().orElseThrow());
        System.err.println("  again:  " + Finding.command(outcome.scenario()));
    }

    /** The first violation of each kind. */
    private Collection<Outcome> kinds() {
        Map<String, Outcome> kinds = new LinkedHashMap<>();
        player.violations().forEach(outcome -> kinds.putIfAbsent(Finding.kind(outcome), outcome));
        return kinds.values().stream().limit(STORIES).toList();
    }

    private static void tell(Outcome outcome) throws InterruptedException {
        ExecutorService events = Threads.pool();
        try {
            new Finding(outcome, events).told().forEach(System.out::println);
            System.out.println();
        } finally {
            events.shutdown();
        }
    }
}

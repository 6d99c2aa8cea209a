// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Runs one history: ten minutes of trouble, then quiet, in which the group must recover in a stated time. */
final class Simulation {
    /** The longest of: sessions lapse, servers are given up, sites elect, a copy is made; and once more. */
    static final long RECOVERY = Duration.ofMinutes(8).toNanos();

    private static final long LOOK = Duration.ofSeconds(1).toNanos();

    private Simulation() {}

    /**
     * What came of it.
     *
     * @param violation of what must always hold; empty if nothing was violated
     * @param story empty unless it was asked for
     * @param lanes empty unless the story was asked for
     */
    record Outcome(
            Scenario scenario,
            Optional<String> violation,
            long virtualNanos,
            Tally tally,
            List<Story.Line> story,
            Optional<Lanes> lanes) {}

    static Outcome run(Scenario scenario, Executor threads) throws InterruptedException {
        return run(new World(scenario, false), threads);
    }

    /** Runs it and writes it down, which takes much longer. */
    static Outcome tell(Scenario scenario, Executor threads) throws InterruptedException {
        return run(new World(scenario, true), threads);
    }

    private static Outcome run(World world, Executor threads) throws InterruptedException {
        world.time.at(Scenario.TROUBLED + LOOK, () -> look(world));
        world.time.run(threads);
        world.tally.ended(world.time.now(), world.time.events());
        world.story.ifPresent(story ->
                story.ended(world.violation().map(what -> "VIOLATED: " + what).orElse("all is well")));
        return new Outcome(
                world.scenario,
                world.violation(),
                world.time.now(),
                world.tally,
                world.story.map(Story::lines).orElseGet(List::of),
                world.story.map(Story::lanes));
    }

    private static void look(World world) {
        Optional<String> unwell = world.checks.unwell();
        if (unwell.isEmpty()) {
            world.time.end();
        } else if (world.time.now() > Scenario.TROUBLED + RECOVERY) {
            world.violated(
                    unwell.get() + ", " + Duration.ofNanos(RECOVERY).toMinutes() + " minutes after the last trouble");
        } else {
            world.time.at(world.time.now() + LOOK, () -> look(world));
        }
    }
}

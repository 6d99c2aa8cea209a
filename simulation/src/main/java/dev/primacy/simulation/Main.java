// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.simulation.Simulation.Outcome;
import dev.primacy.time.Allowed;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program behind {@code bin/simulate}. */
@Allowed("a program's main")
@Command(
        name = "bin/simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Plays histories of whole groups of sites in virtual time: the production code over simulated stores, networks "
                    + "and servers, through ten minutes of seeded disasters each, with a check of the safety claims after "
                    + "every event. docs/simulation.md tells what is simulated and what is checked.",
            "A violation is shrunk to the fewest troubles that show it, and told as a story.",
            "Exit status: 0 nothing was violated, 1 something was, 2 wrong usage.",
            ""
        })
final class Main implements Callable<Integer> {
    private static final int SEEDS = 1_000_000_000;
    private static final Duration UNBOUNDED = Duration.ofDays(1000);
    private static final int MOST_SITES = 7;
    private static final int MOST_MEMBERS = 9;
    private static final int MOST_TROUBLES = 100;
    private static final Path KEPT = Path.of("simulation/src/test/resources/histories");

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--histories", paramLabel = "N", description = "how many, with seeds from S on; 1000 if not given")
    private @Nullable Long histories;

    @Option(names = "--seconds", paramLabel = "T", description = "begin no more histories after so long")
    private @Nullable Integer seconds;

    @Option(names = "--seed", paramLabel = "S", description = "of the first history; drawn and shown if not given")
    private @Nullable Long seed;

    @Option(names = "--sites", paramLabel = "N", description = "in each history, 1 to 7; drawn if not given")
    private @Nullable Integer sites;

    @Option(names = "--members", paramLabel = "N", description = "of each site, 1 to 9; drawn if not given")
    private @Nullable Integer members;

    @Option(
            names = "--troubles",
            paramLabel = "N",
            description = "in each history, 1 to 100; drawn, from 20 to 29, if not given")
    private @Nullable Integer troubles;

    @Option(names = "--threads", paramLabel = "N", description = "play at a time; as many as processors if not given")
    private @Nullable Integer threads;

    @Option(names = "--rows", description = "show how often each row of the decision tables was reached, by its reason")
    private boolean rows;

    @Option(names = "--story", description = "tell one history, that of the seed")
    private boolean story;

    @Option(names = "--svg", paramLabel = "FILE", description = "draw one history")
    private @Nullable Path svg;

    @Option(
            names = "--keep",
            paramLabel = "NAME",
            description = "keep one history, shrunk if it violates something, as a test: histories/NAME.txt")
    private @Nullable String keep;

    @Option(names = "--play", paramLabel = "FILE", description = "play the history in this file, not that of a seed")
    private @Nullable Path play;

    @Option(names = "--terminal", hidden = true)
    private boolean terminal;

    public static void main(String[] arguments) {
        CommandLine program = new CommandLine(new Main());
        program.setParameterExceptionHandler((problem, given) -> {
            System.err.println("simulate: " + problem.getMessage() + "; see bin/simulate --help");
            return CommandLine.ExitCode.USAGE;
        });
        program.setExecutionExceptionHandler((problem, line, parsed) -> {
            System.err.println("simulate: " + problem.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(program.execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        requireUsable();
        if (story || svg != null || keep != null || play != null) {
            return one() ? 0 : 1;
        }
        long first = firstSeed();
        long count = histories == null ? 1000 : histories;
        int lanes = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        System.out.println("Seeds " + first + " to " + (first + count - 1));
        Duration atMost = seconds == null ? UNBOUNDED : Duration.ofSeconds(seconds);
        return new Campaign(number -> scenario(first + number), count, lanes, terminal).run(atMost, rows) ? 0 : 1;
    }

    private void requireUsable() {
        boolean one = story || svg != null || keep != null || play != null;
        require(histories == null || histories >= 1, "--histories must be 1 or more");
        require(!one || histories == null || histories == 1, "--story, --svg, --keep and --play are for one history");
        require(seconds == null || seconds >= 1, "--seconds must be 1 or more");
        require(threads == null || threads >= 1, "--threads must be 1 or more");
        require(sites == null || (sites >= 1 && sites <= MOST_SITES), "--sites must be from 1 to " + MOST_SITES);
        require(
                members == null || (members >= 1 && members <= MOST_MEMBERS),
                "--members must be from 1 to " + MOST_MEMBERS);
        require(
                troubles == null || (troubles >= 1 && troubles <= MOST_TROUBLES),
                "--troubles must be from 1 to " + MOST_TROUBLES);
        require(keep == null || keep.matches("[a-z0-9]+(-[a-z0-9]+)*"), "--keep needs a name like a-frozen-leader");
        require(
                play == null || (seed == null && sites == null && members == null && troubles == null),
                "--play takes seed, sites, members and troubles from its file");
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), otherwise);
        }
    }

    private long firstSeed() {
        return seed == null ? new SecureRandom().nextInt(SEEDS) : seed;
    }

    private Scenario scenario(long of) {
        return Scenario.of(of, given(sites), given(members), given(troubles));
    }

    private static int given(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    private boolean one() throws IOException, InterruptedException {
        ExecutorService events = Threads.pool();
        try {
            Scenario scenario = play == null ? scenario(firstSeed()) : read(play);
            Outcome outcome = Player.play(scenario, true, events);
            if (keep != null) {
                if (outcome.violation().isPresent()) {
                    outcome = Player.play(new Finding(outcome, events).smallest(), true, events);
                }
                keep(keep, outcome);
            }
            if (story) {
                System.out.print(ScenarioText.of(outcome.scenario()));
                System.out.println();
                StoryText.folded(outcome.story()).forEach(System.out::println);
            } else {
                System.out.println("Seed " + outcome.scenario().seed() + ": "
                        + outcome.violation().map(what -> "VIOLATED: " + what).orElse("nothing was violated"));
            }
            if (svg != null && outcome.lanes().isPresent()) {
                Files.writeString(svg, Picture.of(outcome));
                System.out.println("Picture: " + svg);
            }
            return outcome.violation().isEmpty();
        } finally {
            events.shutdown();
        }
    }

    private static Scenario read(Path file) throws IOException {
        try {
            return ScenarioText.parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        }
    }

    private static void keep(String name, Outcome outcome) throws IOException {
        Path file =
                Path.of(System.getProperty("project.root", ".")).resolve(KEPT).resolve(name + ".txt");
        String note = outcome.violation()
                .map(what -> "# Violated when it was kept: " + what)
                .orElse("# Nothing was violated when it was kept.");
        Files.createDirectories(file.getParent());
        try {
            Files.writeString(file, note + "\n" + ScenarioText.of(outcome.scenario()), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("there is a history of that name already: " + file, e);
        }
        System.out.println("Kept: " + file);
    }
}

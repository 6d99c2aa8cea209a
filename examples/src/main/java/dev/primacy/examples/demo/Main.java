// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.demo;

import dev.primacy.lab.LabException;
import dev.primacy.lab.report.Report;
import dev.primacy.lab.report.Run;
import dev.primacy.lab.verdict.Incident;
import dev.primacy.lab.verdict.Verdict;
import dev.primacy.time.Allowed;
import dev.primacy.time.BootClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program behind {@code bin/demo}, which also holds the help. */
@Command(name = "demo")
public final class Main implements Callable<Integer> {
    private final Console console = new Console(BootClock.system());

    @Mixin
    private final Options options = new Options();

    private Main() {}

    /** Exit status: 0 passed, 1 failed, 2 wrong usage. */
    @Allowed("a program's main decides its exit status")
    public static void main(String[] arguments) {
        Main main = new Main();
        CommandLine commands = new CommandLine(main).setCaseInsensitiveEnumValuesAllowed(true);
        commands.setParameterExceptionHandler((e, given) -> {
            main.console.problem("demo: " + e.getMessage() + "; see bin/demo --help");
            return CommandLine.ExitCode.USAGE;
        });
        commands.setExecutionExceptionHandler((e, command, parsed) -> {
            LoggerFactory.getLogger(Main.class).error("failed", e);
            main.console.problem("demo: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(commands.execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        return run(options, Scenes::all, Tables::outcomes);
    }

    @Command(name = "bench")
    int bench(
            @Mixin Options given,
            @Option(names = "--runs", defaultValue = "5") int runs,
            @Parameters(arity = "1..*", paramLabel = "EVENT") List<Bench> events)
            throws IOException {
        return run(given, scenes -> Bench.play(scenes, events, runs), Tables::medians);
    }

    private int run(Options given, Function<Scenes, List<Incident>> play, Function<Verdict, List<String>> table)
            throws IOException {
        Path logs = given.settings().logs();
        // Before anything logs.
        System.setProperty("demo.log", logs.resolve("demo.log").toString());
        try (Stage stage = new Stage(given.settings())) {
            try {
                stage.open(console);
                List<Incident> incidents = play.apply(new Scenes(stage, console));
                return tell(stage.judge(incidents, given.facts()), given.out().resolve("report.html"), table);
            } catch (LabException e) {
                if (stage.isInterrupted()) {
                    return CommandLine.ExitCode.SOFTWARE;
                }
                throw new LabException(e.getMessage() + "; what the nodes said is in " + logs, e);
            }
        }
    }

    private int tell(Run run, Path report, Function<Verdict, List<String>> table) throws IOException {
        Files.writeString(report, Report.html(run));
        Verdict verdict = run.verdict();
        console.line("");
        table.apply(verdict).forEach(line -> console.line("%s", line));
        console.line("");
        verdict.problems().forEach(problem -> console.line("FAILED: %s", problem));
        if (verdict.passed()) {
            console.line("Passed: at no moment did two nodes accept writes.");
        }
        console.line("Picture: %s", report);
        return verdict.passed() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}

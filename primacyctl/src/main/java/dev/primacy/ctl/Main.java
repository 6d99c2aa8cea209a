// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.agent.config.ConfigException;
import dev.primacy.agent.config.ConfigFile;
import dev.primacy.agent.config.ControlConfig;
import dev.primacy.dcs.DcsException;
import dev.primacy.time.Allowed;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program behind {@code bin/primacyctl}. */
@Command(
        name = "primacyctl",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows and changes clusters, with the commands, options and output of Patroni's own tool.",
            "Exit status: 0 done, 1 not done and why, 2 wrong usage.",
            ""
        },
        subcommands = {
            ListCommand.class,
            SwitchoverCommand.class,
            FailoverCommand.class,
            RestartCommand.class,
            ReinitCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            EditConfigCommand.class,
            ShowConfigCommand.class,
            HistoryCommand.class
        })
final class Main implements Runnable {
    @Option(
            names = {"-c", "--config-file"},
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "patroni.yml; else the file in PATRONICTL_CONFIG_FILE, else ~/.config/patroni/patronictl.yaml")
    private @Nullable Path file;

    @Option(
            names = {"-k", "--insecure"},
            scope = ScopeType.INHERIT,
            description = "do not check the certificates of members")
    private boolean insecure;

    private final BufferedReader in;
    private final PrintWriter out;
    private final Map<String, String> environment;
    private final Times times;

    Main(BufferedReader in, PrintWriter out, Map<String, String> environment, Times times) {
        this.in = in;
        this.out = out;
        this.environment = environment;
        this.times = times;
    }

    @Allowed("a program's main")
    public static void main(String[] arguments) {
        // The stores' clients would log to where people read.
        LogManager.getLogManager().reset();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter errors = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Times times = new Times(InstantSource.system(), ZoneId.systemDefault());
        System.exit(execute(new Main(in, out, System.getenv(), times), out, errors, arguments));
    }

    /** Runs one command, and returns the exit status. */
    static int execute(Main main, PrintWriter out, PrintWriter errors, String... arguments) {
        return new CommandLine(main)
                .setOut(out)
                .setErr(errors)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    if (problem instanceof CtlException
                            || problem instanceof ConfigException
                            || problem instanceof DcsException) {
                        errors.println("Error: " + problem.getMessage());
                        return 1;
                    }
                    throw problem;
                })
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(new CommandLine(this), "name a command; --help shows what there is");
    }

    /** What a command works with. */
    Session open(Optional<String> cluster) {
        ControlConfig config = config();
        String name = cluster.or(config::scope)
                .orElseThrow(() -> new CtlException("name the cluster: the configuration file has no scope"));
        return new Session(new Cluster(config, name), new Rest(config), new Terminal(in, out), times);
    }

    private ControlConfig config() {
        Path home = Path.of(environment.getOrDefault("HOME", ""), ".config", "patroni", "patronictl.yaml");
        Path chosen = file == null
                ? Optional.ofNullable(environment.get("PATRONICTL_CONFIG_FILE"))
                        .map(Path::of)
                        .orElse(home)
                : file;
        ControlConfig read = ConfigFile.readControl(chosen);
        return insecure ? read.withoutChecks() : read;
    }
}

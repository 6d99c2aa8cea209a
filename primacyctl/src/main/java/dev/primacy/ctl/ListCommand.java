// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.dcs.record.ClusterView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Shows members. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows the members of clusters, out of the store.")
final class ListCommand implements Callable<Integer> {
    private static final String CLEAR = "\u001b[H\u001b[2J";

    @ParentCommand
    private @Nullable Main main;

    @Parameters(arity = "0..*", paramLabel = "CLUSTER", description = "else the scope of the configuration file")
    private List<String> clusters = new ArrayList<>();

    @Option(
            names = {"-e", "--extended"},
            description = "all columns, also those without a value")
    private boolean extended;

    @Option(
            names = {"-t", "--timestamp"},
            description = "when this was so")
    private boolean timestamp;

    @Option(
            names = {"-f", "--format"},
            defaultValue = "pretty",
            description = "${COMPLETION-CANDIDATES}")
    private Format format = Format.pretty;

    @Option(names = "-W", description = "again every 2 seconds")
    private boolean again;

    @Option(
            names = {"-w", "--watch"},
            paramLabel = "SECONDS",
            description = "again so often")
    private @Nullable Integer watch;

    @Override
    public Integer call() {
        List<Optional<String>> asked = clusters.isEmpty()
                ? List.of(Optional.empty())
                : clusters.stream().map(Optional::of).toList();
        int seconds = watch != null ? watch : again ? 2 : 0;
        boolean goesOn;
        do {
            asked.forEach(cluster -> show(cluster, seconds));
            goesOn = seconds > 0;
        } while (goesOn);
        return 0;
    }

    private void show(Optional<String> name, int seconds) {
        if (main == null) {
            throw new IllegalStateException("called without the program");
        }
        try (Session session = main.open(name)) {
            ClusterView view = session.cluster().look();
            if (seconds > 0) {
                session.say(CLEAR);
            }
            if (timestamp) {
                session.say(Times.shown(session.times().now()));
            }
            session.say(Members.sheet(session.cluster().name(), view, extended).as(format));
            if (format == Format.pretty) {
                Members.footer(view).forEach(session::say);
            }
            if (seconds > 0) {
                session.cluster().await(Duration.ofSeconds(seconds), () -> false);
            }
        }
    }
}

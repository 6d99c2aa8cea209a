// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.config;

import dev.primacy.postgres.FencingSettings;
import dev.primacy.postgres.FencingSettings.Command;
import dev.primacy.postgres.FencingSettings.Driver;
import dev.primacy.postgres.FencingSettings.Mode;
import dev.primacy.postgres.FencingSettings.Watchdog;
import dev.primacy.time.LeaseTiming;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what fences the server beside the guard: the section {@code fencing}, which is ours, and Patroni's {@code watchdog}. */
record FencingConfig(Section root) {
    private static final Logger LOG = LoggerFactory.getLogger(FencingConfig.class);
    /** What an agent has, after its server was fenced, to stop the watchdog. */
    private static final Duration TO_STOP = Duration.ofSeconds(2);

    FencingSettings settings(LeaseTiming timing) {
        Section fencing = root.section("fencing");
        return new FencingSettings(
                mode(fencing, "kernel_lease", Mode.OFF),
                watchdog(root.section("watchdog"), timing),
                fencing.has("command") ? command(fencing.section("command")) : Optional.empty());
    }

    /** A device that is not there when the agent starts costs nothing: only a watchdog makes the right end earlier. */
    private static Watchdog watchdog(Section section, LeaseTiming timing) {
        Mode mode = mode(section, "mode", Mode.AUTOMATIC);
        Path device = Path.of(section.text("device", "/dev/watchdog"));
        Driver driver = section.text("driver", "default").equals("testing") ? Driver.TESTING : Driver.DEFAULT;
        long ttl = timing.ttl().toSeconds();
        long margin = section.number("safety_margin", 5);
        Duration timeout = Duration.ofSeconds(margin == -1 ? ttl / 2 : ttl - margin);
        if (mode == Mode.OFF || (mode == Mode.AUTOMATIC && !Files.isWritable(device))) {
            return Watchdog.NONE;
        }
        Duration after = timing.ttl().minus(timeout).plus(TO_STOP);
        Optional<String> problem = problem(timing, timeout, after);
        if (problem.isEmpty()) {
            return new Watchdog(mode, device, driver, timeout, after);
        }
        if (mode == Mode.REQUIRED) {
            section.problem("safety_margin", problem.get());
        } else {
            LOG.warn("Going on without the watchdog {}: watchdog.safety_margin {}", device, problem.get());
        }
        return Watchdog.NONE;
    }

    private static Optional<String> problem(LeaseTiming timing, Duration timeout, Duration after) {
        if (timeout.compareTo(timing.renewEvery()) < 0 || timeout.compareTo(timing.ttl()) > 0) {
            return Optional.of(
                    "makes the watchdog wait " + timeout.toSeconds() + " s, which must lie between loop_wait "
                            + timing.renewEvery().toSeconds() + " s and ttl "
                            + timing.ttl().toSeconds() + " s");
        }
        try {
            timing.withMargin(after);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("leaves too little: " + e.getMessage());
        }
    }

    private static Optional<Command> command(Section section) {
        List<String> program = section.list("run");
        if (program.isEmpty()) {
            section.problem("run", "is missing: name the program");
        }
        return Optional.of(new Command(
                program, mode(section, "mode", Mode.REQUIRED), section.seconds("timeout", Duration.ofSeconds(10))));
    }

    /** Patroni's words; YAML makes {@code false} of an {@code off} without quotation marks. */
    private static Mode mode(Section section, String key, Mode otherwise) {
        Optional<String> word = section.text(key).map(text -> text.toLowerCase(Locale.ROOT));
        if (word.isEmpty()) {
            return otherwise;
        }
        return switch (word.get()) {
            case "off", "false" -> Mode.OFF;
            case "automatic", "auto" -> Mode.AUTOMATIC;
            case "required", "require" -> Mode.REQUIRED;
            default -> {
                section.problem(key, "is none of off, automatic, required: '" + word.get() + "'");
                yield otherwise;
            }
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.config;

import dev.primacy.postgres.FencingSettings;
import dev.primacy.postgres.FencingSettings.Command;
import dev.primacy.postgres.FencingSettings.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what fences the server beside the guard: the section {@code fencing}, which is ours. */
record FencingConfig(Section root) {
    FencingSettings settings() {
        Section fencing = root.section("fencing");
        return new FencingSettings(
                mode(fencing, "kernel_lease", Mode.OFF),
                fencing.has("command") ? command(fencing.section("command")) : Optional.empty());
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

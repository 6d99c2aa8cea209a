// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Moves the lead to another member, losing nothing. */
@Command(
        name = "switchover",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Has the leader hand over to another member. Loses nothing.")
final class SwitchoverCommand extends OneClusterCommand {
    @Option(
            names = {"--leader", "--primary"},
            paramLabel = "MEMBER",
            description = "that leads now")
    private @Nullable String leader;

    @Option(names = "--candidate", paramLabel = "MEMBER", description = "that is to lead; else any")
    private @Nullable String candidate;

    @Option(
            names = "--scheduled",
            paramLabel = "TIME",
            description = "when, for example 2026-12-01T03:00+01:00; or now")
    private @Nullable String scheduled;

    @Option(names = "--force", description = "ask nothing")
    private boolean force;

    @Override
    boolean run(Session session) {
        return new Handover(session, "switchover", force)
                .run(Optional.ofNullable(leader), Optional.ofNullable(candidate), Optional.ofNullable(scheduled));
    }
}

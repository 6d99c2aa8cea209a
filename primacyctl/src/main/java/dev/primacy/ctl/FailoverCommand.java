// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Gives the lead to a member, also where nobody leads. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Gives the lead to a member, also where there is no leader. May lose what that member lacks.")
final class FailoverCommand extends OneClusterCommand {
    @Option(names = "--candidate", paramLabel = "MEMBER", description = "that is to lead")
    private @Nullable String candidate;

    @Option(names = "--force", description = "ask nothing")
    private boolean force;

    @Override
    boolean run(Session session) {
        return new Handover(session, "failover", force)
                .run(Optional.empty(), Optional.ofNullable(candidate), Optional.empty());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends a pause. */
@Command(name = "resume", mixinStandardHelpOptions = true, sortOptions = false, description = "Ends the pause.")
final class ResumeCommand extends OneClusterCommand {
    @Option(names = "--wait", description = "until all members know")
    private boolean wait;

    @Override
    boolean run(Session session) {
        return PauseCommand.toggle(session, false, wait);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import picocli.CommandLine.Command;

/** Shows settings. */
@Command(
        name = "show-config",
        mixinStandardHelpOptions = true,
        description = "Shows the settings of the whole cluster, as YAML.")
final class ShowConfigCommand extends OneClusterCommand {
    @Override
    boolean run(Session session) {
        session.cluster()
                .look()
                .config()
                .value()
                .ifPresent(config -> session.say(Documents.settings(config.settings())));
        return true;
    }
}

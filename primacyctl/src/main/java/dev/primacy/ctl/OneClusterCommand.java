// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** A command that takes the cluster of the configuration file if none is named. */
abstract class OneClusterCommand extends ClusterCommand {
    @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "else the scope of the configuration file")
    private @Nullable String cluster;

    @Override
    final Optional<String> cluster() {
        return Optional.ofNullable(cluster);
    }
}

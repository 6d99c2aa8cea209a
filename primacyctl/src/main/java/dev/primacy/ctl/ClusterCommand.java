// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParentCommand;

/** A command about one cluster. */
abstract class ClusterCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Main main;

    @Override
    public Integer call() {
        try (Session session = open(cluster())) {
            return run(session) ? 0 : 1;
        }
    }

    final Session open(Optional<String> cluster) {
        if (main == null) {
            throw new IllegalStateException("called without the program");
        }
        return main.open(cluster);
    }

    /** The cluster that was named. */
    abstract Optional<String> cluster();

    /** Whether it was done. */
    abstract boolean run(Session session);
}

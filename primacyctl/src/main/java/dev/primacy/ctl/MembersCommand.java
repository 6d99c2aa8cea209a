// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.Overview.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command for members of a cluster, which a person confirms. */
abstract class MembersCommand extends ClusterCommand {
    @Parameters(index = "0", paramLabel = "CLUSTER")
    private @Nullable String cluster;

    @Parameters(index = "1..*", paramLabel = "MEMBER")
    private List<String> members = new ArrayList<>();

    @Option(names = "--force", description = "ask nothing")
    private boolean force;

    @Override
    final Optional<String> cluster() {
        return Optional.ofNullable(cluster);
    }

    final boolean force() {
        return force;
    }

    final List<String> named() {
        return members;
    }

    final List<Row> choose(Session session, ClusterView view, MemberRole role) {
        List<Row> all = Members.chosen(view, members, role);
        if (all.isEmpty()) {
            throw new CtlException(session.cluster().name() + " cluster doesn't have any members");
        }
        return all;
    }

    final void confirm(Session session, List<Row> chosen, String action) {
        if (!force) {
            session.terminal()
                    .confirm(
                            "Are you sure you want to " + action + " members " + Session.names(chosen) + "?",
                            "Aborted " + action);
        }
    }
}

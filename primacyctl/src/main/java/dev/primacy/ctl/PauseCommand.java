// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.record.Overview;
import dev.primacy.dcs.record.Overview.Row;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Begins a pause. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Keeps the cluster from starting, stopping and promoting anything by itself.")
final class PauseCommand extends OneClusterCommand {
    private static final Duration RECOGNIZED = Duration.ofSeconds(30);

    @Option(names = "--wait", description = "until all members know")
    private boolean wait;

    @Override
    boolean run(Session session) {
        return toggle(session, true, wait);
    }

    static boolean isPaused(ClusterView view) {
        return Overview.of(view).paused();
    }

    static boolean toggle(Session session, boolean paused, boolean wait) {
        ClusterView view = session.cluster().look();
        if (isPaused(view) == paused) {
            throw new CtlException("Cluster is " + (paused ? "already" : "not") + " paused");
        }
        JsonObject change = JsonObject.EMPTY.with("pause", paused ? Optional.of(true) : Optional.of(Optional.empty()));
        Rest.Reply reply = askOne(session, view, change);
        String word = paused ? "pause" : "resume";
        if (reply.code() != 200) {
            session.say(
                    "Failed: " + word + " cluster management status code=" + reply.code() + ", (" + reply.text() + ")");
            return false;
        }
        if (wait && !isRecognized(session, paused, word)) {
            return false;
        }
        session.say("Success: cluster management is " + (paused ? "paused" : "resumed"));
        return true;
    }

    /** The first member that answers, the leader first. */
    private static Rest.Reply askOne(Session session, ClusterView view, JsonObject change) {
        List<Row> members = Overview.of(view).rows().stream()
                .filter(row -> Session.isReachable(row.member()))
                .sorted(Comparator.comparing(Row::leads).reversed())
                .toList();
        for (Row member : members) {
            try {
                return session.rest().send(member.member(), "PATCH", "config", change);
            } catch (IOException e) {
                session.say("Member " + member.name() + " is not accessible");
            }
        }
        throw new CtlException("Can not find accessible cluster member");
    }

    private static boolean isRecognized(Session session, boolean paused, String word) {
        session.say("'" + word + "' request sent, waiting until it is recognized by all nodes");
        boolean all = session.cluster()
                .await(RECOGNIZED, () -> unaware(session, paused).isEmpty());
        if (!all) {
            session.say(String.join(", ", unaware(session, paused)) + " members didn't recognized pause state after "
                    + RECOGNIZED.toSeconds() + " seconds");
        }
        return all;
    }

    private static List<String> unaware(Session session, boolean paused) {
        ClusterView now = session.cluster().look();
        return now.members().keySet().stream()
                .filter(name -> now.member(name).map(MemberRecord::paused).orElse(paused) != paused)
                .toList();
    }
}

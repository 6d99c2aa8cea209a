// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.Overview.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Copies members anew. */
@Command(
        name = "reinit",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Removes the data of members that do not lead, and copies it anew.")
final class ReinitCommand extends MembersCommand {
    private static final Duration LONGEST = Duration.ofDays(7);

    @Option(names = "--from-leader", description = "copy from the leader, whatever other member offers itself")
    private boolean fromLeader;

    @Option(names = "--wait", description = "until they are copied")
    private boolean wait;

    @Override
    boolean run(Session session) {
        ClusterView view = session.show();
        List<Row> replicas = choose(session, view, MemberRole.REPLICA);
        List<Row> members = named().isEmpty() && !force()
                ? Members.chosen(
                        view,
                        List.of(session.terminal()
                                .ask(
                                        "Which member do you want to reinitialize [" + Session.names(replicas) + "]?",
                                        "nobody")),
                        MemberRole.REPLICA)
                : named().isEmpty() ? List.of() : replicas;
        confirm(session, members, "reinitialize");
        List<Row> started = new ArrayList<>();
        for (Row member : members) {
            if (start(session, member)) {
                started.add(member);
            }
        }
        if (wait) {
            started.forEach(member -> await(session, member));
        }
        return started.size() == members.size();
    }

    private boolean start(Session session, Row member) {
        Rest.Reply reply = ask(session, member, force());
        boolean done = session.report(member, "reinitialize", reply);
        if (!done
                && !force()
                && reply.text().endsWith(" already in progress")
                && session.terminal().isConfirmed("Do you want to cancel it and reinitialize anyway?")) {
            return session.report(member, "reinitialize", ask(session, member, true));
        }
        return done;
    }

    private Rest.Reply ask(Session session, Row member, boolean forced) {
        JsonObject body = JsonObject.EMPTY.with("force", forced).with("from_leader", fromLeader);
        return session.ask(member, "POST", "reinitialize", body);
    }

    private static void await(Session session, Row member) {
        session.say("Waiting for reinitialize to complete on: " + member.name());
        boolean done = session.cluster().await(LONGEST, () -> {
            Rest.Reply reply = session.ask(member, "GET", "patroni", JsonObject.EMPTY);
            return !reply.text().contains("\"state\":\"creating replica\"");
        });
        if (done) {
            session.say("Reinitialize is completed on: " + member.name());
        }
    }
}

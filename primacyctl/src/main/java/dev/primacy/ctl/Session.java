// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.record.Overview.Row;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/** What a command works with: a cluster, its members' APIs, and a person. */
record Session(Cluster cluster, Rest rest, Terminal terminal, Times times) implements AutoCloseable {
    private static final int REFUSED = 400;

    void say(String line) {
        terminal.say(line);
    }

    void sayNow(String line) {
        OffsetDateTime now = times.now().truncatedTo(ChronoUnit.MILLIS);
        say(Times.shown(now) + " " + line);
    }

    /** Prints the members as they are now. */
    ClusterView show() {
        ClusterView view = cluster.look();
        show(view);
        return view;
    }

    void show(ClusterView view) {
        say(Members.sheet(cluster.name(), view, false).as(Format.pretty));
        Members.footer(view).forEach(this::say);
    }

    /** Asks a member, which is known to have an API. */
    Rest.Reply ask(Row member, String method, String path, JsonObject body) {
        try {
            return rest.send(member.member(), method, path, body);
        } catch (IOException e) {
            throw new CtlException("member " + member.name() + " does not answer at "
                    + member.member().apiUrl() + ": " + e);
        }
    }

    /** As {@link #ask(Row, String, String, JsonObject)}, and says what came of it. */
    boolean report(Row member, String action, Rest.Reply reply) {
        boolean done = reply.code() < REFUSED;
        say(
                done
                        ? "Success: " + action + " for member " + member.name()
                        : "Failed: " + action + " for member " + member.name() + ", status code=" + reply.code() + ", ("
                                + reply.text() + ")");
        return done;
    }

    static String names(List<Row> members) {
        return members.stream().map(Row::name).collect(Collectors.joining(", "));
    }

    static boolean isReachable(MemberRecord member) {
        return !member.apiUrl().isEmpty();
    }

    @Override
    public void close() {
        cluster.close();
    }
}

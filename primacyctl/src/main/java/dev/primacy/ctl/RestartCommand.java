// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.IsoTime;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.Overview.Row;
import java.security.SecureRandom;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Restarts servers. */
@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Restarts PostgreSQL on members, the leader included, which stays the leader.")
final class RestartCommand extends MembersCommand {
    @Option(
            names = {"-r", "--role"},
            converter = MemberRole.Converter.class,
            defaultValue = "any",
            description = "only members with this role: leader, primary, standby-leader, replica, standby, any")
    private MemberRole role = MemberRole.ANY;

    @Option(names = "--any", description = "one of them only")
    private boolean any;

    @Option(
            names = "--scheduled",
            paramLabel = "TIME",
            description = "when, for example 2026-12-01T03:00+01:00; or now")
    private @Nullable String scheduled;

    @Option(names = "--pg-version", paramLabel = "VERSION", description = "only servers below it, for example 15.4")
    private @Nullable String version;

    @Option(names = "--pending", description = "only servers with settings that wait for a restart")
    private boolean pending;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "for the start")
    private @Nullable String timeout;

    @Override
    boolean run(Session session) {
        ClusterView view = session.show();
        List<Row> members = choose(session, view, role);
        Optional<OffsetDateTime> at = session.times()
                .schedule(
                        scheduled != null
                                ? scheduled
                                : force()
                                        ? "now"
                                        : session.terminal()
                                                .ask(
                                                        "When should the restart take place (e.g. "
                                                                + session.times()
                                                                        .nextHour() + ") ",
                                                        "now"));
        if (pending && at.isEmpty()) {
            members = members.stream()
                    .filter(row -> row.member().pendingRestart())
                    .toList();
        }
        if (any && !members.isEmpty()) {
            members = List.of(members.get(new SecureRandom().nextInt(members.size())));
        }
        if (at.isPresent() && PauseCommand.isPaused(view)) {
            throw new CtlException("Can't schedule restart in the paused state");
        }
        confirm(session, members, at.isPresent() ? "schedule restart of" : "restart");
        JsonObject request = request(at);
        boolean done = true;
        for (Row member : members) {
            done &= restart(session, member, request);
        }
        return done;
    }

    private JsonObject request(Optional<OffsetDateTime> at) {
        JsonObject request = JsonObject.EMPTY;
        if (pending) {
            request = request.with("restart_pending", true);
        }
        return request.with("postgres_version", Optional.ofNullable(version).filter(text -> !text.isEmpty()))
                .with("schedule", at.map(IsoTime::format))
                .with("timeout", Optional.ofNullable(timeout));
    }

    private boolean restart(Session session, Row member, JsonObject request) {
        boolean later = request.fields().contains("schedule");
        if (later && force() && member.member().scheduledRestart().isPresent()) {
            Rest.Reply flushed = session.ask(member, "DELETE", "restart", JsonObject.EMPTY);
            if (flushed.code() / 100 != 2) {
                session.report(member, "flush scheduled restart", flushed);
            }
        }
        Rest.Reply reply = session.ask(member, "POST", "restart", request);
        session.say(
                switch (reply.code()) {
                    case 200 -> "Success: restart on member " + member.name();
                    case 202 -> "Success: restart scheduled on member " + member.name();
                    case 409 -> "Failed: another restart is already scheduled on member " + member.name();
                    default ->
                        "Failed: restart for member " + member.name() + ", status code=" + reply.code() + ", ("
                                + reply.text() + ")";
                });
        return reply.code() / 100 == 2;
    }
}

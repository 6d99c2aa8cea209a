// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.FailoverRecord;
import dev.primacy.dcs.record.IsoTime;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A switchover or failover: found out with a person, asked of a member, and where none answers, written into the store. */
final class Handover {
    private static final int NOT_SUPPORTED = 501;

    private final Session session;
    private final String action;
    private final boolean force;

    Handover(Session session, String action, boolean force) {
        this.session = session;
        this.action = action;
        this.force = force;
    }

    private boolean isSwitchover() {
        return action.equals("switchover");
    }

    boolean run(Optional<String> givenLeader, Optional<String> givenCandidate, Optional<String> givenTime) {
        session.say("Current cluster topology");
        ClusterView view = session.show();
        Optional<String> leader = isSwitchover() ? Optional.of(leader(view, givenLeader)) : Optional.empty();
        Optional<String> candidate = candidate(view, givenCandidate);
        Optional<OffsetDateTime> at = isSwitchover() ? schedule(view, givenTime) : Optional.empty();
        confirm(view, at);
        return send(view, FailoverRecord.of(leader, candidate, at));
    }

    private String leader(ClusterView view, Optional<String> given) {
        String current = view.leaderName().orElseThrow(() -> new CtlException("This cluster has no leader"));
        String chosen =
                given.orElseGet(() -> force ? current : session.terminal().ask("Primary", current));
        if (!chosen.equals(current)) {
            throw new CtlException("Member " + chosen + " is not the leader of cluster "
                    + session.cluster().name());
        }
        return chosen;
    }

    private Optional<String> candidate(ClusterView view, Optional<String> given) {
        List<String> names = view.members().keySet().stream()
                .filter(name -> !view.leaderName().equals(Optional.of(name)))
                .filter(name -> view.member(name)
                        .filter(member -> !member.tags().nofailover())
                        .isPresent())
                .toList();
        if (names.isEmpty()) {
            throw new CtlException("No candidates found to " + action + " to");
        }
        Optional<String> chosen = given.or(() -> force
                        ? Optional.empty()
                        : Optional.of(session.terminal().ask("Candidate " + names, "")))
                .filter(name -> !name.isEmpty());
        if (chosen.isEmpty() && !isSwitchover()) {
            throw new CtlException("Failover could be performed only to a specific candidate");
        }
        chosen.filter(name -> !names.contains(name)).ifPresent(name -> {
            String cluster = session.cluster().name();
            throw new CtlException(
                    view.leaderName().equals(Optional.of(name))
                            ? "Member " + name + " is already the leader of cluster " + cluster
                            : "Member " + name + " does not exist in cluster " + cluster
                                    + " or is tagged as nofailover");
        });
        return chosen;
    }

    private Optional<OffsetDateTime> schedule(ClusterView view, Optional<String> given) {
        String text = given.orElseGet(() -> force
                ? "now"
                : session.terminal()
                        .ask(
                                "When should the switchover take place (e.g. "
                                        + session.times().nextHour() + " ) ",
                                "now"));
        Optional<OffsetDateTime> at = session.times().schedule(text);
        if (at.isPresent() && PauseCommand.isPaused(view)) {
            throw new CtlException("Can't schedule switchover in the paused state");
        }
        return at;
    }

    private void confirm(ClusterView view, Optional<OffsetDateTime> at) {
        if (force) {
            return;
        }
        String demoting = view.leaderName()
                .map(name -> ", demoting current leader " + name)
                .orElse("");
        String cluster = session.cluster().name();
        if (at.isPresent()) {
            session.terminal()
                    .confirm(
                            "Are you sure you want to schedule switchover of cluster " + cluster + " at "
                                    + IsoTime.format(at.get()) + demoting + "?",
                            "Aborting scheduled " + action);
        } else {
            session.terminal()
                    .confirm(
                            "Are you sure you want to " + action + " cluster " + cluster + demoting + "?",
                            "Aborting " + action);
        }
    }

    private boolean send(ClusterView view, FailoverRecord request) {
        Optional<MemberRecord> member =
                view.leaderMember().or(() -> request.member().flatMap(view::member));
        try {
            Rest.Reply reply = ask(member.orElseThrow(() -> new IOException("nobody to ask")), action, request);
            if (reply.code() == NOT_SUPPORTED && isSwitchover()) {
                // A Patroni that is too old to tell them apart.
                reply = ask(member.get(), "failover", request);
            }
            if (reply.code() / 100 != 2) {
                session.say(action.substring(0, 1).toUpperCase(Locale.ROOT) + action.substring(1) + " failed, details: "
                        + reply.code() + ", " + reply.text());
                return false;
            }
            session.sayNow(reply.text());
        } catch (IOException e) {
            session.sayNow("Could not " + action + " using Patroni api, falling back to DCS");
            if (!session.cluster().write(RecordWrite.blind(RecordKey.FAILOVER, request.encode()))) {
                throw new CtlException("failed to write failover key into DCS");
            }
        }
        session.show();
        return true;
    }

    private Rest.Reply ask(MemberRecord member, String path, FailoverRecord request) throws IOException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("candidate", request.member());
        request.leader().ifPresent(leader -> body.put("leader", leader));
        request.scheduledAt().ifPresent(at -> body.put("scheduled_at", IsoTime.format(at)));
        return session.rest().send(member, "POST", path, JsonObject.of(body));
    }
}

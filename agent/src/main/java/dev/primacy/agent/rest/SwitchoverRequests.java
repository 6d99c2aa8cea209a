// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.FailoverRecord;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.record.Overview;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /switchover} and {@code /failover}: they write the {@code failover} key, and wait for what comes of it. */
final class SwitchoverRequests {
    private static final Logger LOG = LoggerFactory.getLogger(SwitchoverRequests.class);
    private static final Duration LEAST_WAIT = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final RestServer.Node node;

    SwitchoverRequests(RestServer.Node node) {
        this.node = node;
    }

    Answer switchover(JsonObject request) {
        return handle(Action.SWITCHOVER, request);
    }

    Answer failover(JsonObject request) {
        return handle(Action.FAILOVER, request);
    }

    /** Forgets the one that is scheduled. */
    Answer delete() {
        var failover = ClusterView.of(node.snapshot()).failover();
        if (failover.value().flatMap(FailoverRecord::scheduledAt).isEmpty()) {
            return Answer.text(404, "no switchover is scheduled");
        }
        RecordWrite clear = RecordWrite.over(failover.stored(), RecordKey.FAILOVER, FailoverRecord.NONE.encode());
        return node.dcs().write(clear, node.timeout()) instanceof WriteOutcome.Done
                ? Answer.text(200, "scheduled switchover deleted")
                : Answer.text(409, "the failover key was changed by somebody else meanwhile");
    }

    private Answer handle(Action asked, JsonObject request) {
        Optional<String> leader = name(request, "leader");
        Optional<String> candidate = name(request, "candidate").or(() -> name(request, "member"));
        Optional<String> time = name(request, "scheduled_at");
        ClusterView cluster = ClusterView.of(node.snapshot());
        boolean paused = Overview.of(cluster).paused();
        LOG.info(
                "Received {} request with leader={} candidate={} scheduled_at={}", asked.word, leader, candidate, time);
        require(
                asked == Action.SWITCHOVER || candidate.isPresent(),
                "Failover could be performed only to a specific candidate");
        require(
                asked == Action.FAILOVER || leader.isPresent(),
                "Switchover could be performed only from a specific leader");
        require(asked == Action.SWITCHOVER || time.isEmpty(), "Failover can't be scheduled");
        require(time.isEmpty() || !paused, "Can't schedule switchover in the paused state");
        Optional<OffsetDateTime> at = time.map(text -> Body.schedule(text, asked.word, node.wallClock()));
        require(
                candidate.isPresent() || !paused,
                "Switchover is possible only to a specific candidate in a paused state");
        require(leader.isEmpty() || !leader.equals(candidate), "Switchover target and source are the same");
        Action action = leader.isPresent() ? Action.SWITCHOVER : asked;
        if (at.isEmpty()) {
            Optional<String> obstacle = obstacle(cluster, leader, candidate, action);
            if (obstacle.isPresent()) {
                return Answer.text(412, obstacle.get());
            }
        }
        return carryOut(FailoverRecord.of(leader, candidate, at), cluster.leaderName(), action);
    }

    /** A field that is there and empty counts as absent, as with Patroni; one that is no text must not. */
    private static Optional<String> name(JsonObject request, String field) {
        if (request.flag(field) && request.text(field).isEmpty()) {
            throw new RequestException(400, field + " must be a text");
        }
        return request.text(field).filter(text -> !text.isEmpty());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new RequestException(400, otherwise);
        }
    }

    private Optional<String> obstacle(
            ClusterView cluster, Optional<String> leader, Optional<String> candidate, Action action) {
        if (leader.isPresent() && !leader.equals(cluster.leaderName())) {
            return Optional.of("leader name does not match");
        }
        if (candidate.isPresent() && cluster.member(candidate.get()).isEmpty()) {
            return Optional.of("candidate does not exists");
        }
        Map<String, String> urls = new TreeMap<>();
        cluster.members().keySet().stream()
                .filter(name ->
                        candidate.map(name::equals).orElse(!cluster.leaderName().equals(Optional.of(name))))
                .forEach(name -> cluster.member(name).map(MemberRecord::apiUrl).ifPresent(url -> urls.put(name, url)));
        if (urls.isEmpty()) {
            return Optional.of(action.word + " is not possible: cluster does not have members except leader");
        }
        return node.peers().ask(urls, node.timeout()).entrySet().stream()
                        .anyMatch(peer -> !peer.getValue().primary() && mayLead(cluster, peer.getKey()))
                ? Optional.empty()
                : Optional.of(action.word + " is not possible: no good candidates have been found");
    }

    private static boolean mayLead(ClusterView cluster, String name) {
        return cluster.member(name).filter(member -> member.tags().nofailover()).isEmpty();
    }

    private Answer carryOut(FailoverRecord request, Optional<String> before, Action action) {
        Semaphore news = new Semaphore(0);
        try (Dcs.Watch watch = node.dcs().watch(news::release)) {
            RecordWrite write = RecordWrite.blind(RecordKey.FAILOVER, request.encode());
            if (!(node.dcs().write(write, node.timeout()) instanceof WriteOutcome.Done)) {
                return Answer.text(503, "failed to write failover key into DCS");
            }
            node.ha().wake();
            return request.scheduledAt().isPresent()
                    ? Answer.text(202, action.title + " scheduled")
                    : await(request, before, action, news);
        }
    }

    private Answer await(FailoverRecord request, Optional<String> before, Action action, Semaphore news) {
        Duration loopWait = node.config().ha().timing().renewEvery();
        Duration limit = (loopWait.compareTo(LEAST_WAIT) > 0 ? loopWait : LEAST_WAIT).multipliedBy(2);
        MonotonicInstant end = node.clock().now().plus(limit);
        while (node.clock().now().isBefore(end)) {
            try {
                if (news.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
                Optional<Answer> outcome = outcome(request, before, action);
                if (outcome.isPresent()) {
                    return outcome.get();
                }
            } catch (DcsException e) {
                LOG.info("Waiting for the {}: {}", action.word, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Answer.text(503, action.title + " status unknown: the agent is being stopped");
            }
        }
        return Answer.text(
                503,
                action.title + " status unknown after " + limit.toSeconds()
                        + " seconds; operation may still be in progress");
    }

    private Optional<Answer> outcome(FailoverRecord request, Optional<String> before, Action action) {
        ClusterView now = ClusterView.of(node.snapshot());
        Optional<String> leader = now.leaderName().filter(name -> !before.equals(Optional.of(name)));
        if (leader.isPresent()) {
            String name = leader.get();
            boolean asked = request.member().map(name::equals).orElse(true);
            return Optional.of(Answer.text(
                    200,
                    asked
                            ? "Successfully " + action.past.toLowerCase(Locale.ROOT) + " over to \"" + name + "\""
                            : action.past + " over to \"" + name + "\" instead of \""
                                    + request.member().orElseThrow() + "\""));
        }
        return now.failover().value().filter(FailoverRecord::isRequested).isPresent()
                ? Optional.empty()
                : Optional.of(Answer.text(503, action.title + " failed"));
    }

    private enum Action {
        SWITCHOVER("switchover", "Switchover", "Switched"),
        FAILOVER("failover", "Failover", "Failed");

        private final String word;
        private final String title;
        private final String past;

        Action(String word, String title, String past) {
            this.word = word;
            this.title = title;
            this.past = past;
        }
    }
}

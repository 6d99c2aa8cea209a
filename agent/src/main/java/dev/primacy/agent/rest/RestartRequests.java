// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import dev.primacy.dcs.record.JsonObject;
import dev.primacy.ha.OrderAnswer;
import dev.primacy.ha.decide.Order;
import dev.primacy.ha.decide.ScheduledRestart;
import dev.primacy.postgres.PostgresStatus.Server;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /restart} and {@code /reinitialize}: orders to this member. */
final class RestartRequests {
    private static final Duration MARGIN = Duration.ofSeconds(30);
    private static final Set<String> ROLES = Set.of("primary", "standby_leader", "replica");
    private static final Pattern VERSION = Pattern.compile("(\\d{1,2})\\.(\\d{1,2})(?:\\.(\\d{1,2}))?");
    private static final Pattern SECONDS = Pattern.compile("(\\d{1,6}) *(ms|s|min|h|d|)");
    private static final String SCHEDULE = "schedule";
    /** Since then versions have two parts. */
    private static final int TWO_PARTS = 10;

    private final RestServer.Node node;

    RestartRequests(RestServer.Node node) {
        this.node = node;
    }

    Answer restart(JsonObject request) {
        boolean later = request.fields().contains(SCHEDULE);
        if (later && node.isPaused()) {
            return Answer.text(500, "Can't schedule restart in the paused state");
        }
        Order.Restart restart = parse(request);
        if (later) {
            return schedule(restart, request);
        }
        Duration limit = node.config()
                .ha()
                .stopTimeout()
                .plus(restart.timeout().orElseGet(() -> node.config().ha().startTimeout()))
                .plus(MARGIN);
        return answer(node.ha().order(restart), limit);
    }

    Answer unschedule() {
        return node.ha().unschedule()
                ? Answer.text(200, "scheduled restart deleted")
                : Answer.text(404, "no restarts are scheduled");
    }

    Answer reinitialize(JsonObject request) {
        Order order = new Order.Reinitialize(isTrue(request, "force"), isTrue(request, "from_leader"));
        // It is answered when it has begun, which a forced end of another action may take a while.
        return answer(node.ha().order(order), MARGIN);
    }

    private Answer schedule(Order.Restart restart, JsonObject request) {
        String text = request.text(SCHEDULE).orElse("");
        var at = Body.schedule(text, Order.RESTART, node.wallClock());
        Optional<String> started = node.ha()
                .view()
                .flatMap(view -> view.seen().postgres().server())
                .map(Server::started);
        if (started.isEmpty()) {
            return Answer.text(503, "PostgreSQL does not run, so its restart cannot be scheduled");
        }
        return node.ha().schedule(new ScheduledRestart(restart, at, started.get()))
                ? Answer.text(202, "Restart scheduled")
                : Answer.text(409, "Another restart is already scheduled");
    }

    private static Answer answer(CompletableFuture<OrderAnswer> asked, Duration limit) {
        try {
            OrderAnswer answer = asked.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return Answer.text(answer.done() ? 200 : 503, answer.text());
        } catch (TimeoutException e) {
            asked.cancel(false);
            return Answer.text(503, "no answer after " + limit.toSeconds() + " seconds; it may still be in progress");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.text(503, "the agent is being stopped");
        } catch (ExecutionException e) {
            throw new IllegalStateException("an order that fails instead of being answered", e);
        }
    }

    private static Order.Restart parse(JsonObject request) {
        for (String field : request.fields()) {
            if (!Set.of(SCHEDULE, "role", "postgres_version", "timeout", "restart_pending")
                    .contains(field)) {
                throw new RequestException(400, "Unknown filter for the scheduled restart: " + field);
            }
        }
        Optional<String> role = field(request, "role");
        if (role.isPresent() && !ROLES.contains(role.get())) {
            throw new RequestException(400, "PostgreSQL role should be either primary, standby_leader, or replica");
        }
        return new Order.Restart(
                role,
                field(request, "postgres_version").map(RestartRequests::version),
                request.flag("restart_pending"),
                field(request, "timeout").map(RestartRequests::timeout),
                request.with(SCHEDULE, Optional.empty()));
    }

    /** One that is there must be of use: without its filters a restart is another one. */
    private static Optional<String> field(JsonObject request, String name) {
        return request.fields().contains(name) ? Optional.of(request.text(name).orElse("")) : Optional.empty();
    }

    private static int version(String text) {
        Matcher parts = VERSION.matcher(text);
        if (!parts.matches()) {
            throw new RequestException(400, "postgres_version must be like 16.2 or 9.6.3, not '" + text + "'");
        }
        int major = Integer.parseInt(parts.group(1));
        int minor = Integer.parseInt(parts.group(2));
        int patch = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
        return major >= TWO_PARTS ? major * 10_000 + minor : major * 10_000 + minor * 100 + patch;
    }

    private static Duration timeout(String text) {
        Matcher parts = SECONDS.matcher(text);
        Duration timeout = !parts.matches()
                ? Duration.ZERO
                : switch (parts.group(2)) {
                    case "ms" -> Duration.ofMillis(Long.parseLong(parts.group(1)));
                    case "min" -> Duration.ofMinutes(Long.parseLong(parts.group(1)));
                    case "h" -> Duration.ofHours(Long.parseLong(parts.group(1)));
                    case "d" -> Duration.ofDays(Long.parseLong(parts.group(1)));
                    default -> Duration.ofSeconds(Long.parseLong(parts.group(1)));
                };
        if (timeout.toSeconds() <= 0) {
            throw new RequestException(400, "Timeout should be a positive number of seconds");
        }
        return timeout;
    }

    private static boolean isTrue(JsonObject request, String field) {
        return request.text(field)
                .map(text -> text.toLowerCase(Locale.ROOT))
                .filter(List.of("on", "true", "yes", "1")::contains)
                .isPresent();
    }
}

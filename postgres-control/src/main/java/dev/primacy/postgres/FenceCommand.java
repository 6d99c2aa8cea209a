// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.postgres.FencingSettings.Command;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A fence that the user brings, see {@link Command}. */
record FenceCommand(Command settings, OsUser user, MonotonicClock clock, String scope, String member) implements Fence {
    @Override
    public boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout) {
        Duration limit = timeout.compareTo(settings.timeout()) < 0 ? timeout : settings.timeout();
        String left = Long.toString(clock.now().until(hard).toMillis());
        run(limit, "arm", left, Long.toString(hard.millis()));
        return true;
    }

    @Override
    public void disarm() {
        run(settings.timeout(), "disarm");
    }

    /** What the guard runs after it has killed the server. It lives no longer than it may, though nobody waits for it. */
    List<String> onFence() {
        List<String> command = new ArrayList<>(List.of(
                "timeout",
                "-k",
                "1",
                Long.toString(Math.max(1, settings.timeout().toSeconds()))));
        command.addAll(command("fence"));
        return command;
    }

    private void run(Duration limit, String event, String... arguments) {
        List<String> command = command(event);
        command.addAll(List.of(arguments));
        Programs.execute(user.command(command), this + " " + event, Map.of(), "", limit)
                .orThrow();
    }

    private List<String> command(String event) {
        List<String> command = new ArrayList<>(settings.program());
        command.addAll(List.of(event, scope, member));
        return command;
    }

    @Override
    public String toString() {
        return "the fence command " + String.join(" ", settings.program());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicInstant;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** An agent that starts a server and then does nothing but renew its right whenever it is told a line, until a test kills it. */
final class AgentMain {
    private AgentMain() {}

    public static void main(String[] arguments) throws IOException {
        PostgresSettings settings =
                TestServers.settings(Path.of(arguments[0]), arguments[1], Integer.parseInt(arguments[2]));
        BootClock clock = BootClock.system();
        FencingSettings fencing = arguments.length == 5
                ? FencingSettings.GUARD_ONLY
                : new FencingSettings(
                        FencingSettings.Mode.OFF,
                        FencingSettings.Watchdog.NONE,
                        Optional.of(new FencingSettings.Command(
                                List.of(arguments[5]), FencingSettings.Mode.REQUIRED, Duration.ofSeconds(10))));
        LocalPostgres postgres = new LocalPostgres(settings, fencing, clock);
        BooleanSupplier renewal = () -> {
            MonotonicInstant hard = clock.now().plus(Duration.ofSeconds(Long.parseLong(arguments[4])));
            return postgres.guard().arm(hard, hard, TestServers.LONG);
        };
        boolean started;
        if (arguments[3].equals("primary")) {
            started = renewal.getAsBoolean() && postgres.startPrimary(TestServers.LONG);
        } else {
            Upstream upstream = new Upstream("127.0.0.1", Integer.parseInt(arguments[3]), Optional.empty());
            started = postgres.startStandby(Optional.of(upstream), TestServers.LONG);
        }
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        out.println(started ? "ready" : "failed");
        while (System.in.read() == '\n') {
            out.println(renewal.getAsBoolean() ? "renewed" : "failed");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running {@code guard.sh}: commands go in, events come out, each a line. */
final class GuardProcess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GuardProcess.class);
    private static final Duration REPLY = Duration.ofSeconds(10);
    /** A frozen guard reads nothing; a pipe that is full of commands would block the writer, too. */
    private static final int MOST_UNANSWERED = 100;

    private final Process process;
    private final OutputStream commands;
    /**
     * Has the guard look at the time when its deadline has come. It does so by itself, too, but what is left of a shell's wait
     * when its container is paused comes after the pause, while sessions go on.
     */
    private final DeadlineAlarm alarm;

    private final Runnable onServerEnd;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Several may wait at once, also for one deadline; each is told, and none takes another's giving up for an answer. */
    private final List<Waiting> waiting = new ArrayList<>();

    private int unanswered;
    private boolean serverRuns;
    private boolean gone;
    private Optional<String> answer = Optional.empty();
    private Optional<String> serverStatus = Optional.empty();

    private GuardProcess(Process process, MonotonicClock clock, Runnable onServerEnd) {
        this.process = process;
        this.commands = process.getOutputStream();
        this.alarm = new DeadlineAlarm(clock, () -> send("look"));
        this.onServerEnd = onServerEnd;
    }

    /**
     * Starts a guard.
     *
     * @param script what to run
     * @param clock counts from the boot of this host, as the guard's does
     * @param onServerEnd called once for each server that ended, on a thread of its own
     * @param onLost called when the guard has died, before the end of its server is reported: ends what is left
     */
    static GuardProcess start(GuardScript script, MonotonicClock clock, Runnable onServerEnd, Runnable onLost) {
        GuardProcess guard = new GuardProcess(script.start(), clock, onServerEnd);
        Daemon.start("guard events", guard::readEvents);
        Daemon.start("guard watch", () -> {
            try {
                guard.awaitLoss(onLost);
            } finally {
                guard.alarm.close();
            }
        });
        return guard;
    }

    boolean isGone() {
        return locked(() -> gone);
    }

    boolean runsServer() {
        return locked(() -> serverRuns);
    }

    /** How the last server ended, as a shell tells it; none if it has not. */
    Optional<String> serverStatus() {
        lock.lock();
        try {
            return serverStatus;
        } finally {
            lock.unlock();
        }
    }

    boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout) throws InterruptedException {
        Waiting mine = new Waiting(hard.millis());
        locked(() -> waiting.add(mine));
        try {
            return locked(() -> sendDeadline(soft, hard)) && await(() -> mine.confirmed || gone, timeout) && !isGone();
        } finally {
            locked(() -> waiting.remove(mine));
        }
    }

    private boolean sendDeadline(MonotonicInstant soft, MonotonicInstant hard) {
        alarm.set(List.of(soft, hard));
        return send("arm " + soft.millis() + " " + hard.millis());
    }

    /** For the guard to confirm a deadline. */
    private static final class Waiting {
        private final long until;
        private boolean confirmed;

        Waiting(long until) {
            this.until = until;
        }
    }

    void disarm() {
        alarm.set(List.of());
        send("disarm");
    }

    /** Has the guard start the server. */
    void run(boolean primary) throws InterruptedException {
        lock.lock();
        try {
            answer = Optional.empty();
        } finally {
            lock.unlock();
        }
        boolean answered =
                send("run " + (primary ? "primary" : "standby")) && await(() -> answer.isPresent() || gone, REPLY);
        String reply = answer.orElse(answered ? "the guard has died" : "the guard does not answer");
        if (!reply.equals("running")) {
            throw new PostgresException("the guard did not start the server: " + reply);
        }
    }

    /** Waits for the end of the server that this guard runs. */
    boolean awaitServerEnd(Duration timeout) throws InterruptedException {
        return await(() -> !serverRuns, timeout);
    }

    /** The guard of a primary ends it now, that of a standby leaves it alone. */
    @Override
    public void close() {
        alarm.set(List.of());
        lock.lock();
        try {
            commands.close();
        } catch (IOException e) {
            LOG.debug("the guard had gone before it was let go of", e);
        } finally {
            lock.unlock();
        }
    }

    private boolean send(String command) {
        lock.lock();
        try {
            if (gone || unanswered > MOST_UNANSWERED) {
                return false;
            }
            unanswered++;
            commands.write((command + "\n").getBytes(StandardCharsets.US_ASCII));
            commands.flush();
            return true;
        } catch (IOException e) {
            LOG.warn("cannot write to the guard: {}", e.toString());
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void readEvents() {
        try (BufferedReader events = reader(process.getInputStream())) {
            for (String line = events.readLine(); line != null; line = events.readLine()) {
                handle(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the guard's events", e);
        }
    }

    private static BufferedReader reader(InputStream in) {
        return new BufferedReader(new java.io.InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private void confirm(long until) {
        waiting.stream().filter(each -> each.until == until).forEach(each -> each.confirmed = true);
    }

    private void handle(String line) {
        String[] words = line.split(" ", 2);
        String rest = words.length > 1 ? words[1] : "";
        boolean ended = false;
        lock.lock();
        try {
            switch (words[0]) {
                case "armed" -> confirm(Long.parseLong(rest));
                case "running" -> {
                    serverRuns = true;
                    serverStatus = Optional.empty();
                    answer = Optional.of("running");
                }
                case "refused" -> answer = Optional.of(rest);
                case "exited" -> ended = end(rest);
                case "fencing" -> {
                    if (serverRuns) {
                        LOG.warn("the guard ends the server: its right to accept writes was not renewed");
                    }
                }
                case "command" -> {
                    if (!rest.equals("0")) {
                        LOG.error("The fence command, told that the server was fenced, ended with status {}", rest);
                    }
                }
                default -> LOG.debug("the guard reports: {}", line);
            }
            switch (words[0]) {
                case "armed", "late", "disarmed", "running", "refused" -> unanswered = 0;
                default -> {}
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (ended) {
            onServerEnd.run();
        }
    }

    private boolean end(String status) {
        boolean ended = serverRuns;
        serverRuns = false;
        serverStatus = Optional.of(status);
        return ended;
    }

    private void awaitLoss(Runnable onLost) {
        process.onExit().join();
        lock.lock();
        try {
            gone = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (runsServer()) {
            try {
                onLost.run();
            } finally {
                handle("exited 137");
            }
        }
    }

    private boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = timeout.toNanos();
            while (!condition.getAsBoolean() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return condition.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    private boolean locked(BooleanSupplier state) {
        lock.lock();
        try {
            return state.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What fences a server beside the guard process, which always does.
 *
 * @param kernelLease rules of nftables that close the server's port at the deadline, see {@link KernelLease}
 * @param watchdog a device that resets the host
 * @param command a program of the user's
 */
public record FencingSettings(Mode kernelLease, Watchdog watchdog, Optional<Command> command) {
    /** Nothing but the guard. */
    public static final FencingSettings GUARD_ONLY = new FencingSettings(Mode.OFF, Watchdog.NONE, Optional.empty());

    /** Whether a fence is used. */
    public enum Mode {
        OFF,
        /** If it can be had. Once it holds a deadline, it binds like a required one. */
        AUTOMATIC,
        /** A server does not become primary without it, and does not stay primary. */
        REQUIRED
    }

    /** How a watchdog is spoken to. */
    public enum Driver {
        /** As Linux has it. */
        DEFAULT,
        /** A file or named pipe in its place. */
        TESTING
    }

    /**
     * A watchdog, as in Patroni's section of that name.
     *
     * @param device the device, or what is in its place
     * @param timeout how long it waits to be kept alive; in whole seconds
     * @param afterDeadline how much later than the deadline the right really ends, so that the server can be fenced and the
     *     watchdog stopped before it resets the host
     */
    public record Watchdog(Mode mode, Path device, Driver driver, Duration timeout, Duration afterDeadline) {
        /** Not used. */
        public static final Watchdog NONE =
                new Watchdog(Mode.OFF, Path.of("/dev/watchdog"), Driver.DEFAULT, Duration.ZERO, Duration.ZERO);
    }

    /**
     * A program of the user's, run as the server's user with these further arguments:
     *
     * <ul>
     *   <li>{@code arm SCOPE MEMBER LEFT DEADLINE}: sees to it that this node's writes are answered no more from the deadline
     *       on, unless it is told otherwise; status 0 confirms. LEFT are milliseconds from now, DEADLINE the same since boot,
     *       as {@code /proc/uptime} counts.
     *   <li>{@code disarm SCOPE MEMBER}: the server is no primary any more.
     *   <li>{@code fence SCOPE MEMBER}: the deadline has come, or the agent has died, and the server has been killed. Told by
     *       the guard process, so also without an agent.
     * </ul>
     *
     * @param program with its first arguments
     * @param mode what a status other than 0 of {@code arm} means
     * @param timeout after which it is killed; {@code arm} has no more than a second
     */
    public record Command(List<String> program, Mode mode, Duration timeout) {
        public Command {
            program = List.copyOf(program);
        }
    }
}

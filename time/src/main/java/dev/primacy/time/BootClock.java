// SPDX-License-Identifier: Apache-2.0
package dev.primacy.time;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Time since boot, suspended time included.
 *
 * <p>{@link System#nanoTime} stands still while a Linux host is suspended: a primary that wakes after an hour would
 * believe in a lease that ended long ago. So each reading also looks at the kernel's boot-time clock in
 * {@code /proc/uptime}, and jumps forward by whatever the host slept. That file also gives processes outside the JVM
 * the same clock, which is how a deadline can be handed to the guard. Where the file is absent (not Linux) this is
 * plain {@code nanoTime}.
 */
public final class BootClock implements MonotonicClock {
    private static final Path UPTIME = Path.of("/proc/uptime");

    /** /proc/uptime shows hundredths of a second, rounded down. */
    private static final long UPTIME_TICK = 10_000_000L;

    private static final int LONGEST_LINE = 64;

    private final LongSupplier monotonicNanos;
    private final LongSupplier bootNanos;
    /** Boot time less monotonic time; only ever grows. */
    private final AtomicLong suspended = new AtomicLong(Long.MIN_VALUE);

    BootClock(LongSupplier monotonicNanos, LongSupplier bootNanos) {
        this.monotonicNanos = monotonicNanos;
        this.bootNanos = bootNanos;
    }

    /** The clock of this host. */
    @Allowed("the one place where monotonic time is read")
    public static BootClock system() {
        return new BootClock(System::nanoTime, uptime());
    }

    @Override
    public MonotonicInstant now() {
        // Boot time is read first: a pause between the two reads then makes the gap look smaller, never larger.
        long boot = bootNanos.getAsLong();
        long monotonic = monotonicNanos.getAsLong();
        long gap = boot - monotonic;
        long offset = suspended.accumulateAndGet(
                gap, (known, seen) -> known == Long.MIN_VALUE || seen - known > UPTIME_TICK ? seen : known);
        return new MonotonicInstant(monotonic + offset);
    }

    private static LongSupplier uptime() {
        if (!Files.isReadable(UPTIME)) {
            return BootClock::nanoTime;
        }
        return BootClock::readUptime;
    }

    @Allowed("without /proc/uptime there is no second clock to compare with")
    private static long nanoTime() {
        return System.nanoTime();
    }

    /** Not through a channel: an interrupt of the thread that reads would close it for all. */
    private static long readUptime() {
        String text;
        try (FileInputStream file = new FileInputStream(UPTIME.toFile())) {
            text = new String(file.readNBytes(LONGEST_LINE), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + UPTIME + ", the clock that leases count on", e);
        }
        int dot = text.indexOf('.');
        long seconds = Long.parseLong(text.substring(0, dot));
        return seconds * 1_000_000_000L + Long.parseLong(text.substring(dot + 1, dot + 3)) * UPTIME_TICK;
    }
}

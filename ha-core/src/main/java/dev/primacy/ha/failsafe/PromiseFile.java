// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.failsafe;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A promise in a file of four lines: the boot in which its end counts, the end in nanoseconds of the clock since boot, how
 * long it was given for in nanoseconds, the leader. After another boot of the host the end is unknown: it counts anew, from the
 * start of the agent.
 */
public final class PromiseFile implements PromiseMemory {
    private static final String UNKNOWN = "unknown";
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private final MonotonicClock clock;

    /**
     * Touches nothing yet.
     *
     * @param clock that counts from the boot of this host, also while it sleeps
     */
    public PromiseFile(Path file, MonotonicClock clock) {
        this.file = file;
        this.clock = clock;
    }

    @Override
    public Optional<Promise> recall() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(file);
            Duration lasts = Duration.ofNanos(Long.parseLong(lines.get(2)));
            MonotonicInstant until =
                    lines.get(0).equals(boot()) && !lines.get(0).equals(UNKNOWN)
                            ? new MonotonicInstant(Long.parseLong(lines.get(1)))
                            : clock.now().plus(lasts);
            return Optional.of(new Promise(lines.get(3), until, lasts));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            throw new UncheckedIOException(
                    "cannot read what this member has promised in " + file + ": " + e.getMessage()
                            + "; remove the file if no leader is without the store now",
                    new IOException(e));
        }
    }

    @Override
    public void keep(Promise promise) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(
                    fresh,
                    boot() + "\n" + promise.until().nanos() + "\n"
                            + promise.lasts().toNanos() + "\n" + promise.leader() + "\n");
            sync(fresh);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(Optional.ofNullable(file.getParent()).orElse(Path.of(".")));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep a promise in " + file, e);
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Where the system does not tell, every boot is another. */
    private static String boot() throws IOException {
        return Files.exists(BOOT) ? Files.readString(BOOT).strip() : UNKNOWN;
    }
}

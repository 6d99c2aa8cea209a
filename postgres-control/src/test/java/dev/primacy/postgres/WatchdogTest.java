// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.postgres.FencingSettings.Driver;
import dev.primacy.postgres.FencingSettings.Mode;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a watchdog is told, and what is said of things that are none. A real one would reset the host that tests it. */
class WatchdogTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Path folder;
    private MonotonicInstant now = at(0);

    WatchdogTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static MonotonicInstant at(long second) {
        return new MonotonicInstant(Duration.ofSeconds(1000 + second).toNanos());
    }

    /** With Patroni's usual 25 s of a ttl of 30 s; the right's true end is 7 s after the deadline. */
    private Watchdog watchdog(Path device, Driver driver) {
        return new Watchdog(
                new FencingSettings.Watchdog(
                        Mode.REQUIRED, device, driver, Duration.ofSeconds(25), Duration.ofSeconds(7)),
                () -> now);
    }

    private static boolean arm(Fence fence, long hard) {
        return fence.arm(at(hard - 2), at(hard), SECOND);
    }

    @Test
    void isSetKeptAliveAndStopped() throws IOException {
        Path file = folder.resolve("watchdog");
        Watchdog watchdog = watchdog(file, Driver.TESTING);
        assertThat(arm(watchdog, 22)).isTrue();
        assertThat(file).hasContent("Ctimeout=25\n");
        now = at(10);
        assertThat(arm(watchdog, 32)).isTrue();
        watchdog.disarm();
        assertThat(file).hasContent("Ctimeout=25\n1V");
        watchdog.disarm();
        assertThat(file).hasContent("Ctimeout=25\n1V");
    }

    /** It is stopped before the pipe is closed: a driver takes a close without the letter for a crash. */
    @Test
    void closesWithTheLetterThroughAPipeToo() throws Exception {
        Path pipe = folder.resolve("pipe");
        Programs.execute(List.of("mkfifo", pipe.toString()), "mkfifo", Map.of(), "", SECOND.multipliedBy(20))
                .orThrow();
        CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> {
            try {
                return Files.readString(pipe);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        Watchdog watchdog = watchdog(pipe, Driver.TESTING);
        assertThat(arm(watchdog, 22)).isTrue();
        assertThat(arm(watchdog, 22)).isTrue();
        watchdog.disarm();
        assertThat(read.get()).isEqualTo("Ctimeout=25\n1V");
    }

    /** As after a renewal that took long: it never waits beyond the end of the right. */
    @Test
    void waitsNoLongerThanTheRightLasts() {
        Path file = folder.resolve("watchdog");
        Watchdog watchdog = watchdog(file, Driver.TESTING);
        now = at(9);
        assertThat(arm(watchdog, 22)).isTrue();
        assertThat(file).hasContent("Ctimeout=19\n");
        now = at(10);
        assertThat(arm(watchdog, 32)).isTrue();
        now = at(39);
        assertThat(arm(watchdog, 32)).isFalse();
        assertThat(file).hasContent("Ctimeout=19\nCtimeout=25\n");
    }

    @Test
    void aRightThatWasLostIsNoReasonForAReset() {
        Path file = folder.resolve("watchdog");
        Watchdog watchdog = watchdog(file, Driver.TESTING);
        assertThat(arm(watchdog, 22)).isTrue();
        now = at(5);
        assertThat(arm(watchdog, 7)).isTrue();
        assertThat(file).hasContent("Ctimeout=25\n");
    }

    @Test
    void whatIsNoWatchdogIsTold() throws IOException {
        assertThatThrownBy(() -> arm(watchdog(folder.resolve("absent"), Driver.DEFAULT), 22))
                .isInstanceOf(PostgresException.class)
                .hasMessageContaining("there is no watchdog " + folder.resolve("absent"))
                .hasMessageContaining("softdog");
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> arm(watchdog(file, Driver.DEFAULT), 22)).hasMessageContaining("no character device");
        assertThat(file).isEmptyFile();
        assertThatThrownBy(() -> arm(watchdog(Path.of("/dev/null"), Driver.DEFAULT), 22))
                .isInstanceOf(PostgresException.class)
                .hasMessageContaining("/dev/null is no watchdog")
                .hasMessageContaining("Inappropriate ioctl for device");
    }

    @Test
    void requiredRefusesAndAutomaticGoesOnWithout() {
        Watchdog none = watchdog(Path.of("/dev/null"), Driver.DEFAULT);
        Fences required = new Fences(() -> now, List.of(none));
        assertThat(arm(required, 22)).isFalse();
        assertThatThrownBy(() -> required.requireArmed("promote")).hasMessageContaining("promote refused");
        Fences automatic = new Fences(() -> now, List.of(new BestEffort(none)));
        assertThat(arm(automatic, 22)).isTrue();
    }
}

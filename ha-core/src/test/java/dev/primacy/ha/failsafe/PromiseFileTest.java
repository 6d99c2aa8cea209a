// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.failsafe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromiseFileTest {
    private static final MonotonicInstant NOW = new MonotonicInstant(1_000_000_000_000L);
    private static final Promise GIVEN = new Promise("m1", NOW.plus(Duration.ofSeconds(20)), Duration.ofSeconds(30));

    private final Path folder;
    private final Path path;
    private final PromiseFile file;

    PromiseFileTest(@TempDir Path folder) {
        this.folder = folder;
        path = folder.resolve("data.failsafe");
        file = new PromiseFile(path, () -> NOW);
    }

    @Test
    void recallsWhatItKept() {
        assertThat(file.recall()).isEmpty();
        file.keep(GIVEN);
        file.keep(GIVEN);
        assertThat(file.recall()).contains(GIVEN);
        assertThat(folder).isDirectoryContaining("glob:**/data.failsafe").isDirectoryNotContaining("glob:**.new");
    }

    /** The clock began anew, so the whole time counts anew. */
    @Test
    void ofAnotherBootTheWholeTimeCounts() throws IOException {
        file.keep(GIVEN);
        List<String> lines = Files.readAllLines(path);
        Files.write(path, List.of("another boot", lines.get(1), lines.get(2), lines.get(3)));
        assertThat(file.recall()).contains(new Promise("m1", NOW.plus(GIVEN.lasts()), GIVEN.lasts()));
    }

    @Test
    void whatCannotBeReadIsNotTakenForNothing() throws IOException {
        for (String broken : List.of("", "x\ny\nz\nm1\n", "one line")) {
            Files.writeString(path, broken);
            assertThatThrownBy(() -> file.recall())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining(path.toString())
                    .hasMessageContaining("remove the file if no leader is without the store");
        }
    }

    @Test
    void aFolderThatIsNotThereIsAnErrorWithItsName() {
        PromiseFile nowhere = new PromiseFile(folder.resolve("none/data.failsafe"), () -> NOW);
        assertThatThrownBy(() -> nowhere.keep(GIVEN))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none/data.failsafe");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Histories that showed something once, see {@code bin/simulate --keep}. */
final class KeptHistoriesTest {
    private static final Path HISTORIES = Path.of("src/test/resources/histories");

    @TestFactory
    List<DynamicTest> nothingIsViolatedAnyMore() throws IOException {
        try (Stream<Path> files = Files.list(HISTORIES)) {
            List<DynamicTest> tests = files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> play(file)))
                    .toList();
            assertThat(tests).isNotEmpty();
            return tests;
        }
    }

    private static void play(Path file) throws IOException, InterruptedException {
        ExecutorService threads = Threads.pool();
        try {
            Scenario scenario = ScenarioText.parse(file.toString(), Files.readString(file));
            assertThat(Simulation.run(scenario, threads).violation()).isEqualTo(Optional.empty());
        } finally {
            threads.shutdown();
        }
    }
}

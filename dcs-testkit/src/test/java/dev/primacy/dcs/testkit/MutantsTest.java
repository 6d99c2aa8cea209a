// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.primacy.dcs.testkit.MemoryFixture.Variant;
import dev.primacy.dcs.testkit.history.HistoryMutantsTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A contract that accepts a backend known to be wrong is no contract. */
class MutantsTest {
    private static final Logger LOG = LoggerFactory.getLogger(MutantsTest.class);

    @TestFactory
    Stream<DynamicTest> everyMutantFailsTheContract() {
        return mutants().entrySet().stream()
                .map(mutant -> DynamicTest.dynamicTest(mutant.getKey(), () -> {
                    List<String> killers = failures(mutant.getValue());
                    LOG.info("{} -> killed by {}", mutant.getKey(), killers.isEmpty() ? "nothing" : killers);
                    assertThat(killers).as("cases that fail").isNotEmpty();
                }));
    }

    @Test
    void theGuideNamesEveryMutant() throws IOException {
        Path guide = Path.of(System.getProperty("project.root"), "docs/write-a-backend.md");
        assertThat(Files.readAllLines(guide))
                .containsAll(
                        mutants().keySet().stream().map(name -> "- " + name).toList())
                .containsAll(HistoryMutantsTest.names().map(name -> "- " + name).toList());
    }

    private static Map<String, Variant> mutants() {
        Map<String, Variant> mutants = new TreeMap<>();
        Stream.of(AcquireMutants.ALL, TenureMutants.ALL, LeaseMutants.ALL, RecordMutants.ALL)
                .forEach(mutants::putAll);
        return mutants;
    }

    private static List<String> failures(Variant mutant) {
        MutantContract.current = mutant;
        List<String> failed = new ArrayList<>();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(MutantContract.class))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                                    failed.add(test.getDisplayName().replace("()", ""));
                                }
                            }
                        });
        return failed;
    }

    /** Its name keeps the build from running it by itself. */
    static class MutantContract extends DcsContract {
        private static Variant current = Variant.CORRECT;

        @Override
        protected DcsFixture fixture() {
            return MemoryFixture.virtual(current);
        }
    }
}

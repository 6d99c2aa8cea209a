// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.primacy.dcs.testkit.MemoryFixture.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
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
        Map<String, Variant> mutants = new TreeMap<>();
        Stream.of(AcquireMutants.ALL, TenureMutants.ALL, LeaseMutants.ALL, RecordMutants.ALL)
                .forEach(mutants::putAll);
        return mutants.entrySet().stream()
                .map(mutant -> DynamicTest.dynamicTest(mutant.getKey(), () -> {
                    List<String> killers = failures(mutant.getValue());
                    LOG.info("{} -> killed by {}", mutant.getKey(), killers.isEmpty() ? "nothing" : killers);
                    assertThat(killers).as("cases that fail").isNotEmpty();
                }));
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

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The simulation is worth what it finds: each fault of {@code mutants.txt}, and none where there is none. With {@code
 * -Dmutants.ranges=5} each is looked for in five ranges of seeds.
 */
@Execution(ExecutionMode.CONCURRENT)
final class MutantsTest {
    private static final Logger LOG = LoggerFactory.getLogger(MutantsTest.class);
    private static final int FEWEST = 32;
    private static final int CONTROLS = 200;
    private static final int RANGES = Integer.getInteger("mutants.ranges", 1);
    private static final long BETWEEN_RANGES = 1_000_000;
    private static final Mutation MUTATION = new Mutation(Path.of(System.getProperty("project.root", "..")));

    static List<Mutant> found() {
        return MutantList.read().stream()
                .filter(mutant -> !mutant.isNotCounted())
                .toList();
    }

    static List<Mutant> notCounted() {
        return MutantList.read().stream().filter(Mutant::isNotCounted).toList();
    }

    @ParameterizedTest
    @MethodSource("found")
    void isFound(Mutant mutant) throws Exception {
        Map<String, byte[]> changed = MUTATION.apply(mutant);
        List<Integer> counts = new ArrayList<>();
        String violation = "";
        for (int range = 0; range < RANGES; range++) {
            Hunt hunt = Hunt.of(new MutatedWorld(changed), mutant, range * BETWEEN_RANGES, mutant.within());
            assertThat(hunt.violation())
                    .as("%s: %s Not found from seed %s on, within", mutant, mutant.fault(), range * BETWEEN_RANGES)
                    .isPresent();
            counts.add(hunt.histories());
            violation = hunt.violation().orElseThrow();
        }
        Collections.sort(counts);
        LOG.warn(
                "{} ({} x {}), found after {} histories, median of {}: {}",
                mutant,
                mutant.sites(),
                mutant.members(),
                counts.get(RANGES / 2),
                counts,
                violation);
    }

    /** They stay valid changes of what is there. */
    @ParameterizedTest
    @MethodSource("notCounted")
    void isStillAChange(Mutant mutant) {
        assertThat(MUTATION.apply(mutant)).isNotEmpty();
    }

    @Test
    void enoughOfThem() {
        List<String> names = found().stream().map(Mutant::name).toList();
        assertThat(names).hasSizeGreaterThanOrEqualTo(FEWEST);
        assertThat(new HashSet<>(names)).hasSameSizeAs(names);
    }

    /** What finds mutants finds nothing in the code as it is. */
    @Test
    void nothingIsFoundWithoutThem() throws Exception {
        LongFunction<Optional<String>> histories = new MutatedWorld(Map.of()).histories(0, 0);
        try (AutoCloseable end = (AutoCloseable) histories) {
            for (long seed = 0; seed < CONTROLS; seed++) {
                assertThat(histories.apply(seed)).as("seed " + seed).isEmpty();
            }
        }
    }
}

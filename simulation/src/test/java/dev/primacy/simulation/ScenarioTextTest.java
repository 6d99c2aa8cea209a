// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ScenarioTextTest {
    private static final String HEAD = "seed 5\nsites 2\nmembers 2\nbad requests 0.25\n";

    @Test
    void whatIsWrittenIsReadAgain() {
        for (long seed = -50; seed < 50; seed++) {
            Scenario scenario = Scenario.of(seed, 0, 0);
            assertThat(ScenarioText.parse("it", ScenarioText.of(scenario))).isEqualTo(scenario);
        }
    }

    @Test
    void peopleMayAddRemarksAndSpace() {
        Scenario read = ScenarioText.parse(
                "it",
                "# why\n\nseed  5\nsites 2\nmembers 3\nbad requests 0\n  # then\n  12.5 s  b3  agent frozen for 4 s, way 1\n");
        assertThat(ScenarioText.of(read))
                .isEqualTo("seed 5\nsites 2\nmembers 3\nbad requests 0.0\n12.5 s b3 agent frozen for 4 s, way 1\n");
    }

    @Test
    void mistakesAreNamedWithTheirLine() {
        rejects("", "it, line 0: expected 'seed …', found ''");
        rejects("sites 2", "it, line 1: expected 'seed …', found 'sites 2'");
        rejects("seed five", "it, line 1: seed must be a whole number, not 'five'");
        rejects("seed 5\nsites 99", "it, line 2: sites must be from 1 to 26, not 99");
        rejects("seed 5\nsites 2\nmembers 2\nbad requests 2", "it, line 4: bad requests must be from 0 to 1, not 2");
        rejects(
                HEAD + "# so\n12.5 s b2 agent thawed for 4 s",
                "it, line 6: there is no trouble 'agent thawed'; there are ");
        rejects(HEAD + "12.5 b2 agent frozen", "it, line 5: expected a trouble like ");
        rejects(HEAD + "12.5 s c1 agent frozen", "it, line 5: there is no node c1 in 2 sites of 2");
        rejects(HEAD + "12.5 s a3 agent frozen", "it, line 5: there is no node a3 in 2 sites of 2");
        rejects(HEAD + "599 s a1 agent frozen for 2 s", "it, line 5: a trouble ends after 600 s");
        rejects(HEAD + "3 s a1 agent frozen\n2 s a1 agent frozen", "it, line 6: troubles must be in the order of time");
        rejects(HEAD + "3 s a1 agent frozen, way 3", "it, line 5: expected a trouble like ");
    }

    private static void rejects(String text, String message) {
        assertThatThrownBy(() -> ScenarioText.parse("it", text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}

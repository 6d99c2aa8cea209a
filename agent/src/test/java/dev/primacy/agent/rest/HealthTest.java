// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which node answers 200 on which path. */
class HealthTest {
    private static final List<String> PATHS = List.of(
            "/",
            "/primary",
            "/read-write",
            "/leader",
            "/multisite/leader",
            "/standby-leader",
            "/replica",
            "/read-only");

    static List<Arguments> nodes() {
        return List.of(
                Arguments.of("leader of the leader site", new Health(true, true, false, true, false), "111110" + "01"),
                Arguments.of(
                        "primary whose right has ended", new Health(true, false, false, true, false), "000000" + "01"),
                Arguments.of("replica", new Health(true, false, true, true, false), "000000" + "11"),
                Arguments.of("replica without read load", new Health(true, false, true, false, false), "000000" + "00"),
                Arguments.of("primary without read load", new Health(true, true, false, false, false), "111110" + "01"),
                Arguments.of("leader of a standby site", new Health(true, false, true, true, true), "000101" + "01"),
                Arguments.of("stopped", new Health(false, false, false, true, false), "000000" + "00"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nodes")
    void answers(String name, Health health, String expected) {
        for (int i = 0; i < PATHS.size(); i++) {
            int code = expected.charAt(i) == '1' ? 200 : 503;
            assertThat(Map.entry(PATHS.get(i), health.code(PATHS.get(i)))).isEqualTo(Map.entry(PATHS.get(i), code));
        }
        assertThat(health.code("/liveness")).isEqualTo(200);
        assertThat(health.code("/nonsense")).isEqualTo(503);
    }
}

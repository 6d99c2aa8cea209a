// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.Tags;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                Arguments.of("leader of the leader site", health(true, true, false, true, false), "111110" + "01"),
                Arguments.of("primary whose right has ended", health(true, false, false, true, false), "000000" + "01"),
                Arguments.of("replica", health(true, false, true, true, false), "000000" + "11"),
                Arguments.of("replica without read load", health(true, false, true, false, false), "000000" + "00"),
                Arguments.of("primary without read load", health(true, true, false, false, false), "111110" + "01"),
                Arguments.of("leader of a standby site", health(true, false, true, true, true), "000101" + "01"),
                Arguments.of("stopped", health(false, false, false, true, false), "000000" + "00"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nodes")
    void answers(String name, Health health, String expected) {
        for (int i = 0; i < PATHS.size(); i++) {
            int code = expected.charAt(i) == '1' ? 200 : 503;
            assertThat(Map.entry(PATHS.get(i), health.code(PATHS.get(i), Map.of())))
                    .isEqualTo(Map.entry(PATHS.get(i), code));
        }
        assertThat(health.code("/liveness", Map.of())).isEqualTo(200);
        assertThat(health.code("/nonsense", Map.of())).isEqualTo(503);
    }

    private static Health health(
            boolean running, boolean primary, boolean standby, boolean balanced, boolean leadsStandbySite) {
        return new Health(
                true,
                running,
                primary,
                standby,
                standby,
                leadsStandbySite,
                Optional.of(false),
                new Health.Behind(0, 0),
                new Tags(JsonObject.parse(balanced ? "{}" : "{\"noloadbalance\":true}")),
                1000);
    }

    private static Health standby(Optional<Boolean> synchronous, boolean streaming) {
        return new Health(
                true,
                true,
                false,
                true,
                streaming,
                false,
                synchronous,
                new Health.Behind(500, 2000),
                new Tags(JsonObject.parse("{\"zone\":\"a\",\"ssd\":true}")),
                1000);
    }

    static List<Arguments> asked() {
        Optional<Boolean> no = Optional.of(false);
        Optional<Boolean> yes = Optional.of(true);
        return List.of(
                Arguments.of("/replica", Map.of("lag", "2000"), standby(no, true), 200),
                Arguments.of("/replica", Map.of("lag", "1999"), standby(no, true), 503),
                Arguments.of("/replica", Map.of("lag", "2kB"), standby(no, true), 200),
                Arguments.of("/replica", Map.of("lag", "a lot"), standby(no, true), 200),
                Arguments.of("/read-only", Map.of("lag", "1kB"), standby(no, true), 503),
                Arguments.of("/replica", Map.of("replication_state", "streaming"), standby(no, true), 200),
                Arguments.of("/replica", Map.of("replication_state", "streaming"), standby(no, false), 503),
                Arguments.of("/replica", Map.of("tag_zone", "a", "tag_ssd", "true"), standby(no, true), 200),
                Arguments.of("/replica", Map.of("tag_zone", "b"), standby(no, true), 503),
                Arguments.of("/replica", Map.of("tag_none", "a"), standby(no, true), 503),
                Arguments.of("/health", Map.of("tag_zone", "b"), standby(no, true), 503),
                Arguments.of("/sync", Map.of(), standby(no, true), 503),
                Arguments.of("/sync", Map.of(), standby(yes, true), 200),
                Arguments.of("/async", Map.of(), standby(no, true), 200),
                Arguments.of("/async", Map.of(), standby(yes, true), 503),
                Arguments.of("/async", Map.of(), standby(Optional.empty(), true), 503),
                Arguments.of("/read-only-sync", Map.of(), standby(yes, true), 200),
                Arguments.of("/read-only-sync", Map.of(), standby(no, true), 503),
                Arguments.of("/readiness", Map.of(), standby(no, true), 503),
                Arguments.of("/readiness", Map.of("mode", "write"), standby(no, true), 200),
                Arguments.of("/readiness", Map.of("lag", "2000"), standby(no, true), 200),
                Arguments.of("/readiness", Map.of("lag", "2000"), standby(no, false), 503),
                Arguments.of("/readiness", Map.of("lag", "2000"), standby(Optional.empty(), true), 503));
    }

    @ParameterizedTest(name = "{0} {1}: {3}")
    @MethodSource("asked")
    void answersByLagAndTags(String path, Map<String, String> query, Health health, int code) {
        assertThat(health.code(path, query)).isEqualTo(code);
    }
}

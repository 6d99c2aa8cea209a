// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CitusGroupTest {
    @ParameterizedTest
    @CsvSource({"0/leader, 0", "12/members/a, 12", "2147483647/x, 2147483647", "3/, 3"})
    void whatLiesInAGroupsScopeIsOfThatGroup(String path, int group) {
        assertThat(CitusGroup.ofPath(path)).hasValue(new CitusGroup(group));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/0/leader",
                "0",
                "leader",
                "members/0",
                "00/leader",
                "-1/leader",
                "2147483648/x",
                "\u0661/x"
            })
    void whatLiesElsewhereIsOfNoGroup(String path) {
        assertThat(CitusGroup.ofPath(path)).isEmpty();
    }
}

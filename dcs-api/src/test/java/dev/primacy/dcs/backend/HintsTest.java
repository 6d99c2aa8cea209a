// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Dcs.Watch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HintsTest {
    private final Hints hints = new Hints();
    private final List<String> heard = new ArrayList<>();

    @Test
    void twoWithOneActionEndOneByOne() {
        Runnable action = () -> heard.add("a hint");
        Watch first = hints.add(action);
        Watch second = hints.add(action);
        hints.give();
        assertThat(heard).hasSize(2);
        first.close();
        first.close();
        hints.give();
        assertThat(heard).hasSize(3);
        assertThat(hints.isEmpty()).isFalse();
        second.close();
        hints.give();
        assertThat(heard).hasSize(3);
        assertThat(hints.isEmpty()).isTrue();
    }

    @Test
    void oneThatThrowsKeepsNobodyElseFromHearing() {
        var unused = List.of(
                hints.add(() -> heard.add("first")),
                hints.add(() -> {
                    throw new IllegalStateException("cannot hear");
                }),
                hints.add(() -> heard.add("last")));
        hints.give();
        assertThat(heard).containsExactly("first", "last");
    }
}

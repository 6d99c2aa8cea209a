// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private final Figures figures = new Figures();

    private static Candidate named(String name) {
        return new Candidate(name, List.of("agent"), Optional.empty());
    }

    @Test
    void ratioOfMedians() {
        List.of(100.0, 900.0, 200.0).forEach(value -> figures.add("outage", named(Candidate.OURS), value));
        List.of(400.0, 300.0, 500.0, 700.0).forEach(value -> figures.add("outage", named(Candidate.PEER), value));
        figures.remark("outage", "one remark");
        assertThat(figures.table().toString())
                .contains("200 (100 - 900, 3)")
                .contains("450 (300 - 700, 4)")
                .contains("0.44")
                .contains("one remark");
    }

    @Test
    void withoutPeer() {
        figures.add("outage", named(Candidate.OURS), 1.5);
        assertThat(figures.table().toString().lines().toList().get(1).split(" {3,}"))
                .startsWith("outage", "1.50 (1.50 - 1.50, 1)", "-", "-");
    }
}

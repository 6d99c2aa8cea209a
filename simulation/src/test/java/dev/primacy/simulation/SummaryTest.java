// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.ha.decide.Decision;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.simulation.Trouble.Kind;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SummaryTest {
    @Test
    void whatWasNeverReachedIsNamed() {
        Tally tally = new Tally();
        tally.befell(Kind.AGENT_FROZEN);
        tally.chose(new Decision.Promote(""), "because");
        tally.chose(new SiteStanding.Leader(1, java.util.Optional.empty(), java.util.Set.of()), "because");
        tally.ended(Duration.ofHours(50).toNanos(), 1234);
        List<String> lines = new Summary(tally).lines(Duration.ofSeconds(4), 2);

        assertThat(lines.get(0))
                .isEqualTo(
                        "1 histories, 2 days of virtual time, 1,234 events; in 4 s on 2 threads: 0.1 histories/s on each");
        String table = String.join("\n", lines);
        assertThat(table)
                .containsPattern("agent frozen +1\\b")
                .containsPattern("node frozen +NEVER\\b")
                .containsPattern("Promote +1\\b")
                .containsPattern("Cancel +NEVER\\b")
                .containsPattern("Refuse +never, as it must be")
                .containsPattern("\\bLeader +1\\b")
                .containsPattern("HandingOver +NEVER\\b")
                .containsPattern("group: takeover +NEVER\\b");
        assertThat(table).contains(names(Decision.class)).contains(names(SiteStanding.class));
        for (Kind kind : Kind.values()) {
            assertThat(table).contains(kind.shown());
        }
    }

    private static List<String> names(Class<?> sealed) {
        return List.of(sealed.getPermittedSubclasses()).stream()
                .map(Class::getSimpleName)
                .toList();
    }

    @Test
    void reasonsOfOneRowAreOne() {
        Tally first = new Tally();
        first.chose(new Decision.Wait(""), "a secondary, and following a leader (a1)");
        first.chose(new Decision.Wait(""), "a secondary, and following a leader (b12)");
        Tally all = new Tally();
        all.add(first);
        all.add(first);
        assertThat(all.reasons())
                .containsExactly(java.util.Map.entry("Wait: a secondary, and following a leader (…)", 4L));
    }

    @Test
    void rowsHaveNoNamesAndNumbers() {
        assertThat(Rows.of("trying to bootstrap from leader 'a2'")).isEqualTo("trying to bootstrap from leader …");
        assertThat(Rows.of("handing over to site b; lag 12 of 400 bytes"))
                .isEqualTo("handing over to site …; lag … of … bytes");
        assertThat(Rows.of("not streaming from a2:5432")).isEqualTo("not streaming from …");
        assertThat(Rows.of("members a1, a2, b1 are a secondary")).isEqualTo("members … are a secondary");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.simulation.Story.Line;
import dev.primacy.simulation.Story.What;
import dev.primacy.simulation.Trouble.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StoryTextTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private final List<Line> lines = new ArrayList<>();

    @Test
    void whatOneTellsInTurnsIsToldOnce() {
        for (int i = 0; i < 5; i++) {
            decides(2 * i, "b1", "Rejoin: not streaming from a" + (i + 1) + ":5432");
            decides(2 * i + 1, "b1", "Wait: 3 s more");
        }
        decides(10, "b1", "Promote: at last");
        assertThat(folded())
                .containsExactly(
                        "    0.000 s  b1     decision  Rejoin: not streaming from a1:5432",
                        "    1.000 s  b1     decision  Wait: 3 s more",
                        "    2.000 s  b1     decision  … and so on, 8 times until 9.000 s",
                        "   10.000 s  b1     decision  Promote: at last");
    }

    @Test
    void whatServersAndLocksDoIsAlwaysTold() {
        for (int i = 0; i < 5; i++) {
            lines.add(new Line(i * SECOND, "a1", What.SERVER, "PRIMARY"));
            lines.add(new Line(i * SECOND, "a", What.LOCK, "nobody leads"));
        }
        assertThat(StoryText.folded(lines)).isEqualTo(lines);
    }

    @Test
    void othersAndAFewRepetitionsAreToldInFull() {
        for (int i = 0; i < 3; i++) {
            decides(2 * i, "a1", "Wait: so");
            decides(2 * i + 1, "a2", "Wait: so");
        }
        assertThat(StoryText.folded(lines)).isEqualTo(lines);
    }

    @Test
    void allIsToldAnewAfterATroubleAndAfterSomeCalm() {
        decides(0, "a1", "Wait: so");
        for (int i = 1; i < 5; i++) {
            decides(i, "a1", "Wait: so");
        }
        lines.add(new Line(5 * SECOND, "b1", What.TROUBLE, "agent frozen"));
        decides(6, "a1", "Wait: so");
        decides(99, "a1", "Wait: so");
        assertThat(folded())
                .containsExactly(
                        "    0.000 s  a1     decision  Wait: so",
                        "    1.000 s  a1     decision  … and so on, 4 times until 4.000 s",
                        "    5.000 s  b1     trouble   agent frozen",
                        "    6.000 s  a1     decision  Wait: so",
                        "   99.000 s  a1     decision  Wait: so");
    }

    @Test
    void whatIsFarFromTroublesAndTheEndIsCounted() {
        for (int second = 0; second < 600; second += 50) {
            decides(second, "a1", "Wait: " + "so ".repeat(1 + second / 50));
        }
        Trouble trouble = new Trouble(98 * SECOND, Kind.AGENT_FROZEN, 0, 100 * SECOND, 0);
        assertThat(StoryText.cut(lines, List.of(trouble), 560 * SECOND))
                .extracting(line -> line.replaceFirst(" s  .*", "").strip())
                .containsExactly(
                        "…  2 lines left out",
                        "100.000",
                        "…  1 line left out",
                        "200.000",
                        "…  5 lines left out",
                        "500.000",
                        "550.000");
    }

    private void decides(int second, String who, String text) {
        lines.add(new Line(second * SECOND, who, What.DECISION, text));
    }

    private List<String> folded() {
        return StoryText.folded(lines).stream().map(Line::toString).toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.simulation.Simulation.Outcome;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

final class PictureTest {
    @Test
    void showsEachNodeAndEachTrouble() throws Exception {
        ExecutorService threads = Threads.pool();
        try {
            Outcome outcome = Simulation.tell(Scenario.of(7, 2, 2), threads);
            String svg = Picture.of(outcome);
            Document picture = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
            assertThat(picture.getDocumentElement().getTagName()).isEqualTo("svg");
            assertThat(svg).contains("site lease", "a leader", "b leader", ">a1<", ">a2<", ">b1<", ">b2<");
            assertThat(svg)
                    .containsPattern("[ab][12] is primary")
                    .containsPattern("[ab][12] is standby leader")
                    .doesNotContain("${");
            for (Trouble trouble : outcome.scenario().troubles()) {
                assertThat(svg).contains(trouble.shown());
            }
        } finally {
            threads.shutdown();
        }
    }
}

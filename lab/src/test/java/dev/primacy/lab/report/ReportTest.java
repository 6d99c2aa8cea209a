// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.lab.verdict.Outcome;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ReportTest {
    private final Run run = StagedRun.run();
    private final String html = Report.html(run);

    @Test
    void needsNothingButItself() throws Exception {
        Files.writeString(Path.of("target", "report.html"), html);
        assertThat(html)
                .doesNotContain("${")
                .doesNotContain("src=")
                .doesNotContain("<link")
                .doesNotContain("<script");
        assertThat(Pattern.compile("https?://(?!www\\.w3\\.org/2000/svg)")
                        .matcher(html)
                        .find())
                .isFalse();
        assertThat(html.length()).isLessThan(500_000);
    }

    @Test
    void thePictureIsWellFormed() throws Exception {
        String svg = html.substring(html.indexOf("<svg"), html.indexOf("</svg>") + 6);
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertThat(document.getElementsByTagName("rect").getLength()).isGreaterThan(30);
    }

    @Test
    void saysWhatHappened() {
        assertThat(html).contains("At no moment did two nodes accept writes.").contains("class=\"passed\"");
        for (Outcome outcome : run.verdict().outcomes()) {
            assertThat(html).contains(outcome.incident().title());
        }
        assertThat(html).contains("fra2 is primary, 39.3 s to 56.1 s").contains("ams holds the site lease, 7");
        assertThat(html).contains("fra is silent, its site lease has not ended, 56.");
    }

    @Test
    void escapesWhatItIsTold() {
        Run odd = new Run(
                java.util.Map.of("<script>", "a & b"), run.sites(), run.time(), List.of(), List.of(), run.verdict());
        assertThat(Report.html(odd)).contains("<dt>&lt;script&gt;</dt><dd>a &amp; b</dd>");
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What people copy out of the guide is what was just tested. */
class GuideTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippetIsCodeOfTheExample() throws IOException {
        Path root = Path.of(System.getProperty("project.root"));
        List<String> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root.resolve("examples/src"))) {
            for (Path file : files.filter(path -> path.toString().matches(".*/examples/backend/\\w+\\.java"))
                    .toList()) {
                sources.add(Files.readString(file));
            }
        }
        List<String> snippets = SNIPPET.matcher(Files.readString(root.resolve("docs/write-a-backend.md")))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(snippets)
                .hasSizeGreaterThan(5)
                .allSatisfy(snippet -> assertThat(sources).as(snippet).anyMatch(source -> source.contains(snippet)));
    }
}

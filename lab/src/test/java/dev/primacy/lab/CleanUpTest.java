// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

@RequiresAgents
class CleanUpTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @Test
    void aClosedGroupLeavesNeitherProcessNorFolder() {
        Path folder;
        List<ProcessHandle> processes;
        try (TestGroup test = new TestGroup("clean-up")) {
            folder = test.group.folder();
            Node node = test.group.nodes().get(0);
            node.start();
            test.await.until("a primary", LIMIT, () -> node.rest().status().role() == Role.PRIMARY);
            processes = node.processes();
            assertThat(processes).hasSizeGreaterThan(8);
            // What outlives its agent must be found too.
            node.freezeAgent();
        }
        assertThat(processes).noneMatch(ProcessTree::runs);
        assertThat(folder).doesNotExist();
    }
}

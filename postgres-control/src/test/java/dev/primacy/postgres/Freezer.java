// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A cgroup whose processes can be paused, as container runtimes pause a container: no process is sent a signal. */
final class Freezer implements AutoCloseable {
    private final Path group;

    /** With these processes, and those that they start from now on. */
    Freezer(String name, List<Long> processes) throws IOException {
        group = root().orElseThrow().resolve(name);
        Files.createDirectory(group);
        for (long process : processes) {
            Files.writeString(group.resolve("cgroup.procs"), Long.toString(process));
        }
    }

    /** Whether this process may make such groups. */
    static boolean works() {
        return root().isPresent();
    }

    private static Optional<Path> root() {
        return List.of(Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/unified")).stream()
                .filter(root -> Files.exists(root.resolve("cgroup.controllers")) && Files.isWritable(root))
                .findFirst();
    }

    void pause() throws Exception {
        Files.writeString(group.resolve("cgroup.freeze"), "1");
        await("the pause", "frozen 1");
    }

    void resume() throws IOException {
        Files.writeString(group.resolve("cgroup.freeze"), "0");
    }

    /** Once its processes have ended. */
    @Override
    public void close() throws Exception {
        resume();
        await("the end of all in " + group, "populated 0");
        Files.delete(group);
    }

    private void await(String what, String event) throws Exception {
        Wait.until(
                what,
                TestServers.LONG,
                () -> Files.readString(group.resolve("cgroup.events")).contains(event));
    }
}

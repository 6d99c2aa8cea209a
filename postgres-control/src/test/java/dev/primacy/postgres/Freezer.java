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

    /** With these processes, as {@link TestServers#signal} takes them, and those that they start from now on. */
    Freezer(String name, String processes) throws IOException {
        group = root().orElseThrow().resolve(name);
        Files.createDirectory(group);
        for (String process : processes.split(" ", -1)) {
            try {
                Files.writeString(group.resolve("cgroup.procs"), process);
            } catch (IOException e) {
                // A worker of PostgreSQL may have ended by itself since it was listed.
                if (Files.exists(Path.of("/proc", process))) {
                    throw e;
                }
            }
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

    /** Ends what is left in it. */
    @Override
    public void close() throws Exception {
        String left = Files.readString(group.resolve("cgroup.procs")).strip().replace('\n', ' ');
        if (!left.isEmpty()) {
            TestServers.signal("KILL", left);
        }
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

// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The server's processes as the operating system shows them, for a server that another agent's guard runs. */
final class ServerProcesses {
    private final Path pidFile;
    private final GuardScript script;
    /** The last one that was looked at closely, which costs a process. */
    private volatile Optional<ProcessHandle> known = Optional.empty();

    ServerProcesses(Path dataDir, GuardScript script) {
        this.pidFile = dataDir.resolve("postmaster.pid");
        this.script = script;
    }

    /** The postmaster named in the data directory, if it really is one and works there. */
    Optional<ProcessHandle> postmaster() {
        Optional<ProcessHandle> named = pid().flatMap(ProcessHandle::of).filter(ServerProcesses::runs);
        if (named.isPresent() && !named.equals(known) && !worksHere(named.get())) {
            return Optional.empty();
        }
        known = named;
        return named;
    }

    /** Removes a lock file of a process that is gone; its number may be taken by a stranger, for good in a container. */
    void removeStalePidFile() throws IOException {
        if (postmaster().isEmpty()) {
            Files.deleteIfExists(pidFile);
        }
    }

    /** Whether the process runs; one that only waits for its parent to take notice does not. */
    static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException e) {
            // The kernel has no such process any more, or ends it while it is asked.
            return false;
        }
    }

    private boolean worksHere(ProcessHandle process) {
        String pids = script.scan("find_all").orThrow();
        return Arrays.asList(pids.strip().split(" ", -1)).contains(Long.toString(process.pid()));
    }

    private Optional<Long> pid() {
        try {
            String first = Files.readString(pidFile).lines().findFirst().orElse("");
            return first.matches("\\d{1,18}") ? Optional.of(Long.parseLong(first)) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new PostgresException("cannot read " + pidFile + ": " + e.getMessage(), e);
        }
    }

    /** Whether the running server says that it takes connections, standbys included. */
    boolean isReady() {
        try {
            return Files.readString(pidFile)
                    .lines()
                    .skip(7)
                    .findFirst()
                    .orElse("")
                    .startsWith("ready");
        } catch (IOException e) {
            // Not there yet, or not any more: the end of the process tells that.
            return false;
        }
    }
}
